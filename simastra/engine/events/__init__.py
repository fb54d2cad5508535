"""What happens in a simulation: one record for each kind of event, made once, read by everybody.

Whoever listens (a `Probe`) gets these: results, reports, explanations, the debugger, progress bars.
Times are in ns. As text, a record says what happened, for people. All know which NPUs they concern,
in ``npus``: those of links none, since the network does it.

npus        nodes, phases, and collectives that are priced as a whole
messages    between NPUs
links       of the network
flows       over links whose bandwidth messages share
"""

from typing import TypeAlias

from .flows import Flowed
from .links import (
    LinkChanged,
    LinkUsed,
    MessageLost,
    MessageQueued,
    Transmitting,
    WatchedLink,
)
from .messages import Envelope, MessageArrived, MessageSent, MessageStep, ReceivePosted
from .npus import (
    CollectiveEnded,
    CollectiveMet,
    NodeFinished,
    NodeIssued,
    NpuFinished,
    PhaseBegun,
    PhaseEnded,
    WatchedPhase,
    node_words,
)

__all__ = [
    "CollectiveEnded",
    "CollectiveMet",
    "Envelope",
    "Flowed",
    "LinkChanged",
    "LinkUsed",
    "MessageArrived",
    "MessageLost",
    "MessageQueued",
    "MessageSent",
    "MessageStep",
    "ModelEvent",
    "NodeFinished",
    "NodeIssued",
    "NpuFinished",
    "PhaseBegun",
    "PhaseEnded",
    "ReceivePosted",
    "Transmitting",
    "WatchedLink",
    "WatchedPhase",
    "node_words",
]

ModelEvent: TypeAlias = (
    NodeIssued
    | NodeFinished
    | NpuFinished
    | PhaseBegun
    | PhaseEnded
    | MessageSent
    | ReceivePosted
    | MessageArrived
    | MessageQueued
    | Transmitting
    | Flowed
    | LinkUsed
    | LinkChanged
    | MessageLost
    | CollectiveMet
    | CollectiveEnded
)
