"""What each move of a client comes to: how far it goes, forward or back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from simastra.debug.breakpoints import AtEvent, AtNode, Breakpoint, NodePattern
from simastra.debug.command_error import CommandError
from simastra.debug.state import State
from simastra.debug.state_breakpoints import AtPosition, NextTime
from simastra.debug.stepper import Stepper
from simastra.debug.stop import Stop
from simastra.trace import Node
from simastra.units import NpuId

from .stack import node_of

_SINGLE_EVENTS = "instruction"
"""The granularity in which a step is one event, whichever NPU it is of."""


@dataclass(frozen=True, slots=True)
class Move:
    """A move.

    Attributes:
        reason: the protocol's word for why it stops where it was to end.
        npu: which NPU it is about; None for all.
        target: where it ends, going forward; None for breakpoints alone.
        back: goes back, for a move that does; gives None if it was interrupted.
    """

    reason: str
    npu: NpuId | None = None
    target: Breakpoint | None = None
    back: Callable[[Stepper], Stop | None] | None = None


Forward = Callable[[State, NpuId], Breakpoint]
"""Where a step of an NPU ends."""


def into(_state: State, npu: NpuId) -> Breakpoint:
    """The next event that does something at the NPU: a message, a phase, a node."""
    return AtEvent(npu)


def over(_state: State, npu: NpuId) -> Breakpoint:
    """The next ET node of the NPU that is issued or has finished."""
    return AtNode(NodePattern(npu=npu), issued=True, finished=True)


def out(state: State, npu: NpuId) -> Breakpoint:
    """The end of the node that the NPU is in; of the next to end, if it is in none."""
    node = node_of(state, npu)
    number = None if node is None else node.id
    return AtNode(NodePattern(number=number, npu=npu), issued=False, finished=True)


def step(forward: Forward, state: State, npu: NpuId, granularity: str) -> Move:
    """A step forward.

    An NPU that has finished has no further events: its steps are the nanoseconds of all.

    Args:
        forward: where it ends.
        state: where it begins.
        npu: of which NPU.
        granularity: the protocol's.

    Raises:
        CommandError: if there is no such NPU.
    """
    is_over = state.process(npu).finish_time is not None
    if granularity == _SINGLE_EVENTS:
        return Move("step", npu, AtPosition(state.position + 1))
    return Move("step", npu, NextTime() if is_over else forward(state, npu))


def step_back(state: State, npu: NpuId, granularity: str) -> Move:
    """A step back: to the last event before that did something at the NPU, or by one event.

    Raises:
        CommandError: at the beginning.
    """
    _refuse_beginning(state)
    if granularity == _SINGLE_EVENTS:
        return Move("step", npu, back=lambda stepper: stepper.back())
    return Move(
        "step", npu, back=lambda stepper: stepper.back_to(AtEvent(npu)) or _to_start(stepper)
    )


def reverse_continue(state: State) -> Move:
    """Back to where a breakpoint stops, or to the beginning.

    Raises:
        CommandError: at the beginning.
    """
    _refuse_beginning(state)
    return Move("breakpoint", back=lambda stepper: stepper.back_to() or _to_start(stepper))


def to_node(state: State, npu: NpuId, node: Node) -> Move:
    """To where an NPU issues a node, forward or back."""
    issued = AtNode(NodePattern(number=node.id, npu=npu))
    process = state.process(npu)
    index = process.program.graph.index_of(node)
    if index in process.running or process.progress.is_finished(index):
        return Move("goto", npu, back=lambda stepper: stepper.back_to(issued))
    return Move("goto", npu, issued)


def _to_start(stepper: Stepper) -> Stop | None:
    """To the beginning, unless it was interrupted before."""
    return None if stepper.was_interrupted else stepper.go_to(0)


def _refuse_beginning(state: State) -> None:
    if not state.position:
        raise CommandError("this is the beginning")
