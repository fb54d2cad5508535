"""The machine of behaviour section 7, and variations of it, in a line each."""

from collections.abc import Sequence
from typing import Any

from simastra.config import NetworkConfig, SystemConfig
from simastra.simulation import Options, Simulation
from simastra.trace import CollectiveType, TraceBuilder
from simastra.units import MiB

KEYS = {
    CollectiveType.ALL_REDUCE: "all-reduce-implementation",
    CollectiveType.REDUCE_SCATTER: "reduce-scatter-implementation",
    CollectiveType.ALL_GATHER: "all-gather-implementation",
    CollectiveType.ALL_TO_ALL: "all-to-all-implementation",
}


def network(
    *dimensions: tuple[str, int], bandwidth: float = 50.0, latency: float = 500.0
) -> NetworkConfig:
    """A network of (topology, NPUs) dimensions, all of them alike otherwise."""
    return NetworkConfig.parse(
        {
            "topology": [topology for topology, _ in dimensions],
            "npus_count": [npus for _, npus in dimensions],
            "bandwidth": [bandwidth] * len(dimensions),
            "latency": [latency] * len(dimensions),
        }
    )


def system(algorithms: Sequence[str] = ("ring",), **changes: Any) -> SystemConfig:
    """Section 7's system with `algorithms` for every collective; changes as ``local_mem_bw=0``."""
    mapping: dict[str, Any] = {
        "scheduling-policy": "LIFO",
        "endpoint-delay": 10,
        "active-chunks-per-dimension": 1,
        "preferred-dataset-splits": 4,
        "collective-optimization": "localBWAware",
        "local-mem-bw": 50,
        **{key: list(algorithms) for key in KEYS.values()},
        **{key.replace("_", "-"): value for key, value in changes.items()},
    }
    return SystemConfig.parse(mapping)


def one_collective(collective: CollectiveType, size: int = MiB) -> TraceBuilder:
    """A trace of one collective for all NPUs."""
    trace = TraceBuilder()
    trace.collective(collective, collective.name, size=size)
    return trace


def all_reduce_on_ring_of_8(options: Options | None = None, **changes: Any) -> Simulation:
    """Section 7's first example: 1 MiB, 117780 ns."""
    workload = one_collective(CollectiveType.ALL_REDUCE)
    return Simulation(workload, system(**changes), network(("Ring", 8)), options=options)
