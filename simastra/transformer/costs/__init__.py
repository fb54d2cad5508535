"""Costs: what one NPU computes, communicates and keeps.

lowered     a model's blocks with numbers in them
hardware    an NPU's speed and memory
calibrated  times of a measured GPU
"""

from .calibrated import CalibratedCosts
from .hardware import Hardware
from .lowered import (
    TABLES,
    LocalWeight,
    LoweredBlock,
    kept_elements,
    lower_blocks,
    replica_count,
    task_symbols,
)

__all__ = [
    "TABLES",
    "CalibratedCosts",
    "Hardware",
    "LocalWeight",
    "LoweredBlock",
    "kept_elements",
    "lower_blocks",
    "replica_count",
    "task_symbols",
]
