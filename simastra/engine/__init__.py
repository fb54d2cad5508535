"""TIME: a SimPy environment in whole nanoseconds that keeps ASTRA-sim's order inside a tick.

environment   the event queue: equal times run first in, first out
calls         what is scheduled: plain calls, and whose they are
category      what time is spent on until a scheduled call
agenda        one NPU's own events: those for one time run back to back
completion    events that resume their waiters at once, without a further event
probe         what receives records of what the model does
"""

from .agenda import Agenda
from .calls import Call, owner_of
from .category import Category
from .completion import Completion, NextOf
from .environment import Environment
from .probe import Probe, ProbeFan, WatchedLink, WatchedMessage, WatchedPhase, needs_events

__all__ = [
    "Agenda",
    "Call",
    "Category",
    "Completion",
    "Environment",
    "NextOf",
    "Probe",
    "ProbeFan",
    "WatchedLink",
    "WatchedMessage",
    "WatchedPhase",
    "needs_events",
    "owner_of",
]
