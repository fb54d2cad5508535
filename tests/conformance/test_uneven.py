"""Algorithms that promise to run uneven collectives move every part, whatever its size.

Messages meet by their sizes too: a member that expects another size than is sent waits for ever.
"""

from collections import Counter
from collections.abc import Callable, Sequence

import pytest
from clockless import Execution, Executor
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from simastra.collectives import (
    ALGORITHMS,
    UNEVEN_COLLECTIVES,
    Algorithm,
    LogicalRing,
    StepwiseAlgorithm,
    UnevenRunner,
    choose,
)
from simastra.collectives.algorithms.hierarchical import Hierarchical
from simastra.collectives.algorithms.stepwise_algorithms import STEPWISE_ALGORITHMS
from simastra.collectives.part_sizes import PartSizes
from simastra.collectives.uneven import UnevenAlgorithm
from simastra.trace import CollectiveType

NAMES = [*ALGORITHMS, "direct1", "direct2"]
MEMBERS = (2, 3, 4, 5, 8)


def algorithm(name: str) -> Algorithm:
    return choose(name).algorithm


def runner(name: str) -> UnevenRunner:
    found = algorithm(name)
    assert isinstance(found, UnevenRunner)  # as it promises
    return found


def members_of(name: str, collective: CollectiveType) -> list[int]:
    """Numbers of members among which it runs an uneven collective."""
    found = algorithm(name)
    return [it for it in MEMBERS if found.runs_uneven and not found.problem(collective, it)]


COMBINATIONS = [
    (name, collective)
    for name in NAMES
    for collective in UNEVEN_COLLECTIVES
    if members_of(name, collective)
]
every_combination = pytest.mark.parametrize(("name", "collective"), COMBINATIONS)

sizes = st.integers(0, 5) | st.integers(0, 100_000)


class Order:
    """Picks what happens next by numbers, over and over."""

    def __init__(self, numbers: Sequence[int]) -> None:
        self.numbers = numbers
        self.turn = 0

    def __call__(self, count: int) -> int:
        self.turn += 1
        return self.numbers[self.turn % len(self.numbers)] % count


orders = st.lists(st.integers(0, 1000), min_size=1, max_size=40).map(Order)


def rows_of(
    collective: CollectiveType, npus: int
) -> st.SearchStrategy[tuple[tuple[int, ...], ...]]:
    row = st.lists(sizes, min_size=npus, max_size=npus).map(tuple)
    count = npus if collective is CollectiveType.ALL_TO_ALL else 1
    return st.lists(row, min_size=count, max_size=count).map(tuple)


def rings(npus: int, *, clockwise: bool, in_group: bool) -> list[LogicalRing]:
    members = tuple(range(3, 3 + 5 * npus, 5))
    views = [LogicalRing(members, it, is_group=in_group) for it in range(npus)]
    if clockwise:
        return views
    return sorted((view.reversed() for view in views), key=lambda view: view.position)


def execute(
    made: Algorithm,
    collective: CollectiveType,
    views: list[LogicalRing],
    order: Callable[[int], int],
) -> Execution:
    return Executor(made, collective, 0, views, order).run()


def check_parts(
    collective: CollectiveType,
    rows: tuple[tuple[int, ...], ...],
    views: list[LogicalRing],
    outcome: Execution,
) -> None:
    """Every part that has bytes is where it belongs."""
    npus = len(views)
    everybody = frozenset(range(npus))
    for view, held in zip(views, outcome.holdings, strict=True):
        place = view.position
        at = range(npus) if view.clockwise else range(npus)[::-1]
        for other in range(npus):
            match collective:
                case CollectiveType.ALL_TO_ALL if rows[at[other]][at[place]]:
                    assert held[other * npus + place] == frozenset({other})
                case CollectiveType.ALL_GATHER if rows[0][at[other]]:
                    assert held[other] == frozenset({other})
                case CollectiveType.REDUCE_SCATTER if other == place and rows[0][at[place]]:
                    assert held[place] == everybody
                case _:
                    pass


@every_combination
@settings(max_examples=50)
@given(data=st.data(), order=orders, clockwise=st.booleans(), in_group=st.booleans())
def test_every_part_gets_where_it_belongs_in_any_order(
    name: str,
    collective: CollectiveType,
    data: st.DataObject,
    order: Order,
    clockwise: bool,  # noqa: FBT001  # hypothesis passes it by name
    in_group: bool,  # noqa: FBT001
) -> None:
    npus = data.draw(st.sampled_from(members_of(name, collective)))
    rows = data.draw(rows_of(collective, npus))
    line = PartSizes(rows).along([npus], 0, 0)
    views = rings(npus, clockwise=clockwise, in_group=in_group)
    outcome = execute(UnevenAlgorithm(runner(name), line, 0, 1), collective, views, order)
    check_parts(collective, rows, views, outcome)
    assert all(it.size for it in outcome.sent)


