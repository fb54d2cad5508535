"""Machines that only count have scores, which do what they do in whatever order things happen.

Over the table of algorithms, and what others might add to it: nothing here knows an entry by name.
"""

from collections.abc import Callable
from functools import partial
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.extensions import OWN_ALGORITHMS

from simastra.collectives import (
    ALGORITHMS,
    EXTENDED_COLLECTIVES,
    FOUR_COLLECTIVES,
    Algorithm,
    Exchange,
    LogicalRing,
    Packet,
    PhaseMachine,
    Rooted,
    RootedTree,
    choose,
)
from simastra.collectives.score import (
    Driven,
    NotCounting,
    ScorePlayer,
    check_score,
    drive,
    random_order,
    score_of,
)
from simastra.simulation.promised import has_scores, period
from simastra.trace import CollectiveType

TABLE = {**OWN_ALGORITHMS, **ALGORITHMS}
WINDOWS = ("", "1", "3")
NAMES = [
    f"{name}{window}"
    for name, entry in TABLE.items()
    for window in (WINDOWS if entry.with_window else ("",))
    if has_scores(entry.plain)
]


def in_two_orders(make: Callable[[], PhaseMachine], seed: int) -> tuple[Driven, Driven]:
    """The machine, and its score, in one order of arrivals and admissions."""
    score = ScorePlayer(score_of(make))
    return drive(make(), random_order(seed)), drive(score, random_order(seed))


@st.composite
def rings(draw: st.DrawFn) -> LogicalRing:
    """One member's view of some NPUs, in a process group or not."""
    npus = draw(st.integers(2, 17))
    return LogicalRing(range(npus), draw(st.integers(0, npus - 1)), draw(st.booleans()))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("collective", FOUR_COLLECTIVES, ids=lambda it: it.name)
@given(ring=rings(), turn=st.integers(0, 3), seed=st.integers(0, 10**9))
def test_a_score_does_what_its_machine_does(
    name: str, collective: CollectiveType, ring: LogicalRing, turn: int, seed: int
) -> None:
    algorithm = choose(name, TABLE).algorithm
    if algorithm.problem(collective, len(ring)):
        return
    make = partial(algorithm.machine, collective, 64 * len(ring), ring, turn)
    machine, score = in_two_orders(make, seed)
    assert score == machine


@given(
    collective=st.sampled_from(EXTENDED_COLLECTIVES),
    npus=st.integers(2, 9),
    place=st.integers(0, 8),
    root=st.integers(0, 8),
    radix=st.none() | st.integers(2, 9),
    seed=st.integers(0, 10**9),
)
def test_collectives_with_a_root_have_scores_too(  # drawn
    collective: CollectiveType, npus: int, place: int, root: int, radix: int | None, seed: int
) -> None:
    algorithm = Rooted(root % npus, RootedTree(radix))
    ring = LogicalRing(range(npus), place % npus)
    machine, score = in_two_orders(lambda: algorithm.machine(collective, 640, ring), seed)
    assert has_scores(algorithm)
    assert score == machine


@pytest.mark.parametrize("name", NAMES)
def test_turns_repeat_as_an_algorithm_says(name: str) -> None:
    algorithm = choose(name, TABLE).algorithm
    turns = period(algorithm)
    assert turns is not None
    collective, npus = next(
        it for it in product(FOUR_COLLECTIVES, (8, 5, 6)) if not algorithm.problem(*it)
    )
    for place in range(npus):
        ring = LogicalRing(range(npus), place)
        scores = [
            score_of(partial(algorithm.machine, collective, 8 * npus, ring, turn))
            for turn in range(3 * turns)
        ]
        assert scores == scores[:turns] * 3


class Fickle(PhaseMachine):
    """What it sends when two packets have passed depends on what came before the first of them."""

    def __init__(self) -> None:
        self.came = self.passed = self.first = 0

    def start(self, exchange: Exchange) -> None:
        for _ in range(2):
            exchange.receive(1, 8)
            exchange.admit(Packet(8, reduces=False, toward_memory=True))

    def received(self, exchange: Exchange) -> None:
        self.came += 1
        self._look(exchange)

    def admitted(self, exchange: Exchange) -> None:
        self.passed += 1
        self.first = self.first or self.came
        self._look(exchange)

    def _look(self, exchange: Exchange) -> None:
        if self.came == self.passed == 2:
            exchange.send(1, 8 + self.first)
            exchange.finish()

    def blocks(self) -> list[range]:
        return []


def test_a_machine_that_does_more_than_count_is_found_out() -> None:
    with pytest.raises(NotCounting, match="depends on more than how many"):
        score_of(Fickle)


class Unending(Fickle):
    """It never says that it is over."""

    def _look(self, exchange: Exchange) -> None:
        pass


class Chatty(Fickle):
    """It goes on after its end."""

    def _look(self, exchange: Exchange) -> None:
        exchange.finish()
        exchange.send(1, 8)


def test_a_machine_without_an_end_has_no_score() -> None:
    with pytest.raises(NotCounting, match="doesn't end"):
        score_of(Unending)
    with pytest.raises(NotCounting, match="after its end"):
        score_of(Chatty)


def test_a_wrong_score_is_found_out() -> None:
    ring = LogicalRing(range(4), 0)
    one, other = (choose(name).algorithm for name in ("ring", "direct"))

    def machine(algorithm: Algorithm) -> Callable[[], PhaseMachine]:
        return lambda: algorithm.machine(CollectiveType.ALL_GATHER, 64, ring)

    with pytest.raises(NotCounting):
        check_score(score_of(machine(one)), machine(other), seed=1)
