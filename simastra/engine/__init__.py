"""TIME: a SimPy environment in whole nanoseconds that keeps ASTRA-sim's order inside a tick.

appended      lists of which snapshots share the beginning
environment   the event queue: equal times run first in, first out; an NPU's own events in it
calls         what is scheduled: plain calls, and whose they are
category      what time is spent on until a scheduled call
ticks         what is due at each time
completion    events that resume their waiters at once, without a further event
turns         ends of one nanosecond, told in an order of their own
events        what happens: a record for each kind, read by all who listen
probe         who listens
streams       numbers of streams, and how people read them
"""

from .appended import Appended
from .calls import Call, owner_of
from .category import Category
from .completion import Completion, NextOf
from .environment import Agenda, Environment, Lapse
from .events import (
    CollectiveEnded,
    CollectiveMet,
    Envelope,
    Flowed,
    LinkChanged,
    LinkUsed,
    MessageArrived,
    MessageLost,
    MessageQueued,
    MessageSent,
    MessageStep,
    ModelEvent,
    NodeFinished,
    NodeIssued,
    NpuFinished,
    PhaseBegun,
    PhaseEnded,
    ReceivePosted,
    Transmitting,
    WatchedLink,
    WatchedPhase,
)
from .probe import EVENTS, Listeners, Probe, ProbeFan, heard_by, needs_events
from .streams import STREAMS_PER_GROUP, stream_name
from .turns import NextInTurn, Turns

__all__ = [
    "EVENTS",
    "STREAMS_PER_GROUP",
    "Agenda",
    "Appended",
    "Call",
    "Category",
    "CollectiveEnded",
    "CollectiveMet",
    "Completion",
    "Envelope",
    "Environment",
    "Flowed",
    "Lapse",
    "LinkChanged",
    "LinkUsed",
    "Listeners",
    "MessageArrived",
    "MessageLost",
    "MessageQueued",
    "MessageSent",
    "MessageStep",
    "ModelEvent",
    "NextInTurn",
    "NextOf",
    "NodeFinished",
    "NodeIssued",
    "NpuFinished",
    "PhaseBegun",
    "PhaseEnded",
    "Probe",
    "ProbeFan",
    "ReceivePosted",
    "Transmitting",
    "Turns",
    "WatchedLink",
    "WatchedPhase",
    "heard_by",
    "needs_events",
    "owner_of",
    "stream_name",
]
