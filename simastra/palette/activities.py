"""What activities look like."""

from collections.abc import Mapping
from dataclasses import dataclass

from simastra.workload import Activity


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


ACTIVITIES: Mapping[str, Look] = {
    Activity.COMPUTE: Look("#4c78a8", "#9db9d8", "#", "blue"),
    Activity.CPU: Look("#54a24b", "#8fd3d0", "-", "cyan"),
    Activity.REMOTE_MEMORY: Look("#b279a2", "#d5b5d2", "%", "yellow"),
    Activity.COMMUNICATION: Look("#f58518", "#f9c48f", "=", "magenta"),
}
"""By `Activity`; an NPU that is at several things at once looks like the first of them here."""

OTHER = Look("#888888", "#c3cbd5", "+", "none")
CHUNK = "#d8a32e"
"""Of a chunk's phases."""


def look_of(activity: str) -> Look:
    """What an activity looks like, whatever it is called."""
    return ACTIVITIES.get(activity, OTHER)
