"""A piece of work that simulators are timed on: a machine and a workload, as files and as facts."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from math import log2, prod
from pathlib import Path

from simastra.trace import Trace
from simastra.trace.protobuf import encode_nodes
from simastra.units import Bytes, MiB, NpuId

SIZE: Bytes = 1 * MiB
"""What is reduced."""
CHUNKS = 4

_SENDS: dict[str, Callable[[int], int]] = {
    "ring": lambda npus: npus - 1,
    "direct": lambda npus: npus - 1,
    "halvingDoubling": lambda npus: int(log2(npus)),
}
"""Messages that each NPU sends for half an all-reduce of one chunk over a dimension."""


@dataclass(frozen=True, slots=True)
class Work:
    """One work.

    Attributes:
        name: of the work; where the golden cases have it, it is called the same there.
        family: works that differ in size alone.
        topology: of each network dimension.
        npus_count: NPUs along each.
        algorithms: of all collectives, one a dimension.
        all_reduces: how many there are, one after the other.
        trace: makes what the NPUs do.
        aware: whether links are shared in time.
        optimization: how an all-reduce goes through several dimensions.
    """

    name: str
    family: str
    topology: tuple[str, ...]
    npus_count: tuple[int, ...]
    algorithms: tuple[str, ...]
    all_reduces: int
    trace: Callable[["Work"], Trace]
    aware: bool = True
    optimization: str = "localBWAware"

    @property
    def npus(self) -> int:
        """Number of NPUs."""
        return prod(self.npus_count)

    @property
    def backend(self) -> str:
        """The network backend."""
        return "congestion-aware" if self.aware else "congestion-unaware"

    @property
    def messages(self) -> int:
        """Messages that NPUs send to each other in all."""
        dimensions = zip(self.algorithms, self.npus_count, strict=True)
        sends = sum(_SENDS[algorithm](npus) for algorithm, npus in dimensions)
        return self.all_reduces * CHUNKS * self.npus * 2 * sends

    def write(self, folder: Path) -> None:
        """Write the files, as simulators read them; each NPU's trace is a file of its own."""
        encoded: dict[int, bytes] = {}
        for npu, nodes in enumerate(self.trace(self).npus):
            if id(nodes) not in encoded:
                encoded[id(nodes)] = encode_nodes(nodes, self.name)
            trace_file(folder, npu).write_bytes(encoded[id(nodes)])
        (folder / SYSTEM).write_text(json.dumps(self._system()), encoding="utf-8")
        (folder / NETWORK).write_text(self._network(), encoding="utf-8")
        memory = {"memory-type": "NO_MEMORY_EXPANSION"}
        (folder / MEMORY).write_text(json.dumps(memory), encoding="utf-8")

    def _system(self) -> dict[str, object]:
        algorithms = list(self.algorithms)
        return {
            "scheduling-policy": "LIFO",
            "endpoint-delay": 10,
            "active-chunks-per-dimension": 1,
            "preferred-dataset-splits": CHUNKS,
            "collective-optimization": self.optimization,
            "local-mem-bw": 50,
            "boost-mode": 0,
            "all-reduce-implementation": algorithms,
            "all-gather-implementation": algorithms,
            "reduce-scatter-implementation": algorithms,
            "all-to-all-implementation": algorithms,
        }

    def _network(self) -> str:
        dimensions = len(self.npus_count)
        values = {
            "topology": list(self.topology),
            "npus_count": list(self.npus_count),
            "bandwidth": [50.0] * dimensions,
            "latency": [500.0] * dimensions,
        }
        return "".join(f"{key}: {json.dumps(value)}\n" for key, value in values.items())


TRACE, SYSTEM, NETWORK, MEMORY = "et", "system.json", "network.yml", "memory.json"
"""Names of the files in a work's folder; that of the traces is a prefix."""


def trace_file(folder: Path, npu: NpuId) -> Path:
    """The trace file of an NPU."""
    return folder / f"{TRACE}.{npu}.et"
