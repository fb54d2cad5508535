"""Hangs in collectives with a root and in barriers are told like any others."""

import pytest
from support.machines import network, system

from simastra.errors import Cause, DeadlockError
from simastra.simulation import Options, Simulation, dialect_named
from simastra.trace import CollectiveType, Node, NodeType, Trace, TraceBuilder

NPUS = 4


@pytest.mark.parametrize(
    ("collective", "absent"),
    [
        (CollectiveType.BROADCAST, 0),
        (CollectiveType.SCATTER, 0),
        (CollectiveType.REDUCE, 3),
        (CollectiveType.GATHER, 3),
        (CollectiveType.BARRIER, 2),
    ],
)
def test_a_member_that_never_comes_is_named(collective: CollectiveType, absent: int) -> None:
    traces = [TraceBuilder(npu) for npu in range(NPUS)]
    for npu, trace in enumerate(traces):
        if npu == absent:
            trace.compute("something else", micros=1)
        else:
            trace.collective(collective, "together", size=400)
    options = Options(dialect=dialect_named("hoti2024", extended_collectives=True))
    shape = network(("Switch", NPUS))
    with pytest.raises(DeadlockError) as caught:
        Simulation(Trace.of(traces), system(), shape, options=options).run()
    first = caught.value.waits[0]
    assert (first.cause, first.peers) == (Cause.MISSING_COLLECTIVE, (absent,))
    assert f"takes part in {collective.name}" in first.what


@pytest.mark.parametrize("collective", [CollectiveType.GATHER, CollectiveType.REDUCE])
def test_another_root_is_named(collective: CollectiveType) -> None:
    traces = [
        [Node(1, "x", NodeType.COMM_COLL, comm_type=collective, comm_size=400, comm_src=root)]
        for root in (1, 1, 2, 1)
    ]
    options = Options(dialect=dialect_named("master", extended_collectives=True))
    simulation = Simulation(Trace.of(traces), system(), network(("Switch", NPUS)), options=options)
    with pytest.raises(DeadlockError) as caught:
        simulation.run()
    first = caught.value.waits[0]
    assert first.cause is Cause.COLLECTIVE_MISMATCH
    assert 2 in {first.npu, *first.peers}
    assert {"root 1", "root 2"} <= {first.explanation[at : at + 6] for at in range(200)}
