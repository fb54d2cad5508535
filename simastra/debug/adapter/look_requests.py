"""Requests that look: threads, stacks, values, traces, why it hangs."""

from __future__ import annotations

from typing import Any

from simastra.debug.state import State
from simastra.errors import DeadlockError
from simastra.units import NpuId

from .arguments import (
    RequestArguments,
    ScopesArguments,
    SourceArguments,
    SourceNamed,
    StackArguments,
    ThreadArguments,
    VariablesArguments,
)
from .conversation import Conversation
from .framing import JsonObject
from .handler import Answer, AskedRequest, Handler, Needs
from .messages import RequestError
from .moment import Moment
from .scopes import scopes
from .stack import StackFrame
from .traces import MIME_TYPE
from .values import Variable, variables_of


def _threads(asked: AskedRequest[RequestArguments]) -> Answer:
    """All NPUs; with what they are at, while that stands."""
    conversation = asked.conversation
    state = conversation.debuggee.stepper.state
    named = [
        {"id": npu + 1, "name": _name(state, npu, is_running=conversation.is_running)}
        for npu in range(len(state.npus))
    ]
    return Answer({"threads": named})


def _name(state: State, npu: NpuId, *, is_running: bool) -> str:
    name, process = state.device_names.in_full(npu), state.npus[npu]
    if is_running:
        return name
    if process.finish_time is not None:
        return f"{name}: finished"
    running = process.running
    return f"{name}: {process.program.graph.nodes[min(running)].name}" if running else name


def _stack_trace(asked: AskedRequest[StackArguments]) -> Answer:
    given, conversation = asked.arguments, asked.conversation
    frames = conversation.debuggee.moment.stack(given.threadId - 1)
    stop = given.startFrame + given.levels if given.levels else None
    shown = frames[given.startFrame : stop]
    told = [_frame(conversation, number, frame) for number, frame in shown]
    return Answer({"stackFrames": told, "totalFrames": len(frames)})


def _frame(conversation: Conversation, number: int, frame: StackFrame) -> JsonObject:
    texts = conversation.debuggee.texts
    line = None if frame.index is None else texts.line(frame.index)
    named = {"id": number, "name": frame.words}
    if line is None:
        return {**named, "line": 0, "column": 0}
    place = {"line": conversation.line(line), "column": conversation.first_column}
    return {**named, **place, "source": texts.source(frame.npu)}


def _scopes(asked: AskedRequest[ScopesArguments]) -> Answer:
    debuggee = asked.conversation.debuggee
    moment, frame = debuggee.moment, debuggee.moment.frames[asked.arguments.frameId]
    told = [
        {
            "name": scope.name,
            "variablesReference": moment.values.add(scope.find),
            "expensive": scope.is_expensive,
            **({"presentationHint": "locals"} if scope.is_local else {}),
        }
        for scope in scopes(debuggee.stepper.state, frame)
    ]
    return Answer({"scopes": told})


def _variables(asked: AskedRequest[VariablesArguments]) -> Answer:
    given, moment = asked.arguments, asked.conversation.debuggee.moment
    if given.filter not in {None, "named", "indexed"}:
        raise RequestError(f"filter: must be 'named' or 'indexed', not {given.filter!r}")
    parts = moment.values[given.variablesReference]()
    page = parts.page(given.filter, given.start, given.count)
    return Answer({"variables": [variable(part, moment) for part in page]})


def variable(part: Variable, moment: Moment) -> dict[str, object]:
    """A value as it is told, with what it can be unfolded to."""
    told: dict[str, object] = {
        "name": part.name,
        "value": part.words,
        "type": type(part.value).__name__,
        "variablesReference": 0,
    }
    if part.expression is not None:
        told["evaluateName"] = part.expression
    inside = variables_of(part.value, part.expression)
    if inside:
        told["variablesReference"] = moment.values.add(lambda: inside)
        told["namedVariables" if inside.are_named else "indexedVariables"] = inside.count
    return told


def _source(asked: AskedRequest[SourceArguments]) -> Answer:
    given, texts = asked.arguments, asked.conversation.debuggee.texts
    by_number = SourceNamed(sourceReference=given.sourceReference)
    source = by_number if given.sourceReference else given.source or by_number
    return Answer({"content": texts.text(texts.npu_of(source)), "mimeType": MIME_TYPE})


def _loaded_sources(asked: AskedRequest[RequestArguments]) -> Answer:
    texts = asked.conversation.debuggee.texts
    return Answer({"sources": [texts.source(npu) for npu in range(texts.npus)]})


def _exception_info(asked: AskedRequest[ThreadArguments]) -> Answer:
    """Why the simulation can't go on; of a hang, all that it says of itself."""
    failure = asked.conversation.debuggee.failure
    if failure is None:
        raise RequestError("the simulation has met no exception here")
    hangs = isinstance(failure, DeadlockError)
    kind = "deadlock" if hangs else type(failure).__name__
    details = {"message": str(failure), "typeName": type(failure).__name__}
    mode = "always" if hangs else "unhandled"
    return Answer(
        {
            "exceptionId": kind,
            "description": str(failure),
            "breakMode": mode,
            "details": details,
        }
    )


LOOKS: dict[str, Handler[Any]] = {
    "threads": Handler(RequestArguments, _threads, Needs.DEBUGGEE),
    "stackTrace": Handler(
        StackArguments, _stack_trace, capabilities=("supportsDelayedStackTraceLoading",)
    ),
    "scopes": Handler(ScopesArguments, _scopes),
    "variables": Handler(VariablesArguments, _variables),
    "source": Handler(SourceArguments, _source, Needs.DEBUGGEE),
    "loadedSources": Handler(
        RequestArguments, _loaded_sources, Needs.DEBUGGEE, ("supportsLoadedSourcesRequest",)
    ),
    "exceptionInfo": Handler(
        ThreadArguments, _exception_info, capabilities=("supportsExceptionInfoRequest",)
    ),
}
"""These."""
