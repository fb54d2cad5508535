"""What folds, folds to the plain path's cycles, on every backend, topology and algorithm.

Over the tables, and what others might add to them: nothing here knows an entry by its name.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

import pytest
from support.extensions import OWN_ALGORITHMS, OWN_BACKENDS, OWN_TOPOLOGIES
from support.machines import one_collective, system
from support.round_prices import RoundPrices

from simastra.collectives import ALGORITHMS, FOUR_COLLECTIVES, choose
from simastra.config import MemoryConfig, MemoryType, NetworkConfig
from simastra.memory import MEMORY_MODELS
from simastra.network import BACKENDS, Queueing
from simastra.network.topology import TOPOLOGIES
from simastra.result import Result
from simastra.shortcut_use import Shortcut
from simastra.simulation import Options, Simulation, Tables
from simastra.trace import CollectiveType, Trace, TraceBuilder
from simastra.units import KiB

TABLES = Tables(
    topologies={**OWN_TOPOLOGIES, **TOPOLOGIES},
    algorithms={**OWN_ALGORITHMS, **ALGORITHMS},
    backends={**OWN_BACKENDS, **BACKENDS},
)
NPUS = 8
HALVES = (CollectiveType.REDUCE_SCATTER, CollectiveType.ALL_GATHER)


@dataclass(frozen=True, slots=True)
class Case:
    """A machine, and what all of its NPUs do."""

    backend: str
    topologies: tuple[str, ...]
    algorithm: str
    collective: CollectiveType

    def written(self, topology: str) -> str | Mapping[str, object]:
        """A topology; its switches reduce where that is needed."""
        needed = topology == "Switch" and choose(self.algorithm, TABLES.algorithms)
        reduces = needed and needed.algorithm.uses_switches
        return {"name": topology, "reduces": True} if reduces else topology

    @property
    def optimization(self) -> str:
        """Lower dimensions reduce-scatter and gather, if the algorithm does that."""
        return "localBWAware" if {*HALVES} <= {*runs(self.algorithm)} else "baseline"

    def simulation(self, trace: Trace | TraceBuilder | None = None) -> Simulation:
        dimensions = len(self.topologies)
        shape = NetworkConfig(
            topology=list(map(self.written, self.topologies)),
            npus_count=[NPUS] * dimensions,
            bandwidth=[50.0, 25.0][:dimensions],
            latency=[500.0, 99.5][:dimensions],
        )
        algorithms = [self.algorithm] * dimensions
        return Simulation(
            trace or one_collective(self.collective, 64 * KiB),
            system(algorithms, collective_optimization=self.optimization),
            shape,
            options=Options(self.backend, tables=TABLES),
            calibration=RoundPrices() if TABLES.backends[self.backend].is_calibrated else None,
        )

    def __str__(self) -> str:
        shape = "x".join(self.topologies)
        return f"{self.backend}-{shape}-{self.algorithm}-{self.collective.name}"


def runs(algorithm: str) -> Iterator[CollectiveType]:
    """What an algorithm can do among so many NPUs."""
    chosen = choose(algorithm, TABLES.algorithms).algorithm
    return (it for it in FOUR_COLLECTIVES if chosen.problem(it, NPUS) is None)


SHAPES = [*((name,) for name in TABLES.topologies), *((name, name) for name in OWN_TOPOLOGIES)]
CASES = [
    Case(backend, topologies, algorithm, next(runs(algorithm)))
    for backend in TABLES.backends
    for topologies in SHAPES
    for algorithm in TABLES.algorithms
    if {*topologies} == {"Switch"}
    or not choose(algorithm, TABLES.algorithms).algorithm.uses_switches
]


@cache
def outcomes(case: Case) -> tuple[Result, Result, Result]:
    """Event by event, by every shortcut, and as things are by default."""
    simulation = case.simulation()
    off, always, auto = (simulation.run(shortcuts=it) for it in ("off", "always", "auto"))
    return off, always, auto


def carried(result: Result) -> list[tuple[int, int, int, int, int]]:
    """What each link carried."""
    return sorted((it.src, it.dst, it.busy, it.size, it.messages) for it in result.links)


def is_taken(result: Result, shortcut: Shortcut) -> bool:
    return any(use.taken and use.shortcut is shortcut for use in result.shortcuts)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_shortcuts_give_what_the_plain_path_gives(case: Case) -> None:
    plain, *others = outcomes(case)
    for other in others:
        assert other.cycles == plain.cycles
        assert list(other.nodes) == list(plain.nodes)
        assert carried(other) == carried(plain)


@pytest.mark.parametrize("backend", TABLES.backends)
def test_backends_that_declare_where_messages_wait_are_folded_and_no_others(backend: str) -> None:
    declared = TABLES.backends[backend].queueing not in {None, Queueing.SHARED}
    folded = [
        is_taken(outcomes(case)[1], Shortcut.FOLD) for case in CASES if case.backend == backend
    ]
    assert any(folded) == declared


@pytest.mark.parametrize("backend", TABLES.backends)
@pytest.mark.parametrize("topology", TABLES.topologies)
def test_a_skewed_ring_is_as_the_plain_path_has_it(topology: str, backend: str) -> None:
    """NPUs come at different times to a ring, which is computed if the times of links are exact."""
    builders = [TraceBuilder(npu) for npu in range(NPUS)]
    for npu, builder in enumerate(builders):
        own = builder.compute("own", micros=1 + npu * npu)
        builder.all_reduce("gradients", size=64 * KiB, after=own)
    case = Case(backend, (topology,), "ring", CollectiveType.ALL_REDUCE)
    simulation = case.simulation(Trace.of(builders))
    plain, shortened = (simulation.run(shortcuts=it) for it in ("off", "always"))
    assert shortened.cycles == plain.cycles
    assert carried(shortened) == carried(plain)
    entry = TABLES.backends[backend]
    known = entry.is_exact and entry.queueing is not None
    reasons = {it.reason for it in shortened.shortcuts if it.shortcut is Shortcut.SKEW}
    if entry.queueing is Queueing.SHARED and not is_taken(shortened, Shortcut.SKEW):
        assert reasons == {"an NPU's message shares links with the one before"}
    else:
        assert is_taken(shortened, Shortcut.SKEW) == known


@pytest.mark.parametrize("kind", [kind for kind, model in MEMORY_MODELS.items() if model])
def test_memories_serve_folded_npus_as_they_serve_all(kind: MemoryType) -> None:
    trace = TraceBuilder()
    trace.load("weights", tensor_size=64 * KiB)
    memory = MemoryConfig(
        memory_type=kind, remote_mem_latency=100, remote_mem_bw=50, num_nodes=2, num_npus_per_node=4
    )
    case = Case("congestion-aware", ("Switch",), "ring", CollectiveType.ALL_REDUCE)
    simulation = case.simulation()
    inputs = (trace, simulation.system, simulation.network, memory)
    results = [
        Simulation(*inputs, options=replace(simulation.options, shortcuts=it)).run()
        for it in ("off", "always")
    ]
    assert results[0].cycles == results[1].cycles
