"""Costs: what one NPU computes, communicates and keeps.

lowered    a model's blocks with numbers in them
memory     bytes of local memory
hardware   an NPU's speed and memory
"""

from .hardware import Hardware
from .lowered import (
    TABLES,
    LocalWeight,
    LoweredBlock,
    kept_elements,
    lower_blocks,
    replica_count,
    shard,
    task_symbols,
)
from .memory import Memory, stage_memory

__all__ = [
    "TABLES",
    "Hardware",
    "LocalWeight",
    "LoweredBlock",
    "Memory",
    "kept_elements",
    "lower_blocks",
    "replica_count",
    "shard",
    "stage_memory",
    "task_symbols",
]
