"""Bandwidths of collectives as nccl-tests defines them.

rates        algbw and busbw of one measurement
sweep        one collective, size after size, each simulated on its own
collectives  what the collectives of a finished simulation came to
"""

from .collectives import CollectiveRecord, collective_records
from .rates import Rates, collective_named, collective_names, rates, total_size
from .sweep import SweepRow, sizes_between, sweep, too_fast

__all__ = [
    "CollectiveRecord",
    "Rates",
    "SweepRow",
    "collective_named",
    "collective_names",
    "collective_records",
    "rates",
    "sizes_between",
    "sweep",
    "too_fast",
    "total_size",
]
