"""What activities look like."""

from collections.abc import Mapping
from dataclasses import dataclass

from simastra.view.colours import paler
from simastra.workload import Activity
from simastra.workload.kind_of_work import KindOfWork

from .kinds import KINDS


@dataclass(frozen=True, slots=True)
class Look:
    """What an activity looks like.

    Attributes:
        colour: of its bars.
        pale: of an NPU that is at it.
        letter: what its bars on a terminal are made of.
        style: of its bars on a terminal, as rich has it.
    """

    colour: str
    pale: str
    letter: str
    style: str


def _look(kind: KindOfWork, letter: str, style: str) -> Look:
    colour = KINDS[kind].light
    return Look(colour, paler(colour), letter, style)


ACTIVITIES: Mapping[str, Look] = {
    Activity.COMPUTE: _look(KindOfWork.COMPUTE, "#", "blue"),
    Activity.CPU: _look(KindOfWork.HOST, "-", "cyan"),
    Activity.REMOTE_MEMORY: _look(KindOfWork.MEMORY, "%", "magenta"),
    Activity.COMMUNICATION: _look(KindOfWork.ALL_REDUCE, "=", "yellow"),
}
"""By `Activity`, as its commonest kind of work; an NPU that is at several things at once looks like
the first of them here."""

OTHER = _look(KindOfWork.OTHER, "+", "none")


def look_of(activity: str) -> Look:
    """What an activity looks like, whatever it is called."""
    return ACTIVITIES.get(activity, OTHER)
