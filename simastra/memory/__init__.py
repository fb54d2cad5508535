"""Remote memory: how long a load or a store of an ET node takes, and who waits for whom.

To add a model: one file with a `RemoteMemory`, one line in `MEMORY_MODELS`.
"""

from .base import RemoteMemory
from .build import MEMORY_MODELS, MakeMemory, MemoryModel, build_memory
from .servers import PerNodeMemory, PerNpuMemory, PooledMemory

__all__ = [
    "MEMORY_MODELS",
    "MakeMemory",
    "MemoryModel",
    "PerNodeMemory",
    "PerNpuMemory",
    "PooledMemory",
    "RemoteMemory",
    "build_memory",
]
