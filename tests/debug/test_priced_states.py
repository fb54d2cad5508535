"""The debugger where collectives are priced: what is under way, and going back."""

from __future__ import annotations

from support.round_prices import LAUNCH, PROTOCOL, RoundPrices

from simastra import CommGroups, NetworkConfig, Simulation, Trace, TraceBuilder
from simastra.debug import State, Stepper
from simastra.debug.snapshots import Snapshots
from simastra.engine import CollectiveEnded, CollectiveMet

BYTES = 10_000


def simulation() -> Simulation:
    """Two collectives at once on each NPU, to which NPU 3 comes late."""
    builders = [TraceBuilder(npu=npu) for npu in range(4)]
    for npu, builder in enumerate(builders):
        before = builder.compute("before", micros=1 + 4 * (npu == 3))
        for group in (1, 2):
            summed = builder.all_reduce(f"sum {group}", size=BYTES, group=group, after=before)
            builder.compute("after", micros=1, after=summed)
    groups = CommGroups.parse({"1": [0, 1, 2, 3], "2": [0, 1, 2, 3]})
    network = NetworkConfig(topology=["Switch"], npus_count=[4], bandwidth=[50], latency=[500])
    return Simulation(
        Trace.of(builders), network=network, comm_groups=groups, calibration=RoundPrices()
    )


def test_an_npu_tells_whom_its_collectives_wait_for_and_when_they_end() -> None:
    state = State(simulation().start())
    while state.now < 2_000 and not state.ended:
        state.execute()
    first, second = state.npu(0).meetings
    assert (first.what, first.since, first.end) == ("ALL_REDUCE of 10,000 bytes", 1_000, None)
    assert first.absent == second.absent == (3,)
    while state.now < 5_000 + LAUNCH + PROTOCOL and not state.ended:
        state.execute()
    state.execute()  # the second's bytes begin, too
    assert [it.slowdown for it in state.npu(0).meetings] == [2, 2]
    assert {it.end for it in state.npu(0).meetings} == {5_000 + LAUNCH + PROTOCOL + 2 * BYTES}


def test_events_of_collectives_are_told() -> None:
    state, told = State(simulation().start()), []
    while not state.ended:
        state.execute()
        told += [it for it in state.happened if isinstance(it, CollectiveMet | CollectiveEnded)]
    assert [type(it) for it in told] == [CollectiveMet] * 2 + [CollectiveEnded] * 2
    assert "NPU 3 last" in str(told[0])
    assert "10,000 of them for sharing links" in str(told[-1])


def test_states_made_of_snapshots_go_on_alike() -> None:
    made = simulation()
    state, snapshots = State(made.start()), Snapshots(3, possible=True)
    rest = []
    while not state.ended:
        state.execute()
        rest.append((state.now, tuple(state.happened)))
        snapshots.look_at(state)
    copies, end = 0, state.position + 1
    while copy := snapshots.before(end):
        copies, end = copies + 1, copy.position
        again = []
        while not copy.ended:
            copy.execute()
            again.append((copy.now, tuple(copy.happened)))
        assert again == rest[end:]
        assert copy.run.result().finishes == state.run.result().finishes
    assert copies > 2


def test_back_is_where_it_was() -> None:
    stepper = Stepper(simulation())
    stepper.step(8)
    before = stepper.state.npu(0)
    stepper.step(4)
    stepper.back(4)
    assert stepper.state.npu(0) == before
