"""The extended collectives move the right data, whatever order the network chooses."""

import pytest
from clockless import Executor
from hypothesis import given
from hypothesis import strategies as st
from support.machines import network, system

from simastra import MiB, Options, Simulation, Trace, TraceBuilder, TraceError
from simastra.collectives import EXTENDED_COLLECTIVES, LogicalRing, Rooted, RootedTree
from simastra.simulation import dialect_named
from simastra.trace import CollectiveType

EXTENDED = Options(dialect=dialect_named("hoti2024", extended_collectives=True))

TREES = st.none() | st.builds(RootedTree, st.none() | st.integers(2, 7))


@pytest.mark.parametrize("collective", EXTENDED_COLLECTIVES)
@given(data=st.data(), npus=st.integers(2, 17), turned=st.booleans())
def test_everybody_ends_with_what_the_collective_promises(
    collective: CollectiveType, data: st.DataObject, npus: int, *, turned: bool
) -> None:
    tree = data.draw(TREES, "tree")
    root = data.draw(st.integers(0, npus - 1), "root")
    members = tuple((7 * index) % 31 + 2 for index in range(npus))
    views = [LogicalRing(members, index) for index in range(npus)]
    if turned:  # a queue that runs anticlockwise
        views = sorted((view.reversed() for view in views), key=lambda view: view.position)
        root = npus - 1 - root
    choices = data.draw(st.randoms(use_true_random=False), "order")
    outcome = Executor(
        Rooted(views[0].members[root], tree),
        collective,
        1000 * npus,
        views,
        choices.randrange,
    ).run()
    everyone = frozenset(range(npus))
    for position, holdings in enumerate(outcome.holdings):
        match collective:
            case CollectiveType.BROADCAST:
                assert holdings == {0: {root}}
            case CollectiveType.SCATTER:
                assert holdings[position] == {root}
            case CollectiveType.GATHER if position == root:
                assert holdings == {origin: {origin} for origin in everyone}
            case CollectiveType.REDUCE if position == root:
                assert holdings == {0: everyone}
            case _:
                pass
    if collective is not CollectiveType.BARRIER:
        assert len(outcome.sent) == npus - 1


@pytest.mark.parametrize("npus", [2, 3, 4, 5, 8])
@pytest.mark.parametrize("late", [0, 1])
def test_nobody_leaves_a_barrier_before_the_last_has_come(npus: int, late: int) -> None:
    traces = []
    for npu in range(npus):
        trace = TraceBuilder()
        work = trace.compute("work", micros=700 if npu == late else 3 + npu)
        trace.collective(CollectiveType.BARRIER, "barrier", size=0, after=work)
        traces.append(trace)
    result = Simulation(
        Trace.of(traces), system(), network(("FullyConnected", npus)), options=EXTENDED
    ).run()
    rounds = (npus - 1).bit_length()
    assert all(cycles > 700_000 for cycles in result.cycles.values())
    assert max(result.cycles.values()) == 700_000 + 10 + rounds * (500 + 10)


def test_a_broadcast_takes_as_many_steps_as_the_tree_is_deep() -> None:
    trace = TraceBuilder()
    trace.collective(CollectiveType.BROADCAST, "broadcast", size=MiB)
    config = system(preferred_dataset_splits=1)
    result = Simulation(trace, config, network(("FullyConnected", 8)), options=EXTENDED).run()
    hop = int(500 + MiB / 53.6870912)
    depth = {0: 0, 1: 1, 2: 1, 3: 2, 4: 1, 5: 2, 6: 2, 7: 3}
    assert result.cycles == {npu: 10 + deep * (hop + 10) for npu, deep in depth.items()}


def test_a_collective_over_some_dimensions_has_a_root_on_each_line() -> None:
    trace = TraceBuilder()
    trace.collective(CollectiveType.REDUCE, "reduce", size=1000, dims=[True, False])
    shape = network(("FullyConnected", 2), ("FullyConnected", 3))
    result = Simulation(trace, system(preferred_dataset_splits=1), shape, options=EXTENDED).run()
    roots, others = {0, 2, 4}, {1, 3, 5}
    assert {npu for npu, cycles in result.cycles.items() if cycles == 10} == others
    assert {npu for npu, cycles in result.cycles.items() if cycles > 500} == roots


def test_reduce_scatter_block_is_a_reduce_scatter() -> None:
    def cycles(collective: CollectiveType) -> dict[int, int]:
        trace = TraceBuilder()
        trace.collective(collective, "c", size=MiB)
        return Simulation(trace, system(), network(("Ring", 8)), options=EXTENDED).run().cycles

    blocks = cycles(CollectiveType.REDUCE_SCATTER_BLOCK)
    assert blocks == cycles(CollectiveType.REDUCE_SCATTER) == dict.fromkeys(range(8), 86420)


def test_without_the_option_they_are_refused_by_name() -> None:
    trace = TraceBuilder()
    trace.collective(CollectiveType.GATHER, "g", size=MiB)
    with pytest.raises(TraceError, match=r"node 1: 'g': GATHER isn't simulated.*--extended-coll"):
        Simulation(trace, system(), network(("Ring", 8)))
