"""Requests that move: steps, continue, back, to a line."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from simastra.debug.state import State
from simastra.workload import SkipOperation

from .arguments import (
    GotoArguments,
    LineArguments,
    RequestArguments,
    StepArguments,
    ThreadArguments,
)
from .handler import Answer, AskedRequest, Handler, Needs
from .motion import go, leave
from .moves import Forward, Move, into, out, over, reverse_continue, step, step_back, to_node

_ALL = {"allThreadsContinued": True}


def _moved(asked: AskedRequest[Any], move: Move, body: dict[str, bool] | None = None) -> Answer:
    then = partial(go, asked.conversation, move, asked.request.seq)
    return Answer(body, then)


def _state(asked: AskedRequest[Any]) -> State:
    return asked.conversation.debuggee.stepper.state


def _stepping(forward: Forward) -> Callable[[AskedRequest[StepArguments]], Answer]:
    def answer(asked: AskedRequest[StepArguments]) -> Answer:
        given = asked.arguments
        return _moved(asked, step(forward, _state(asked), given.threadId - 1, given.granularity))

    return answer


def _continue(asked: AskedRequest[RequestArguments]) -> Answer:
    """Go on; at the end, leave."""
    if _state(asked).ended:
        return Answer(_ALL, partial(leave, asked.conversation))
    return _moved(asked, Move("breakpoint"), _ALL)


def _step_back(asked: AskedRequest[StepArguments]) -> Answer:
    given = asked.arguments
    npu = given.threadId - 1
    state = _state(asked)
    state.process(npu)  # there is one
    return _moved(asked, step_back(state, npu, given.granularity))


def _reverse_continue(asked: AskedRequest[RequestArguments]) -> Answer:
    return _moved(asked, reverse_continue(_state(asked)))


def _pause(asked: AskedRequest[ThreadArguments]) -> Answer:
    """End the move under way, which says where; one that stands already stays."""
    asked.conversation.pauses = asked.conversation.is_running
    return Answer()


def _goto_targets(asked: AskedRequest[LineArguments]) -> Answer:
    """Where the node on a line is issued; one that does nothing never is."""
    debuggee, given = asked.conversation.debuggee, asked.arguments
    npu = debuggee.texts.npu_of(given.source)
    line = asked.conversation.our_line(given.line)
    node = debuggee.texts.node(npu, line)
    if node is None:
        return Answer({"targets": []})
    index = debuggee.texts.index(npu, line)
    program = debuggee.stepper.state.process(npu).program
    if isinstance(program.operations[index], SkipOperation):
        return Answer({"targets": []})
    at = debuggee.texts.line(index) or 0
    target = {
        "id": debuggee.moment.targets.add((npu, index)),
        "label": f"where NPU {npu} issues node {node.id} ({node.name!r})",
        "line": asked.conversation.line(at),
    }
    return Answer({"targets": [target]})


def _goto(asked: AskedRequest[GotoArguments]) -> Answer:
    debuggee = asked.conversation.debuggee
    npu, index = debuggee.moment.targets[asked.arguments.targetId]
    state = debuggee.stepper.state
    return _moved(asked, to_node(state, npu, state.process(npu).program.graph.nodes[index]))


MOVES: dict[str, Handler[Any]] = {
    "continue": Handler(RequestArguments, _continue),
    "next": Handler(StepArguments, _stepping(over), capabilities=("supportsSteppingGranularity",)),
    "stepIn": Handler(StepArguments, _stepping(into)),
    "stepOut": Handler(StepArguments, _stepping(out)),
    "stepBack": Handler(StepArguments, _step_back, capabilities=("supportsStepBack",)),
    "reverseContinue": Handler(RequestArguments, _reverse_continue),
    "pause": Handler(ThreadArguments, _pause, Needs.DEBUGGEE),
    "gotoTargets": Handler(
        LineArguments, _goto_targets, capabilities=("supportsGotoTargetsRequest",)
    ),
    "goto": Handler(GotoArguments, _goto),
}
"""These."""
