"""From a remote-memory configuration to a model that runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from simastra.config import MemoryConfig, MemoryType
from simastra.quick_dataclass import dataclass

from .base import RemoteMemory
from .servers import PerNodeMemory, PerNpuMemory, PooledMemory

MakeMemory: TypeAlias = Callable[[MemoryConfig], RemoteMemory]
"""Makes a remote memory of that configuration."""


@dataclass(frozen=True, slots=True)
class MemoryModel:
    """A remote memory as the table has it. Who waits for whom its class declares.

    Attributes:
        make: makes it.
        has_nodes: whether each NPU must be on one of the nodes of the configuration.
    """

    make: MakeMemory
    has_nodes: bool = False

    @classmethod
    def of(cls, entry: MemoryModel | MakeMemory) -> MemoryModel:
        """An entry of a table; a bare function makes a memory that has no nodes."""
        return entry if isinstance(entry, MemoryModel) else cls(entry)


def _per_npu(config: MemoryConfig) -> RemoteMemory:
    return PerNpuMemory(config.remote_mem_latency, config.remote_mem_bw)


def _pool(config: MemoryConfig) -> RemoteMemory:
    return PooledMemory(config.remote_mem_latency, config.remote_mem_bw)


def _per_node(config: MemoryConfig) -> RemoteMemory:
    return PerNodeMemory(config.remote_mem_latency, config.remote_mem_bw, config.num_npus_per_node)


MEMORY_MODELS: dict[MemoryType, MemoryModel | None] = {
    MemoryType.NO_MEMORY_EXPANSION: None,
    MemoryType.PER_NPU_MEMORY_EXPANSION: MemoryModel(_per_npu),
    MemoryType.PER_NODE_MEMORY_EXPANSION: MemoryModel(_per_node, has_nodes=True),
    MemoryType.MEMORY_POOL: MemoryModel(_pool),
}
"""Remote memories by their type in the memory JSON; None is no remote memory at all."""


def build_memory(
    config: MemoryConfig,
    npus: int,
    models: Mapping[MemoryType, MemoryModel | MakeMemory | None] = MEMORY_MODELS,
) -> RemoteMemory | None:
    """Make the memory that the configuration asks for; None where it is none.

    Raises:
        ConfigError: if some of the `npus` NPUs would be on a node that doesn't exist.
    """
    entry = models[config.memory_type]
    if entry is None:
        return None
    model = MemoryModel.of(entry)
    if model.has_nodes and config.num_nodes * config.num_npus_per_node < npus:
        raise config.error(
            f"{config.num_nodes} nodes of {config.num_npus_per_node} NPUs hold fewer than the "
            f"network's {npus} NPUs",
            "num-nodes",
        )
    return model.make(config)
