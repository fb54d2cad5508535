"""What is wrong in a mission has the stated remedy and no other."""

from collections.abc import Iterator
from itertools import combinations

import pytest
from support.mission_scores import refusal, stars

from simastra import DeadlockError
from simastra.notebook.missions.diagnosis.broken_link import LINKS, BrokenLink
from simastra.notebook.missions.diagnosis.curve import CurveFit
from simastra.notebook.missions.diagnosis.deadlocks.absent import Absent
from simastra.notebook.missions.diagnosis.deadlocks.disorder import Disorder
from simastra.notebook.missions.diagnosis.deadlocks.exchange import MarginExchange
from simastra.notebook.missions.diagnosis.deadlocks.hang import Hang
from simastra.notebook.missions.diagnosis.deadlocks.program import Deed
from simastra.notebook.missions.diagnosis.deadlocks.wrong_tag import WrongTag
from simastra.notebook.missions.diagnosis.nanoseconds import Nanoseconds
from simastra.notebook.missions.diagnosis.slow_npu import NPUS as SCATTERING
from simastra.notebook.missions.diagnosis.slow_npu import SlowNpu

# Deadlocks


def swaps(posed: Hang) -> Iterator[tuple[int, str, str]]:
    for npu in range(len(posed.program.npus)):
        for pair in combinations(posed.program.names(npu), 2):
            yield (npu, *pair)


def tags(posed: Hang) -> Iterator[tuple[int, str, int]]:
    for npu, steps in enumerate(posed.program.npus):
        for step in steps:
            if step.deed is not Deed.COMPUTE:
                yield from ((npu, step.name, tag) for tag in range(8) if tag != step.tag)


def insertions(posed: Hang) -> Iterator[tuple[int, str, str]]:
    every = {name for npu in range(8) for name in posed.program.names(npu)}
    for npu in range(8):
        names = posed.program.names(npu)
        for name in every - set(names):
            yield from ((npu, name, before) for before in (*names, "end"))


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize(
    ("kind", "moves", "cause"),
    [
        (WrongTag, tags, "tag mismatch"),
        (Disorder, swaps, "collectives in different order, kind or size"),
        (MarginExchange, swaps, "partner waits"),
        (Absent, insertions, "missing collective"),
    ],
)
def test_a_deadlock_is_what_it_is_said_to_be_and_one_move_makes_it_as_it_was(
    kind: type[Hang], moves: object, cause: str, seed: int
) -> None:
    posed = kind(seed)
    with pytest.raises(DeadlockError) as stopped:
        posed.simulation.run()
    assert stopped.value.waits[0].cause.value == cause
    assert callable(moves)
    right = [move for move in moves(posed) if posed._mended(move) == posed._meant]
    (answer,) = [right[0]]
    assert len(right) == 1
    assert {*answer[1:]} == {*posed.par()[1:]}  # type: ignore[index]  # a triple
    assert posed.score(answer).stars == 3


@pytest.mark.parametrize("kind", [WrongTag, Disorder, MarginExchange, Absent])
def test_of_other_moves_the_few_that_end_get_two_stars_and_the_rest_none(kind: type[Hang]) -> None:
    posed = kind(5)
    moves = {WrongTag: tags, Absent: insertions}.get(kind, swaps)(posed)
    tried = [*moves][::19]
    given = stars(posed, tried)
    assert set(given) <= {0, 2, 3}
    assert given.count(0) > len(given) / 2


def test_in_an_exchange_the_right_neighbour_may_send_first_for_two_stars() -> None:
    posed = MarginExchange(2)
    npu, receive, _ = posed.par()
    turn = receive.split()[-1]
    score = posed.score((npu + 1, f"receive left {turn}", f"send left {turn}"))
    assert (score.stars, "but" in score.remark) == (2, True)


def test_a_node_isnt_swapped_with_itself_nor_added_twice() -> None:
    assert "itself" in refusal(MarginExchange(0), (0, "stencil 0", "stencil 0"))
    absent = Absent(0)
    there = absent.program.names(0)[1]
    assert "already" in refusal(absent, (0, there, "end"))


# Diagnoses


@pytest.mark.parametrize("seed", range(4))
def test_the_slow_ways_are_those_over_one_link_and_no_other(seed: int) -> None:
    posed = BrokenLink(seed)
    leaf, spine, part = posed.par()
    slow = {pair for pair, time in posed.measured.items() if time > posed.usual[pair]}
    fitting = [link for link in LINKS if posed._passing(link) == slow]
    assert fitting == [(leaf, spine)]
    assert posed.score((spine, leaf, part)).stars == 3


def test_another_link_gets_nothing_and_another_rate_less() -> None:
    posed = BrokenLink(3)
    leaf, spine, part = posed.par()
    others = [(*link, part) for link in LINKS if link != (leaf, spine)]
    assert stars(posed, others) == [0] * len(others)
    assert stars(posed, [(leaf, spine, 1.1 * part), (leaf, spine, part / 4)]) == [2, 1]


@pytest.mark.parametrize("seed", range(8))
def test_the_slow_npu_is_told_from_those_that_scatter(seed: int) -> None:
    posed = SlowNpu(seed)
    npu, speed = posed.par()
    assert posed.score((npu, speed)).stars == 3
    assert posed.score(((npu + 1) % SCATTERING, speed)).stars == 0


def test_speeds_that_are_nearly_right_get_less() -> None:
    posed = SlowNpu(1)
    npu, speed = posed.par()
    assert stars(posed, [(npu, 0.93 * speed), (npu, 0.5 * speed)]) == [2, 1]


@pytest.mark.parametrize("seed", range(8))
def test_a_fitted_line_predicts_sizes_that_nobody_told(seed: int) -> None:
    posed = CurveFit(seed)
    par = posed.par()
    assert posed.score(par).stars == 3
    double = {key: 2 * value for key, value in par.items()}
    assert posed.score(double).stars == 0
    one = {**par, "latency": 1.3 * par["latency"]}
    assert posed.score(one).stars < 3


@pytest.mark.parametrize("seed", range(12))
def test_nanoseconds_sum_to_the_whole_and_count_where_they_belong(seed: int) -> None:
    posed = Nanoseconds(seed)
    times = dict(posed.par())
    assert sum(times.values()) == posed.makespan
    assert posed.score(times).stars == 3
    moved = {**times, "compute": times["compute"] - 1, "latency": times["latency"] + 1}
    assert posed.score(moved).stars == 2
    assert posed.score({"compute": posed.makespan}).stars == 0
    assert "these are" in refusal(posed, {**times, "compute": times["compute"] - 1})
