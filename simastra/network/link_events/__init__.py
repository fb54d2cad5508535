"""Links that change during a run: slower, down, up again; and backends that follow them.

event       what is asked for, without a clock: which links, from when until when
condition   how a link is at a time, and when that changes; no clock either
detours     ways without the links that are down, on a graph
changing    what all backends do when links change
lost        messages that are sent again, and what that costs them
aware, unaware, fluid   the backends; the ones where nothing changes know nothing of it
"""

from .condition import USUAL, LinkChange, LinkCondition, LinkEvents, link_changes
from .detours import Detours
from .event import MOST_CHANGES, Ends, Flap, LinkEvent

__all__ = [
    "MOST_CHANGES",
    "USUAL",
    "Detours",
    "Ends",
    "Flap",
    "LinkChange",
    "LinkCondition",
    "LinkEvent",
    "LinkEvents",
    "link_changes",
]
