"""What a simulation did beyond its Result, recorded for pictures: messages, phases, links' load.

load      the load of links over time, in bins that widen as the simulation goes on
records   the records, as data
recorder  the probe that gathers them

However long a simulation is, it is recorded in bounded space: loads in a bounded number of bins,
and of messages, transmissions and phases the first so many, with the total beside them.
"""

from .load import LinkLoad, LoadRecord
from .recorder import MOST_RECORDS, RunRecorder
from .records import (
    Excerpt,
    Mark,
    MessageRecord,
    PhaseRecord,
    RunRecords,
    Transmission,
    UnfinishedNode,
)

__all__ = [
    "MOST_RECORDS",
    "Excerpt",
    "LinkLoad",
    "LoadRecord",
    "Mark",
    "MessageRecord",
    "PhaseRecord",
    "RunRecorder",
    "RunRecords",
    "Transmission",
    "UnfinishedNode",
]
