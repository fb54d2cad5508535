"""When an NPU's nodes were issued and finished, and on what they spent that time, as columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Protocol, runtime_checkable

from simastra.number_column import NumberColumn, number_column
from simastra.workload import Activity

from .timed_node import TimedNode

ACTIVITIES = tuple(Activity)
"""What a byte of `NodeTimes.activities` stands for, by its value."""

_PLACES = {activity: place for place, activity in enumerate(ACTIVITIES)}


@dataclass(frozen=True, slots=True, eq=False)
class NodeTimes:
    """The times of an NPU's nodes, in the order of its records.

    Attributes:
        issued: when each was issued, in ns.
        finished: when each finished.
        activities: a byte each: the place in ACTIVITIES of what the NPU spent that time on.
    """

    issued: NumberColumn
    finished: NumberColumn
    activities: bytes


@runtime_checkable
class HasTimes(Protocol):
    """Records that are made of columns, and have these to show."""

    @property
    def times(self) -> NodeTimes:
        """Of the nodes."""


def node_times(records: Sequence[TimedNode]) -> NodeTimes:
    """The times of nodes, from their records; of records that are made of columns, those."""
    if isinstance(records, HasTimes):
        return records.times
    return NodeTimes(
        number_column(map(attrgetter("issued"), records)),
        number_column(map(attrgetter("finished"), records)),
        activity_bytes(map(attrgetter("activity"), records)),
    )


def activity_bytes(activities: Iterable[Activity]) -> bytes:
    """What nodes spend their time on, as `NodeTimes` has it."""
    return bytes(map(_PLACES.__getitem__, activities))
