"""Back and forward, at random: the same position always looks the same."""

from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from seen import Seen, all_seen, plain_result, seen
from support.cases import load_cases, simulation_of
from support.machines import all_reduce_on_ring_of_8, network, system

from simastra import KiB, Simulation, Trace, TraceBuilder
from simastra.debug import AtNode, CommandError, Stepper
from simastra.engine import MessageArrived, Probe
from simastra.result import Result
from simastra.simulation import Options

_LARGEST = 2500  # events of a case: every position of it is looked at in full


@cache
def cases() -> dict[str, Simulation]:
    """One small golden case of each family and dialect."""
    found: dict[str, Simulation] = {}
    for name in ("hoti2024", "master", "multidim_aware"):
        for case in load_cases(name)[::5]:
            kind = f"{name} {case['family']} {case['options'].get('rendezvous-protocol')}"
            if kind not in found and case["npus"] <= 8 and _events(simulation_of(case)) < _LARGEST:
                found[kind] = simulation_of(case)
    return found


def _events(simulation: Simulation) -> int:
    return Stepper(simulation).finish().position


@cache
def known(kind: str) -> tuple[list[Seen], Result]:
    """What each position looks like, and the result of a plain run."""
    return all_seen(cases()[kind]), plain_result(cases()[kind])


def test_there_are_cases_of_many_kinds() -> None:
    assert len(cases()) >= 12


MOVES = st.lists(
    st.tuples(st.sampled_from(("go_to", "back", "step", "tick", "until")), st.floats(0, 1)),
    min_size=1,
    max_size=6,
)


@settings(max_examples=100)
@given(data=st.data(), moves=MOVES, between=st.sampled_from((None, 1, 20, 100)))
def test_every_position_looks_as_it_did_when_it_was_first_passed(
    data: st.DataObject, moves: list[tuple[str, float]], between: int | None
) -> None:
    kind = data.draw(st.sampled_from(sorted(cases())))
    everything, result = known(kind)
    stepper = Stepper(cases()[kind], snapshot_events=between)
    last = len(everything) - 1
    for move, share in moves:
        amount = round(share * last)
        match move:
            case "go_to":
                assert stepper.go_to(amount).position == amount
            case "back" if amount:
                before = stepper.position
                assert stepper.back(amount).position == max(0, before - amount)
            case "step" if amount:
                before = stepper.position
                assert stepper.step(amount).position == min(last, before + amount)
            case "tick":
                stepper.tick()
            case _:
                stepper.until(everything[amount].now)
        assert seen(stepper.state) == everything[stepper.position]
    stepper.finish()
    assert seen(stepper.state) == everything[-1]
    assert stepper.result() == result


def test_a_tick_ends_where_time_goes_on() -> None:
    everything = all_seen(all_reduce_on_ring_of_8())
    stepper = Stepper(all_reduce_on_ring_of_8())
    positions = []
    while not stepper.tick().ended:
        positions.append(stepper.position)
    changes = [before.position for before, after in pairwise(everything) if before.now != after.now]
    assert positions == changes


def test_a_tick_tells_what_all_of_its_events_did() -> None:
    everything = all_seen(all_reduce_on_ring_of_8())
    stepper = Stepper(all_reduce_on_ring_of_8())
    for _ in range(40):
        before = stepper.position
        stop = stepper.tick()
        passed = everything[before + 1 : stop.position + 1]
        assert stop.happened == tuple(it for each in passed for it in each.happened)


def test_until_executes_what_happens_before_and_nothing_else() -> None:
    stepper = Stepper(all_reduce_on_ring_of_8())
    stepper.until(620)
    assert stepper.state.now < 620 == stepper.state.next_time
    at = stepper.position
    assert stepper.until(620).position == at
    assert stepper.until(621).time == 620


def test_going_to_a_time_leads_forward_and_back() -> None:
    stepper = Stepper(all_reduce_on_ring_of_8())
    forward = stepper.go_to_time(50_000)
    assert forward.time < 50_000
    stepper.finish()
    assert stepper.go_to_time(50_000) == forward
    assert stepper.go_to_time(0).position == 0
    assert stepper.go_to_time(10**9).ended


def test_going_too_far_is_refused_and_ends_at_the_end() -> None:
    stepper = Stepper(all_reduce_on_ring_of_8())
    with pytest.raises(CommandError, match="there are only 1,616 events"):
        stepper.go_to(99_999)
    assert stepper.state.ended
    with pytest.raises(CommandError, match="count from 0"):
        stepper.go_to(-1)


