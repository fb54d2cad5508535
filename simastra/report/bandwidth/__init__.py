"""Bandwidths of collectives as nccl-tests defines them.

sweep        one collective, size after size, each simulated on its own
comparison   the same with one algorithm after the other; chart: as a picture
collectives  what the collectives of a finished simulation came to
"""

from simastra.trace.nccl_tests import (
    Rates,
    collective_named,
    collective_names,
    rates,
    total_size,
)

from .collectives import CollectiveRecord, collective_records
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
