"""Costs: what one NPU computes, communicates and keeps.

lowered    a model's blocks with numbers in them
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

__all__ = [
    "TABLES",
    "Hardware",
    "LocalWeight",
    "LoweredBlock",
    "kept_elements",
    "lower_blocks",
    "replica_count",
    "shard",
    "task_symbols",
]
