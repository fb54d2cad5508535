"""Streams of an NPU that end together: what they do to different things may come in any order."""

from __future__ import annotations

from dataclasses import replace

import pytest
from shortcut_oracle import compare_simulation
from support.machines import network, one_collective, system

from simastra.config import SystemConfig
from simastra.shortcut_use import Shortcut
from simastra.simulation import Options, Simulation
from simastra.trace import CollectiveType, TraceBuilder
from simastra.units import MiB

ALWAYS = Options(shortcuts="always")
ALL_REDUCE = one_collective(CollectiveType.ALL_REDUCE, MiB)
SHAPES = {
    "rings": ((("Ring", 4), ("Ring", 4)), ("ring", "ring")),
    "three rings": ((("Ring", 3),) * 3, ("ring",) * 3),
    "switches": ((("Switch", 4),) * 2, ("halvingDoubling",) * 2),
    "all kinds": (
        (("Ring", 4), ("FullyConnected", 4), ("Switch", 4)),
        ("ring", "direct", "halvingDoubling"),
    ),
}


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("backend", ["congestion-aware", "congestion-unaware"])
def test_whole_all_reduces_dimension_by_dimension_are_folded(name: str, backend: str) -> None:
    """Chunks are a dimension apart, and all dimensions take as long."""
    shape, algorithms = SHAPES[name]
    machine = system(algorithms, collective_optimization="baseline")
    options = replace(ALWAYS, backend=backend)
    outcome = compare_simulation(Simulation(ALL_REDUCE, machine, network(*shape), options=options))
    assert outcome.differences == ()
    assert [str(use.shortcut) for use in outcome.shortcuts if use.taken] == ["fold"]


def test_so_are_they_with_what_a_system_has_by_default() -> None:
    """`baseline` is the default; which of an NPU's streams is first, NPUs see differently."""
    machine = SystemConfig(all_reduce_implementation=["ring", "ring"], preferred_dataset_splits=4)
    trace = TraceBuilder()
    before = trace.all_reduce("first", size=MiB)
    trace.all_reduce("second", size=MiB, after=trace.compute("gap", micros=1, after=before))
    shape = network(("Ring", 4), ("Ring", 4))
    outcome = compare_simulation(Simulation(trace, machine, shape, options=ALWAYS))
    assert outcome.differences == ()
    assert any(use.taken for use in outcome.shortcuts)


def test_two_streams_that_enter_a_queue_together_are_not_folded() -> None:
    """Of two chunks under way at once, the first goes first through all that follows."""
    machine = system(
        ("direct", "direct"),
        collective_optimization="baseline",
        active_chunks_per_dimension=2,
        preferred_dataset_splits=6,
        endpoint_delay=4,
        local_mem_bw=0,
    )
    shape = network(("Switch", 2), ("Switch", 2), bandwidth=0.9313225746154785, latency=5)
    trace = one_collective(CollectiveType.ALL_TO_ALL, 64)
    options = replace(ALWAYS, backend="congestion-unaware")
    outcome = compare_simulation(Simulation(trace, machine, shape, options=options))
    assert outcome.differences == ()
    (reason,) = [use.reason for use in outcome.shortcuts if use.shortcut is Shortcut.FOLD]
    assert reason.endswith("decide what comes first at a queue of NPU 0")
