"""Nodes by kind: as many, in the same order, as they are in the program."""

from array import array

from hypothesis import given
from hypothesis import strategies as st
from support.machines import network, system

from simastra import Simulation, Trace, TraceBuilder
from simastra.simulation.measures.communicating import ByKind, MessageKind, communicating
from simastra.system import CustomCollectives
from simastra.workload import Collective


@given(st.lists(st.integers(0, 4), max_size=8))
def test_what_is_told_of_some_kinds_leaves_the_nodes_of_others_out(which: list[int]) -> None:
    nodes = ByKind(array("i", range(10, 10 + len(which))), which, "abcde")
    told = nodes.told(lambda kind: kind.upper() if kind in "bd" else None)
    assert list(told) == [(index, kind.upper()) for index, kind in nodes if kind in "bd"]
    assert dict(nodes.told(str).counted()) == {
        it: which.count("abcde".index(it)) for it, _ in nodes.counted()
    }
    assert len(nodes) == len(which)


def test_collectives_and_messages_come_in_the_order_of_their_nodes() -> None:
    builders = [TraceBuilder(npu) for npu in range(2)]
    for npu, trace in enumerate(builders):
        trace.send("out", to=1 - npu, size=8)
        trace.all_reduce("sum", size=64)
        trace.recv("in", source=1 - npu, size=8)
        trace.send("again", to=1 - npu, size=8)
        trace.all_reduce("sum again", size=64)
    simulation = Simulation(Trace.of(builders), system(), network(("Ring", 2)))
    found = communicating(simulation.experiment.programs[0], CustomCollectives({}, {}, {}))
    sent, received = (MessageKind(it, partner=1, size=8) for it in (True, False))
    sizes = [it if isinstance(it, MessageKind) else it.size for _, it in found]
    assert sizes == [sent, 64, received, sent, 64]
    assert list(found.index) == [0, 1, 2, 3, 4]
    assert [count for _, count in found.counted()] == [2, 2, 1]
    assert sum(isinstance(it, Collective) for it in found.kinds) == 1
