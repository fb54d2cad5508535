"""From a remote-memory configuration to a model that runs."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from simastra.config import MemoryConfig, MemoryType

from .base import RemoteMemory
from .servers import PerNodeMemory, PerNpuMemory, PooledMemory


def _per_npu(config: MemoryConfig) -> RemoteMemory:
    return PerNpuMemory(config.remote_mem_latency, config.remote_mem_bw)


def _pool(config: MemoryConfig) -> RemoteMemory:
    return PooledMemory(config.remote_mem_latency, config.remote_mem_bw)


def _per_node(config: MemoryConfig) -> RemoteMemory:
    return PerNodeMemory(config.remote_mem_latency, config.remote_mem_bw, config.num_npus_per_node)


MakeMemory: TypeAlias = Callable[[MemoryConfig], RemoteMemory]
"""Makes a remote memory of that configuration."""

MEMORY_MODELS: dict[MemoryType, MakeMemory | None] = {
    MemoryType.NO_MEMORY_EXPANSION: None,
    MemoryType.PER_NPU_MEMORY_EXPANSION: _per_npu,
    MemoryType.PER_NODE_MEMORY_EXPANSION: _per_node,
    MemoryType.MEMORY_POOL: _pool,
}
"""Remote memories by their type in the memory JSON; None is no remote memory at all."""


def build_memory(
    config: MemoryConfig,
    npus: int,
    models: Mapping[MemoryType, MakeMemory | None] = MEMORY_MODELS,
) -> RemoteMemory | None:
    """Make the memory that the configuration asks for; None where it is none.

    Raises:
        ConfigError: if some of the `npus` NPUs would be on a node that doesn't exist.
    """
    per_node = config.memory_type is MemoryType.PER_NODE_MEMORY_EXPANSION
    if per_node and config.num_nodes * config.num_npus_per_node < npus:
        raise config.error(
            f"{config.num_nodes} nodes of {config.num_npus_per_node} NPUs hold fewer than the "
            f"network's {npus} NPUs",
            "num-nodes",
        )
    make = models[config.memory_type]
    return make(config) if make else None
