"""What each kind of breakpoint stops at."""

from collections.abc import Callable
from pathlib import Path

import pytest
from machines_seen import incast, two_dimensions, two_npus
from support.machines import all_reduce_on_ring_of_8, network, one_collective, system

from simastra import CollectiveType, MiB, NodeType, Options, Simulation, Trace, TraceBuilder
from simastra.debug import (
    AtEvent,
    AtNode,
    AtPhase,
    AtTime,
    Breakpoint,
    CommandError,
    Condition,
    ConditionalBreakpoint,
    LongQueue,
    NodeFinished,
    NodeIssued,
    NodePattern,
    State,
    Stepper,
    Stop,
)
from simastra.simulation import dialect_named
from simastra.trace import write_trace


def stops(simulation: Simulation, what: Breakpoint) -> list[Stop]:
    """Where a breakpoint stops on the way to the end."""
    stepper = Stepper(simulation)
    stepper.breakpoints.add(what)
    found = []
    while (stop := stepper.resume()).hits:
        found.append(stop)
    assert stop.ended
    return found


@pytest.mark.parametrize(
    ("pattern", "issued"),
    [
        (NodePattern(), [(0, 0), (0, 1), (2000, 0), (3720, 1)]),
        (NodePattern(name="work*"), [(0, 0), (3720, 1)]),
        (NodePattern(number=1), [(0, 0), (0, 1)]),
        (NodePattern(type=NodeType.COMM_RECV), [(0, 1)]),
        (NodePattern(npu=1), [(0, 1), (3720, 1)]),
        (NodePattern(name="work*", npu=1), [(3720, 1)]),
        (NodePattern(name="Work*"), []),
    ],
    ids=str,
)
def test_at_a_node_that_is_issued(pattern: NodePattern, issued: list[tuple[int, int]]) -> None:
    records = two_npus().run().nodes
    expected = {(record.issued, npu) for npu, of_npu in enumerate(records) for record in of_npu}
    assert set(issued) <= expected
    found = [
        (it.time, it.npu)
        for stop in stops(two_npus(), AtNode(pattern))
        for it in stop.happened
        if isinstance(it, NodeIssued) and pattern.matches(it.npu, it.node)
    ]
    assert found == issued


def test_at_a_node_that_is_finished() -> None:
    found = stops(two_npus(), AtNode(NodePattern(name="work*"), issued=False, finished=True))
    assert [stop.time for stop in found] == [2000, 6720]
    assert all(any(isinstance(it, NodeFinished) for it in stop.happened) for stop in found)


def test_at_an_npu() -> None:
    found = stops(two_npus(), AtEvent(1))
    assert [stop.time for stop in found] == [0, 3720, 6720]
    assert all(any(1 in it.npus for it in stop.happened) for stop in found)


def test_at_a_phase_of_a_collective() -> None:
    every = stops(two_dimensions(), AtPhase())
    each = [stops(two_dimensions(), AtPhase(phase_index=index)) for index in (1, 2, 3, 4)]
    assert all(each[:3])
    assert not each[3]  # reduce-scatter, all-reduce, all-gather: there is no fourth
    positions = [stop.position for turn in each for stop in turn]
    assert sorted(set(positions)) == [stop.position for stop in every]
    assert all("REDUCE_SCATTER of 524,288 B" in stop.hits[0].reason for stop in each[0])
    assert all("ALL_REDUCE of 131,072 B" in stop.hits[0].reason for stop in each[1])
    assert all("ALL_GATHER" in stop.hits[0].reason for stop in each[2])


def test_a_stop_bears_the_event_that_it_is_about() -> None:
    """Whatever else the event did; breakpoints about states bear none."""
    for what in (AtNode(), AtNode(issued=False, finished=True), AtPhase(), AtPhase(step=3)):
        hits = [(stop, stop.hits[0]) for stop in stops(two_dimensions(), what)]
        assert hits
        assert all(it.event in stop.happened and it.reason == f"{it.event}" for stop, it in hits)
    assert {stop.hits[0].event for stop in stops(two_npus(), AtTime(3720))} == {None}


def test_at_a_step_of_a_phase() -> None:
    """Among 8, a ring all-reduce takes 14 steps; chunks go one after the other."""
    of_npu_2 = NodePattern(npu=2)
    found = stops(all_reduce_on_ring_of_8(), AtPhase(of_npu_2, step=14))
    assert len(found) == 4
    assert not stops(all_reduce_on_ring_of_8(), AtPhase(of_npu_2, step=15))
    assert all("step 14 of phase 1 of stream" in stop.hits[0].reason for stop in found)


