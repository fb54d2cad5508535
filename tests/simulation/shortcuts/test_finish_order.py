"""Which NPU finishes first in a nanosecond, where events come in other orders at other NPUs."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from shortcut_oracle import compare_simulation
from support.machines import network, one_collective, system

from simastra.shortcut_use import Shortcut
from simastra.simulation import Options, Simulation
from simastra.simulation.shortcuts import attempt, finish_order
from simastra.simulation.shortcuts.attempt import ShortcutOutcome
from simastra.trace import CollectiveType, TraceBuilder
from simastra.units import KiB, MiB

EXACT = Options(shortcuts="always", order="exact")
ALL_REDUCE = one_collective(CollectiveType.ALL_REDUCE, MiB)
LINES = {
    "Ring": ("ring", "direct"),
    "FullyConnected": ("direct", "direct2", "ring"),
    "Switch": ("halvingDoubling", "direct3", "ring"),
}


def folded(simulation: Simulation) -> ShortcutOutcome:
    """Its outcome without the compiled loop, which would know the order too."""
    return attempt.attempt(simulation.experiment, needs_order=True)


def assert_in_astra_sims_order(simulation: Simulation) -> None:
    found = folded(simulation)
    assert [use.shortcut for use in found.uses if use.taken][:1] == [Shortcut.FOLD], found.uses
    assert found.outcome is not None
    plain = simulation.run(shortcuts="off")
    assert found.outcome.finishes == plain.finishes
    assert len(set(plain.cycles.values())) < len(plain.cycles)  # else there were nothing to tell


@pytest.mark.parametrize("backend", ["congestion-aware", "congestion-unaware"])
@pytest.mark.parametrize(
    ("shape", "algorithms"),
    [
        ((("FullyConnected", 9),), ("direct",)),
        ((("FullyConnected", 9),), ("direct3",)),
        (
            (("Ring", 4), ("FullyConnected", 4), ("Switch", 4)),
            ("ring", "direct", "halvingDoubling"),
        ),
    ],
    ids=["clique", "clique, windowed", "all kinds"],
)
def test_it_is_made_out_npu_by_npu(
    backend: str, shape: tuple[tuple[str, int], ...], algorithms: tuple[str, ...]
) -> None:
    machine = system(algorithms, collective_optimization="baseline")
    options = replace(EXACT, backend=backend)
    assert_in_astra_sims_order(Simulation(ALL_REDUCE, machine, network(*shape), options=options))


def test_it_goes_back_through_collectives_that_would_be_looked_up() -> None:
    """Their events are needed after all; so they are simulated, one like the other."""
    trace = TraceBuilder()
    last = trace.all_reduce("first", size=KiB)
    for number in range(3):
        gap = trace.compute(f"gap {number}", micros=1, after=last)
        last = trace.all_reduce(f"next {number}", size=KiB, after=gap)
    shape = network(("FullyConnected", 8))
    assert_in_astra_sims_order(Simulation(trace, system(("direct",)), shape, options=EXACT))


def test_of_much_work_it_is_made_out_for_those_who_need_it_only() -> None:
    trace = TraceBuilder()
    last = trace.all_reduce("first", size=MiB)
    for number in range(11):
        last = trace.all_reduce(f"next {number}", size=MiB + number, after=last)
    machine = system(("direct",), preferred_dataset_splits=8)
    simulation = Simulation(trace, machine, network(("FullyConnected", 24)))
    found = attempt.attempt(simulation.experiment, needs_order=False).outcome
    assert found is not None
    assert not found.order_is_known
    assert_in_astra_sims_order(simulation)


def drawn(seed: int) -> Simulation:
    """A few collectives on up to three dimensions that are in step or nearly so."""
    draw = random.Random(seed)
    topologies = draw.choices(list(LINES), k=draw.choice((1, 2, 2, 3)))
    algorithms = [draw.choice(LINES[it]) for it in topologies]
    counts = [draw.choice((2, 4)) if it == "Switch" else draw.randint(2, 4) for it in topologies]
    machine = system(
        algorithms,
        collective_optimization=draw.choice(("baseline", "localBWAware")),
        preferred_dataset_splits=draw.choice((1, 2, 4, 7)),
        active_chunks_per_dimension=draw.choice((1, 1, 2)),
        endpoint_delay=draw.choice((0, 1, 10)),
        scheduling_policy=draw.choice(("LIFO", "FIFO")),
    )
    trace = TraceBuilder()
    last = trace.all_reduce("first", size=draw.choice((KiB, MiB)))
    for number in range(draw.choice((0, 0, 2))):
        gap = trace.compute(f"gap {number}", micros=draw.randint(1, 20), after=last)
        last = trace.reduce_scatter(f"next {number}", size=12_345, after=gap)
    backend = draw.choice(("congestion-aware", "congestion-unaware"))
    shape = network(*zip(topologies, counts, strict=True))
    return Simulation(trace, machine, shape, options=replace(EXACT, backend=backend))


@pytest.mark.parametrize("steps", [2, 64])
def test_random_machines_finish_in_that_order(steps: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long the ways back are that are taken in one step."""
    monkeypatch.setattr(finish_order, "_STEPS", steps)
    known = 0
    for seed in range(60):
        simulation = drawn(seed)
        compared = compare_simulation(simulation)
        assert compared.differences == (), seed
        known += folded(simulation).outcome is not None
    assert known > 45