@every_combination
@settings(max_examples=20)
@given(data=st.data(), share=st.integers(1, 1000), in_group=st.booleans())
def test_equal_parts_are_sent_as_in_the_plain_collective(
    name: str,
    collective: CollectiveType,
    data: st.DataObject,
    share: int,
    in_group: bool,  # noqa: FBT001
) -> None:
    npus = data.draw(st.sampled_from(members_of(name, collective)))
    rows = ((share,) * npus,) * (npus if collective is CollectiveType.ALL_TO_ALL else 1)
    line = PartSizes(rows).along([npus], 0, 0)
    views = rings(npus, clockwise=True, in_group=in_group)
    size = share if collective is CollectiveType.ALL_GATHER else share * npus
    first = Order([0])
    uneven = execute(UnevenAlgorithm(runner(name), line, 0, 1), collective, views, first)
    plain = Executor(algorithm(name), collective, size, views, Order([0])).run()
    assert [(it.position, it.size) for it in uneven.sent] == [
        (it.position, it.size) for it in plain.sent
    ]


levels = st.sampled_from([it for it in STEPWISE_ALGORITHMS.values() if it.runs_uneven])


@given(
    data=st.data(),
    inner=levels,
    outer=levels,
    sizes=st.tuples(st.integers(1, 4), st.integers(1, 4)),
    collective=st.sampled_from(UNEVEN_COLLECTIVES),
    order=orders,
)
def test_two_levels_move_every_part(
    data: st.DataObject,
    inner: StepwiseAlgorithm,
    outer: StepwiseAlgorithm,
    sizes: tuple[int, int],
    collective: CollectiveType,
    order: Order,
) -> None:
    npus, made = sizes[0] * sizes[1], Hierarchical(sizes[0], inner, outer)
    assume(npus > 1 and made.problem(collective, npus) is None)
    rows = data.draw(rows_of(collective, npus))
    line = PartSizes(rows).along([npus], 0, 0)
    views = rings(npus, clockwise=True, in_group=False)
    outcome = execute(UnevenAlgorithm(made, line, 0, 1), collective, views, order)
    check_parts(collective, rows, views, outcome)


@pytest.mark.parametrize("name", ["direct", "pairwise"])
@given(rows=st.sampled_from((2, 3, 5)).flatmap(lambda n: rows_of(CollectiveType.ALL_TO_ALL, n)))
def test_straight_ways_carry_each_part_once(name: str, rows: tuple[tuple[int, ...], ...]) -> None:
    npus = len(rows)
    parts = PartSizes(rows)
    made = UnevenAlgorithm(runner(name), parts.along([npus], 0, 0), 0, 1)
    views = rings(npus, clockwise=True, in_group=False)
    outcome = execute(made, CollectiveType.ALL_TO_ALL, views, Order([0]))
    sent: Counter[int] = Counter()
    for it in outcome.sent:
        sent[it.position] += it.size
    assert [sent[it] for it in range(npus)] == [parts.sent(it) for it in range(npus)]


@given(
    rows=st.integers(2, 5).flatmap(lambda n: rows_of(CollectiveType.ALL_TO_ALL, n)),
    chunks=st.integers(1, 9),
)
def test_chunks_together_have_every_byte_of_each_part(
    rows: tuple[tuple[int, ...], ...], chunks: int
) -> None:
    npus = len(rows)
    line = PartSizes(rows).along([npus], 0, 0)
    total: Counter[tuple[int, int]] = Counter()
    for chunk in range(chunks):
        made = UnevenAlgorithm(runner("pairwise"), line, chunk, chunks)
        views = rings(npus, clockwise=True, in_group=False)
        outcome = execute(made, CollectiveType.ALL_TO_ALL, views, Order([0]))
        for it in outcome.sent:
            (block,) = it.blocks
            total[divmod(block, npus)] += it.size
    others = [(a, b) for a in range(npus) for b in range(npus) if a != b]
    assert [total[it] for it in others] == [rows[a][b] for a, b in others]


@given(
    lengths=st.lists(st.integers(2, 3), min_size=1, max_size=3),
    data=st.data(),
)
def test_along_dimensions_every_line_has_what_goes_that_way(
    lengths: list[int], data: st.DataObject
) -> None:
    npus = 1
    for length in lengths:
        npus *= length
    rows = data.draw(rows_of(CollectiveType.ALL_TO_ALL, npus))
    parts = PartSizes(rows)
    below = 1
    for dimension, length in enumerate(lengths):
        # Every byte whose ends differ along a dimension crosses it once, and no other.
        crossing = sum(
            rows[a][b]
            for a in range(npus)
            for b in range(npus)
            if a // below % length != b // below % length
        )
        carried = 0
        for position in range(npus):
            line = parts.along(lengths, dimension, position)
            place = position // below % length
            carried += sum(line.rows[place]) - line.rows[place][place]
        assert carried == crossing
        below *= length