def test_at_a_link_with_a_long_queue_each_time_that_it_becomes_so() -> None:
    """All seven come to the switch at once: one is on the wire to NPU 0, six wait."""
    lengths = [len(link.waiting) for link in _fullest(incast()).links]
    assert max(lengths) == 6
    for longer_than, expected in ((0, 1), (4, 1), (5, 1), (6, 0)):
        assert len(stops(incast(), LongQueue(longer_than, 8, 0))) == expected
    assert len(stops(incast(), LongQueue(2))) == 1
    assert not stops(incast(), LongQueue(0, 1, 8))


def _fullest(simulation: Simulation) -> State:
    stepper = Stepper(simulation)
    stepper.breakpoints.add(LongQueue(5))
    stepper.resume()
    return stepper.state


def test_at_a_time_once() -> None:
    (stop,) = stops(two_npus(), AtTime(3000))
    assert (stop.time, stop.happened[0].time) == (2000, 2000)
    assert not stops(two_npus(), AtTime(10**6))


def test_at_a_condition_when_it_becomes_true() -> None:
    flights = stops(incast(), Condition(lambda state: len(state.in_flight) > 3))
    assert len(flights) == 1
    (both,) = stops(
        two_npus(), ConditionalBreakpoint(AtEvent(1), Condition(lambda state: state.now > 5000))
    )
    assert both.time == 6720


def test_a_temporary_breakpoint_stops_once() -> None:
    stepper = Stepper(incast())
    stepper.breakpoints.add(AtNode(finished=True), temporary=True)
    assert stepper.resume().hits
    assert not len(stepper.breakpoints)
    assert stepper.resume().ended


def test_a_breakpoint_can_be_disabled_and_removed() -> None:
    stepper = Stepper(two_npus())
    first = stepper.breakpoints.add(AtEvent(0))
    second = stepper.breakpoints.add(AtNode(NodePattern(name="work after")))
    stepper.breakpoints.enable(first.number, enabled=False)
    assert [hit.number for hit in stepper.resume().hits] == [second.number]
    stepper.breakpoints.remove(second.number)
    stepper.breakpoints.enable(first.number)
    stepper.go_to(0)
    assert [hit.number for hit in stepper.resume().hits] == [first.number]
    with pytest.raises(CommandError, match="there is no breakpoint 2; set are 1"):
        stepper.breakpoints.remove(second.number)


def test_a_breakpoint_on_the_way_stops_other_moves_too() -> None:
    moves: list[Callable[[Stepper], Stop]] = [
        lambda stepper: stepper.step(10**6),
        lambda stepper: stepper.until(10**6),
        lambda stepper: stepper.next_of(1),
        lambda stepper: stepper.next_finished(NodePattern(name="work after")),
    ]
    for move in moves:
        stepper = Stepper(two_npus())
        stepper.next_of(1)
        stepper.breakpoints.add(AtNode(NodePattern(name="send")))
        stop = move(stepper)
        assert [hit.number for hit in stop.hits] == [1]
        assert stop.time == 2000
    assert stepper.finish().ended


def test_the_next_events_of_an_npu_and_of_nodes() -> None:
    stepper = Stepper(two_npus())
    assert stepper.next_issued().time == 0
    assert stepper.next_finished().time == 2000
    assert stepper.next_issued(NodePattern(npu=1)).time == 3720
    assert stepper.next_of(0).ended  # 0 has nothing left but the end of its process
    stepper.go_to(0)
    assert stepper.next_of(1).position == 2


def test_a_large_all_reduce_is_the_same_however_it_is_stopped() -> None:
    simulation = Simulation(
        one_collective(CollectiveType.ALL_REDUCE, MiB), system(), network(("Ring", 8))
    )
    found = stops(simulation, AtNode(issued=True, finished=True))
    assert len({stop.position for stop in found}) == len(found)
    assert simulation.run().makespan == 117780


def test_at_a_step_of_a_collective_that_is_played_from_ets(tmp_path: Path) -> None:
    parts = []
    for npu in range(2):
        part = TraceBuilder(npu)
        for tag in range(3):
            part.send(f"send {tag}", size=64, to=1 - npu, tag=tag)
            part.recv(f"receive {tag}", size=64, source=1 - npu, tag=tag)
        parts.append(part)
    write_trace(tmp_path / "exchange", Trace.of(parts))
    simulation = Simulation(
        one_collective(CollectiveType.ALL_REDUCE),
        system(all_reduce_implementation_custom=[str(tmp_path / "exchange")]),
        network(("Ring", 2)),
        options=Options(dialect=dialect_named("master")),
    )
    (third,) = stops(simulation, AtPhase(NodePattern(npu=1), step=3))
    assert "step 3 of phase 1 of stream 0" in third.hits[0].reason
    assert not stops(simulation, AtPhase(NodePattern(npu=1), step=4))
    (begun,) = stops(simulation, AtPhase(NodePattern(npu=1)))
    assert begun.hits[0].reason.endswith("ETs of its own among NPUs 0, 1")
