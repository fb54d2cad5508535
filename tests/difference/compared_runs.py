"""Runs to be compared: a pair whose times can be followed by hand, and many that differ in all."""

from collections.abc import Iterator, Sequence
from functools import cache
from random import Random

from support.cases import Case, load_cases, simulation_of
from support.machines import network, one_collective, system

from simastra.result import Result
from simastra.simulation import Simulation
from simastra.trace import CollectiveType, Trace, TraceBuilder
from simastra.units import KiB

MOST_NPUS = 16
RUNS = 48
PAIRS = 200


def sender_and_receiver(*, bandwidth: float = 50, latency: float = 500, micros: int = 5) -> Result:
    """0 computes and sends 64 KiB, 1220 ns on the wire at 50; 1 receives and computes 1 us."""
    npus = [TraceBuilder(0), TraceBuilder(1)]
    before = npus[0].compute("forward", micros=micros)
    npus[0].send("activations", size=64 * KiB, to=1, after=before)
    received = npus[1].recv("activations", size=64 * KiB, source=0)
    npus[1].compute("next", micros=1, after=received)
    shape = network(("Ring", 2), bandwidth=bandwidth, latency=latency)
    return explained(Simulation(Trace.of(npus), system(), shape))


def all_reduce(topology: str = "Ring", npus: int = 8, **changes: float) -> Result:
    """1 MiB over one dimension."""
    workload = one_collective(CollectiveType.ALL_REDUCE)
    return explained(Simulation(workload, system(), network((topology, npus), **changes)))


def explained(simulation: Simulation) -> Result:
    return simulation.run(explain=True)


def _cases() -> Iterator[Case]:
    for name in ("hoti2024", "master", "multidim_aware"):
        yield from (case for case in load_cases(name) if case["npus"] <= MOST_NPUS)


@cache
def runs() -> Sequence[Result]:
    """Of other networks, backends, dialects, sizes, traces, and numbers of NPUs."""
    chosen = Random(13).sample(list(_cases()), RUNS)
    return [explained(simulation_of(case)) for case in chosen]


def pairs() -> list[tuple[int, int]]:
    """Places in `runs`; some twice the same."""
    random = Random(4)
    return [(random.randrange(RUNS), random.randrange(RUNS)) for _ in range(PAIRS)]
