"""All in one nanosecond: shortcuts do no more then, and say the same as the plain path."""

from __future__ import annotations

import pytest
from shortcut_oracle import compare_simulation
from support.machines import network, system
from support.work import calls_in

from simastra.shortcut_use import Shortcut
from simastra.simulation import Options, Simulation
from simastra.trace import Trace, TraceBuilder


def zero_time(
    *shape: tuple[str, int], algorithm: str = "ring", sizes: tuple[int, ...] = (1024,)
) -> Simulation:
    """Collectives after each other, in which nothing takes any time."""
    trace = TraceBuilder()
    last = trace.compute("first")
    for size in sizes:
        last = trace.all_reduce(f"of {size} bytes", size=size, after=last)
    machine = system([algorithm] * len(shape), endpoint_delay=0, local_mem_bw=0)
    free = network(*shape, bandwidth=1e6, latency=0)
    return Simulation(trace, machine, free, options=Options(shortcuts="always"))


EXPERIMENTS = {
    "ring": zero_time(("Ring", 16)),
    "a fold that is refused": zero_time(("Switch", 12), algorithm="direct"),
    "many rivals": zero_time(("FullyConnected", 12), algorithm="direct"),
    "exchanges": zero_time(("Switch", 16), algorithm="halvingDoubling"),
    "several dimensions": zero_time(("Ring", 4), ("Switch", 4), algorithm="ring"),
    "equal collectives": zero_time(("Ring", 8), sizes=(1024,) * 12),
    "different collectives": zero_time(("Ring", 8), sizes=tuple(range(1000, 1012))),
}


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_a_shortcut_gives_what_the_plain_path_gives(name: str) -> None:
    outcome = compare_simulation(EXPERIMENTS[name])
    assert outcome.differences == ()
    assert outcome.shortcuts


@pytest.mark.parametrize(
    ("small", "large"),
    [
        (zero_time(("Ring", 32)), zero_time(("Ring", 64))),
        (
            zero_time(("FullyConnected", 32), algorithm="direct"),
            zero_time(("FullyConnected", 64), algorithm="direct"),
        ),
        (zero_time(("Ring", 8), sizes=(1024,) * 20), zero_time(("Ring", 8), sizes=(1024,) * 40)),
        (
            zero_time(("Ring", 8), sizes=tuple(range(1000, 1020))),
            zero_time(("Ring", 8), sizes=tuple(range(1000, 1040))),
        ),
    ],
    ids=["ring", "rivals", "equal collectives", "different collectives"],
)
def test_twice_as_much_in_a_nanosecond_is_twice_the_work(
    small: Simulation, large: Simulation
) -> None:
    assert calls_in(large.run) < 2.5 * calls_in(small.run)
    (fold, *_) = large.run().shortcuts
    assert fold.taken
    assert fold.shortcut is Shortcut.FOLD


def test_any_number_of_npus_that_end_together_in_different_events_are_in_order() -> None:
    """2,100 NPUs with one computation, and between them 2,100 with two, half as long each."""
    once, twice = TraceBuilder(), TraceBuilder()
    once.compute("all of it", micros=2)
    twice.compute("the rest", micros=1, after=twice.compute("a half", micros=1))
    simulation = Simulation(
        Trace.of([once.nodes, twice.nodes] * 2100), system(), network(("Ring", 4200))
    )
    outcome = compare_simulation(simulation)
    assert outcome.differences == ()
    assert outcome.order_is_known
    assert outcome.shortcuts[0].taken
