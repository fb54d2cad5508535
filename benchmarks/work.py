"""A piece of work that simulators are timed on: a machine and a workload, as files and as facts."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import log2, prod
from pathlib import Path

from simastra.trace import Trace
from simastra.trace.protobuf import encode_nodes
from simastra.units import Bytes, MiB, NpuId

SIZE: Bytes = 1 * MiB
"""What is reduced."""
CHUNKS = 4

_MESSAGES: dict[str, Callable[[int], int]] = {
    "ring": lambda npus: npus * 2 * (npus - 1),
    "direct": lambda npus: npus * 2 * (npus - 1),
    "halvingDoubling": lambda npus: npus * 2 * int(log2(npus)),
    "doubleBinaryTree": lambda npus: 2 * (npus - 1),
}
"""Messages of an all-reduce of one chunk among the NPUs of a line of a dimension."""


@dataclass(frozen=True, slots=True)
class Work:
    """One work.

    Attributes:
        name: of the work; where the golden cases have it, it is called the same there.
        family: works that differ in size alone.
        topology: of each network dimension.
        npus_count: NPUs along each.
        algorithms: of all collectives, one a dimension.
        trace: makes what the NPUs do.
        all_reduces: how many of them all NPUs do, one after the other.
        aware: whether links are shared in time.
        optimization: how an all-reduce goes through several dimensions.
        other_messages: those that NPUs send each other besides; None where nobody has counted them.
        groups: makes the process groups, where collectives have some.
    """

    name: str
    family: str
    topology: tuple[str, ...]
    npus_count: tuple[int, ...]
    algorithms: tuple[str, ...]
    trace: Callable[["Work"], Trace]
    all_reduces: int = 1
    aware: bool = True
    optimization: str = "localBWAware"
    other_messages: int | None = 0
    groups: Callable[["Work"], Mapping[str, Sequence[NpuId]]] | None = None

    @property
    def npus(self) -> int:
        """Number of NPUs."""
        return prod(self.npus_count)

    @property
    def backend(self) -> str:
        """The network backend."""
        return "congestion-aware" if self.aware else "congestion-unaware"

    @property
    def reference(self) -> str:
        """Which of ASTRA-sim's binaries reads it, as in `settings.Settings`."""
        name = "aware" if self.aware else "unaware"
        return name if self.groups is None else f"master-{name}"

    @property
    def messages(self) -> int | None:
        """Messages that NPUs send to each other in all; None where nobody has counted them."""
        if self.other_messages is None:
            return None
        dimensions = zip(self.algorithms, self.npus_count, strict=True)
        chunk = sum(
            self.npus // count * _MESSAGES[algorithm](count) for algorithm, count in dimensions
        )
        return self.all_reduces * CHUNKS * chunk + self.other_messages

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
        if self.groups is not None:
            groups = json.dumps(self.groups(self))
            (folder / GROUPS).write_text(groups, encoding="utf-8")

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
GROUPS = "groups.json"  # only where there are some
"""Names of the files in a work's folder; that of the traces is a prefix."""


def trace_file(folder: Path, npu: NpuId) -> Path:
    """The trace file of an NPU."""
    return folder / f"{TRACE}.{npu}.et"


def groups_file(folder: Path) -> Path | None:
    """The file of the process groups, if there are any."""
    path = folder / GROUPS
    return path if path.exists() else None