def test_going_back_to_where_a_breakpoint_stops() -> None:
    stepper = Stepper(three_computations())
    stepper.breakpoints.add(AtNode(finished=True))
    forward = []
    while not (stop := stepper.resume()).ended:
        forward.append(stop)
    backward = []
    while (stop := stepper.back_to()) is not None:
        backward.append(stop.position)
    assert backward == [stop.position for stop in reversed(forward)]
    assert stepper.position == forward[0].position


def three_computations() -> Simulation:
    trace = TraceBuilder()
    for micros in (1, 2, 3):
        trace.compute(f"work {micros}", micros=micros)
    return Simulation(trace, system(), network(("Ring", 2)))


def test_a_simulation_can_be_stepped_through_and_run_in_any_order() -> None:
    simulation = all_reduce_on_ring_of_8()
    stepped = Stepper(simulation)
    stepped.until(1000)
    assert simulation.run() == stepped.state.run.run()


def test_a_simulation_that_has_run_can_be_stepped_through_from_its_beginning() -> None:
    simulation = all_reduce_on_ring_of_8()
    simulation.run()
    stepper = Stepper(simulation)
    assert stepper.position == stepper.state.now == 0
    assert stepper.finish().time == 117780


@pytest.mark.parametrize("moved", [0, 100, None])
def test_a_run_that_has_gone_on_is_refused(moved: int | None) -> None:
    run = all_reduce_on_ring_of_8().start()
    if moved == 0:
        while not run.processes[0].running:
            run.step()
    else:
        run.env.run(until=moved)
    with pytest.raises(ValueError, match="from its beginning"):
        Stepper(lambda: run)


class Arrivals(Probe):
    """Counts arrivals, and breaks once at the tenth."""

    broken = False

    def __init__(self) -> None:
        self.count = 0

    def on_message_arrived(self, _event: MessageArrived) -> None:
        self.count += 1
        if self.count == 10 and not Arrivals.broken:
            Arrivals.broken = True
            raise KeyboardInterrupt


def test_an_event_that_was_cut_short_is_not_seen() -> None:
    everything = all_seen(all_reduce_on_ring_of_8())
    stepper = Stepper(lambda: all_reduce_on_ring_of_8().start(probes=[Arrivals()]))
    with pytest.raises(KeyboardInterrupt):
        stepper.finish()
    assert 0 < stepper.position < len(everything) - 1
    assert seen(stepper.state).npus == everything[stepper.position].npus
    assert stepper.finish().time == 117780


class Interrupting(Probe):
    """Asks the stepper to stop at the first arrival."""

    def __init__(self, steppers: list[Stepper]) -> None:
        self.steppers = steppers

    def on_message_arrived(self, _event: MessageArrived) -> None:
        for stepper in self.steppers:
            stepper.interrupt()


def test_an_interrupted_move_stops_after_the_event_and_can_go_on() -> None:
    steppers: list[Stepper] = []
    probe = Interrupting(steppers)
    stepper = Stepper(lambda: all_reduce_on_ring_of_8().start(probes=[probe]))
    steppers.append(stepper)
    stop = stepper.resume()
    assert stop.interrupted
    assert not stop.ended
    assert any("arrived" in str(it) for it in stop.happened)
    steppers.clear()
    assert stepper.resume().time == 117780
    steppers.append(stepper)
    assert stepper.back(5).interrupted  # the way there was interrupted: still at the end
    assert stepper.state.ended


def test_a_send_that_waits_for_its_handshake_is_seen_to() -> None:
    options = Options(rendezvous=True)
    trace = [TraceBuilder(npu) for npu in range(2)]
    trace[0].send("a", size=KiB, to=1)
    trace[1].recv("a", size=KiB, source=0)
    simulation = Simulation(Trace.of(trace), system(), network(("Ring", 2)), options=options)
    stepper = Stepper(simulation)
    stepper.go_to(3)
    (handshake,) = stepper.state.posted_receives
    assert (handshake.src, handshake.dst, handshake.handshake) == (1, 0, True)
    assert stepper.finish().time == simulation.run().makespan


def test_stepping_through_nothing() -> None:
    stepper = Stepper(Simulation(TraceBuilder(), system(), network(("Ring", 2))))
    assert stepper.step(5).ended
    assert (stepper.position, stepper.state.now) == (4, 0)  # two processes begin and end
    assert stepper.deadlock() is None
    assert stepper.step().position == 4
