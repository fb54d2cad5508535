"""The remote-memory file: where memory beyond an NPU's own lies, and how fast it is.

(Behaviour 1.5, 5.1.)
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from simastra.notices import Notice

from .base import ConfigModel
from .converted import Converted, kept
from .fields import Whole
from .mistakes import Mistake
from .quantities import GB_PER_SECOND, WholeNanoseconds


class MemoryType(StrEnum):
    """Who shares a remote memory."""

    NO_MEMORY_EXPANSION = "NO_MEMORY_EXPANSION"
    PER_NODE_MEMORY_EXPANSION = "PER_NODE_MEMORY_EXPANSION"
    PER_NPU_MEMORY_EXPANSION = "PER_NPU_MEMORY_EXPANSION"
    MEMORY_POOL = "MEMORY_POOL"


_MemoryType: TypeAlias = Converted[
    MemoryType
    | Literal[
        "NO_MEMORY_EXPANSION",
        "PER_NODE_MEMORY_EXPANSION",
        "PER_NPU_MEMORY_EXPANSION",
        "MEMORY_POOL",
    ],
    MemoryType,
]


_Bandwidth: TypeAlias = Converted[float | str, Annotated[Whole, GB_PER_SECOND]]


class MemoryConfig(ConfigModel):
    """The remote memory of all NPUs. A file must name its memory-type; in Python there is none.

    >>> MemoryConfig(memory_type="MEMORY_POOL", remote_mem_bw=100).remote_mem_bw
    100
    """

    word: ClassVar[str] = "memory"
    required_in_files: ClassVar[Mapping[str, str]] = {
        "memory_type": f"is required (one of {', '.join(MemoryType)})"
    }

    memory_type: _MemoryType = kept(MemoryType.NO_MEMORY_EXPANSION)
    """who shares a remote memory"""

    remote_mem_latency: WholeNanoseconds = kept(0)
    """latency of an access, in ns"""

    remote_mem_bw: _Bandwidth = kept(0)
    """bandwidth of remote memory, in whole GB/s of 10^9 bytes (bytes per ns); 0 stands for
    infinite"""

    num_nodes: Whole = 0
    """number of nodes, each with a memory (PER_NODE only)"""

    num_npus_per_node: Whole = 0
    """number of NPUs that share a node's memory (PER_NODE only)"""

    @classmethod
    def _together(cls, values: Mapping[str, Any]) -> Iterator[Mistake]:
        per_node = MemoryType.PER_NODE_MEMORY_EXPANSION
        if values.get("memory_type") == per_node:
            for name in ("num_nodes", "num_npus_per_node"):
                if 0 <= values.get(name, 1) < 1:
                    yield Mistake(f"must be at least 1 with {per_node}", name)

    def notices(self) -> tuple[Notice, ...]:
        """Add to the common notices: infinite-bandwidth, and keys that the type doesn't read."""
        return (*super().notices(), *self._unread_notices(), *self._bandwidth_notices())

    def _nodes(self) -> dict[str, int]:
        return {"num-nodes": self.num_nodes, "num-npus-per-node": self.num_npus_per_node}

    def _unread(self) -> dict[str, int]:
        """The keys, with their values, that the memory type doesn't read."""
        match self.memory_type:
            case MemoryType.NO_MEMORY_EXPANSION:
                speed = {
                    "remote-mem-latency": self.remote_mem_latency,
                    "remote-mem-bw": self.remote_mem_bw,
                }
                return {**speed, **self._nodes()}
            case MemoryType.PER_NPU_MEMORY_EXPANSION | MemoryType.MEMORY_POOL:
                return self._nodes()
            case MemoryType.PER_NODE_MEMORY_EXPANSION:
                return {}

    def _unread_notices(self) -> tuple[Notice, ...]:
        return tuple(
            Notice(
                code="no-effect-key",
                where=f"{self.source}: {key}",
                message=f"{self.memory_type} doesn't use it",
                fix="delete it, or choose another memory-type",
            )
            for key, value in self._unread().items()
            if value != 0
        )

    def _bandwidth_notices(self) -> tuple[Notice, ...]:
        if self.remote_mem_bw != 0 or self.memory_type is MemoryType.NO_MEMORY_EXPANSION:
            return ()
        return (
            Notice(
                code="infinite-bandwidth",
                where=f"{self.source}: remote-mem-bw",
                message="a bandwidth below 1 counts as 0, which ASTRA-sim takes for infinite",
                fix="write a whole number of GB/s, at least 1",
            ),
        )
