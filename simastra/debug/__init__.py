"""Step through a simulation: forward, to breakpoints, back, and look at everything on the way.

stepper      Stepper: moves; stop: where a move ended
breakpoints  what to stop at; points: those that are set
state        what can be seen between two events; npu_state, network_state: in parts
journal      what the last event did, and what is under way
timeline     when each NPU did what, drawn with letters
upcoming     the next event, in words; command_error: what is wrong with a request
views        states as texts and tables; shown: these in a notebook
prompt/      ``simastra debug``
"""

from simastra.engine import (
    MessageArrived,
    MessageSent,
    ModelEvent,
    NodeFinished,
    NodeIssued,
    NpuFinished,
    PhaseBegun,
    PhaseEnded,
    Step,
    Transmitting,
)
from simastra.view.bars import Window

from .breakpoints import (
    AtEvent,
    AtNode,
    AtPhase,
    AtPosition,
    AtTime,
    Breakpoint,
    Condition,
    Given,
    LongQueue,
    NextTime,
    NodePattern,
)
from .command_error import CommandError
from .journal import Flight
from .network_state import LinkState, MessageState, Unmatched
from .npu_state import BlockedNode, NpuCounts, NpuState, ReadyNode, RunningNode, StreamState
from .points import Hit, NumberedBreakpoint, Points
from .state import State
from .stepper import Stepper
from .stop import Stop
from .timeline import TimelineRow, timeline
from .views import npu_view, state_view, stop_view

__all__ = [
    "AtEvent",
    "AtNode",
    "AtPhase",
    "AtPosition",
    "AtTime",
    "BlockedNode",
    "Breakpoint",
    "CommandError",
    "Condition",
    "Flight",
    "Given",
    "Hit",
    "LinkState",
    "LongQueue",
    "MessageArrived",
    "MessageSent",
    "MessageState",
    "ModelEvent",
    "NextTime",
    "NodeFinished",
    "NodeIssued",
    "NodePattern",
    "NpuCounts",
    "NpuFinished",
    "NpuState",
    "NumberedBreakpoint",
    "PhaseBegun",
    "PhaseEnded",
    "Points",
    "ReadyNode",
    "RunningNode",
    "State",
    "Step",
    "Stepper",
    "Stop",
    "StreamState",
    "TimelineRow",
    "Transmitting",
    "Unmatched",
    "Window",
    "npu_view",
    "state_view",
    "stop_view",
    "timeline",
]
