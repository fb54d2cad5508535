"""Step through a simulation: forward, to breakpoints, back, and look at everything on the way.

stepper      Stepper: moves; stop: where a move ended
breakpoints, state_breakpoints   what to stop at; numbered_breakpoints: those that are set
state        what can be seen between two events; npu_state, network_state: in parts
snapshots    copies of a run from which it goes on, for going back
journal      what the last event did, and what is under way
timeline     when each NPU did what, drawn with letters
upcoming     the next event, in words; command_error: what is wrong with a request
trace_state  an NPU's trace round a node
views        states as texts and tables; network_views, trace_view, value_views: others;
             first_rows: of a long table; shown: in a notebook
prompt/      ``simastra debug``; tui/: with ``--tui``; adapter/: for editors, with ``--dap``
"""

from typing import TYPE_CHECKING

from simastra.engine import (
    Flowed,
    MessageArrived,
    MessageSent,
    MessageStep,
    ModelEvent,
    NodeFinished,
    NodeIssued,
    NpuFinished,
    PhaseBegun,
    PhaseEnded,
    Transmitting,
)
from simastra.view.bars import TimeWindow

from .breakpoints import AtEvent, AtNode, AtPhase, Breakpoint, NodePattern
from .command_error import CommandError
from .journal import Flight
from .network_state import LinkState, MessageState, Unmatched
from .npu_state import (
    BlockedNode,
    MeetingState,
    NpuCounts,
    NpuState,
    ReadyNode,
    RunningNode,
    StreamState,
)
from .numbered_breakpoints import Breakpoints, Hit, NumberedBreakpoint
from .state import State
from .state_breakpoints import (
    AtChange,
    AtPosition,
    AtTime,
    Condition,
    ConditionalBreakpoint,
    LongQueue,
    NextTime,
)
from .stepper import Stepper
from .stop import Stop
from .timeline import TimelineRow, timeline
from .views import npu_view, state_view, stop_view

if not TYPE_CHECKING:  # which would let any name pass otherwise

    def __getattr__(name: str) -> object:
        """Say where a name of earlier versions has gone."""
        hint = "; it is called Breakpoints" if name == "Points" else ""
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}{hint}", name=name)


__all__ = [
    "AtChange",
    "AtEvent",
    "AtNode",
    "AtPhase",
    "AtPosition",
    "AtTime",
    "BlockedNode",
    "Breakpoint",
    "Breakpoints",
    "CommandError",
    "Condition",
    "ConditionalBreakpoint",
    "Flight",
    "Flowed",
    "Hit",
    "LinkState",
    "LongQueue",
    "MeetingState",
    "MessageArrived",
    "MessageSent",
    "MessageState",
    "MessageStep",
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
    "ReadyNode",
    "RunningNode",
    "State",
    "Stepper",
    "Stop",
    "StreamState",
    "TimeWindow",
    "TimelineRow",
    "Transmitting",
    "Unmatched",
    "npu_view",
    "state_view",
    "stop_view",
    "timeline",
]
