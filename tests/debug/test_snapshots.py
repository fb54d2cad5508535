"""A state made anew from a snapshot goes on as the one that it was taken of."""

from collections.abc import Iterator

import pytest
from seen import plain_result, seen
from support.cases import Case, load_cases, simulation_of
from support.machines import all_reduce_on_ring_of_8, network, system

from simastra import KiB, Simulation, TraceBuilder
from simastra.debug import State, Stepper
from simastra.debug.snapshots import Snapshots
from simastra.engine import ModelEvent, Probe
from simastra.simulation import Options, Run

_MOST_EVENTS = 4000


def events(state: State) -> Iterator[tuple[int, tuple[ModelEvent, ...]]]:
    """When each event that is left happens, and what it does."""
    while not state.ended:
        state.execute()
        yield state.now, tuple(state.happened)


def assert_goes_on_alike(simulation: Simulation) -> int:
    """Compare every state made of a snapshot with the rest of a run that has none.

    Returns:
        how many there were.
    """
    original = list(events(State(simulation.start())))
    snapshots = Snapshots(1 + len(original) // 5, possible=True)
    state, result = State(simulation.start()), plain_result(simulation)
    for _ in events(state):
        snapshots.look_at(state)
    copies, end = 0, state.position + 1
    while copy := snapshots.before(end):
        copies, end = copies + 1, copy.position
        again = State(simulation.start())
        again.replay(copy.position)
        assert seen(copy) == seen(again)
        assert list(events(copy)) == original[end:]
        assert copy.run.result() == result
    return copies


def small_cases(name: str) -> list[Case]:
    """One of each family, with and without rendezvous."""
    found: dict[object, Case] = {}
    for case in load_cases(name):
        kind = case["family"], case["backend"], case["options"].get("rendezvous-protocol")
        if case["npus"] <= 16:
            found.setdefault(kind, case)
    return list(found.values())


@pytest.mark.parametrize("name", ["hoti2024", "master", "multidim_aware"])
def test_golden_cases_go_on_alike(name: str) -> None:
    copies = 0
    for case in small_cases(name):
        simulation = simulation_of(case)
        if len(list(events(State(simulation.start())))) <= _MOST_EVENTS:
            copies += assert_goes_on_alike(simulation)
    assert copies >= 10


NETWORKS = {
    "fluid": Options(backend="fluid"),
    "congestion unaware": Options(backend="congestion-unaware"),
}


@pytest.mark.parametrize("options", NETWORKS.values(), ids=NETWORKS)
def test_other_backends_go_on_alike(options: Options) -> None:
    trace = TraceBuilder()
    for micros in (1, 2):
        trace.compute("work", micros=micros)
        trace.all_reduce("all", size=64 * KiB)
    simulation = Simulation(trace, system(), network(("Ring", 4), ("Switch", 2)), options=options)
    assert assert_goes_on_alike(simulation) >= 3


class Deaf(Probe):
    """Hears nothing."""


def test_runs_with_probes_of_ones_own_are_begun_anew() -> None:
    started = []

    def start() -> Run:
        started.append(1)
        return all_reduce_on_ring_of_8().start(probes=[Deaf()])

    stepper = Stepper(start, snapshot_events=10)
    stepper.go_to(500)
    assert stepper.back().position == 499
    assert len(started) == 2


def test_what_cant_be_copied_is_executed_again() -> None:
    simulation = all_reduce_on_ring_of_8()
    state, snapshots = State(simulation.start()), Snapshots(100, possible=True)
    heard: list[int] = []
    state.run.env.call_later(10**6, lambda: heard.append(1))
    for _ in events(state):
        snapshots.look_at(state)
    assert snapshots.before(state.position) is None
    assert heard == [1]


def test_there_are_so_many_snapshots_and_no_more() -> None:
    simulation = all_reduce_on_ring_of_8()
    state, snapshots = State(simulation.start()), Snapshots(1, possible=True)
    for _ in events(state):
        snapshots.look_at(state)
    positions, end = [], state.position + 1
    while copy := snapshots.before(end):
        end = copy.position
        positions.append(end)
    assert 8 <= len(positions) <= 16
    assert positions[0] > state.position * 3 // 4
    later = snapshots.before_time(10**6)
    assert later is not None
    assert later.position == positions[0]
