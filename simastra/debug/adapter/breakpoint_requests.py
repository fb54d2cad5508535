"""Requests that set breakpoints: by name, at lines of traces, at changes, at a hang."""

from __future__ import annotations

from typing import Any

from simastra.suggestions import unknown_name

from .arguments import (
    ConditionalPoint,
    DataInfoArguments,
    DataPoints,
    ExceptionFilters,
    FunctionPoints,
    LinesArguments,
    SourcePoints,
)
from .debuggee import DEADLOCK
from .framing import JsonObject
from .handler import Answer, AskedRequest, Handler, Needs
from .points import AskedBreakpoint, at_change, at_node, at_place

_CONDITIONAL = ("supportsConditionalBreakpoints", "supportsHitConditionalBreakpoints")


def _function(asked: AskedRequest[FunctionPoints]) -> Answer:
    given = [_asked(it.name, it) for it in asked.arguments.breakpoints]
    points = asked.conversation.debuggee.points
    return Answer({"breakpoints": points.replace("function", at_place, given)})


def _data(asked: AskedRequest[DataPoints]) -> Answer:
    given = [_asked(it.dataId, it) for it in asked.arguments.breakpoints]
    points = asked.conversation.debuggee.points
    return Answer({"breakpoints": points.replace("data", at_change, given)})


def _asked(place: str, given: ConditionalPoint) -> AskedBreakpoint:
    return AskedBreakpoint(place, condition=given.condition, hits=given.hitCondition)


def _source(asked: AskedRequest[SourcePoints]) -> Answer:
    """Breakpoints on lines without a node go to the next that has one."""
    conversation, debuggee = asked.conversation, asked.conversation.debuggee
    texts = debuggee.texts
    npu = texts.npu_of(asked.arguments.source)
    lines = [conversation.our_line(it.line) for it in asked.arguments.breakpoints]
    if not texts.nodes(npu):
        told = {"verified": False, "message": f"NPU {npu} has no nodes", "reason": "failed"}
        return Answer({"breakpoints": [told for _ in lines]})
    given = [
        AskedBreakpoint(node, npu, it.condition, it.hitCondition, it.logMessage)
        for it, line in zip(asked.arguments.breakpoints, lines, strict=True)
        if (node := texts.node(npu, line)) is not None
    ]
    places = [texts.line(texts.index(npu, line)) or 0 for line in lines]
    answers = debuggee.points.replace(npu, at_node, given)
    source = texts.source(npu)
    told_lines: list[JsonObject] = [
        {**answer, "line": conversation.line(line), "source": source}
        for answer, line in zip(answers, places, strict=True)
    ]
    return Answer({"breakpoints": told_lines})


def _locations(asked: AskedRequest[LinesArguments]) -> Answer:
    """The lines that have nodes."""
    conversation, given = asked.conversation, asked.arguments
    texts = conversation.debuggee.texts
    npu = texts.npu_of(given.source)
    last = given.line if given.endLine is None else given.endLine
    first, last = conversation.our_line(given.line), conversation.our_line(last)
    begin = texts.line(0) or 0
    lines = range(max(first, begin), min(last, begin + texts.nodes(npu) - 1) + 1)
    return Answer({"breakpoints": [{"line": conversation.line(line)} for line in lines]})


def _exceptions(asked: AskedRequest[ExceptionFilters]) -> Answer:
    filters = asked.arguments.filters
    asked.conversation.debuggee.stops_at_deadlock = DEADLOCK in filters
    told = [
        {"verified": True}
        if it == DEADLOCK
        else {"verified": False, "message": unknown_name("exception filter", it, [DEADLOCK])}
        for it in filters
    ]
    return Answer({"breakpoints": told})


def _data_info(asked: AskedRequest[DataInfoArguments]) -> Answer:
    """The expression whose change is to be watched, if what was shown has one."""
    given, debuggee = asked.arguments, asked.conversation.debuggee
    expression: str | None = given.name
    if given.variablesReference:
        parts = debuggee.moment.values[given.variablesReference]()
        found = [part for part in parts.page(None, 0, 0) if part.name == given.name]
        expression = found[0].expression if found else None
    if expression is None:
        return Answer({"dataId": None, "description": f"no expression has {given.name!r}"})
    return Answer({"dataId": expression, "description": expression, "accessTypes": ["write"]})


BREAKPOINTS: dict[str, Handler[Any]] = {
    "setFunctionBreakpoints": Handler(
        FunctionPoints, _function, Needs.DEBUGGEE, ("supportsFunctionBreakpoints", *_CONDITIONAL)
    ),
    "setBreakpoints": Handler(SourcePoints, _source, Needs.DEBUGGEE, ("supportsLogPoints",)),
    "breakpointLocations": Handler(
        LinesArguments, _locations, Needs.DEBUGGEE, ("supportsBreakpointLocationsRequest",)
    ),
    "setExceptionBreakpoints": Handler(ExceptionFilters, _exceptions, Needs.DEBUGGEE),
    "setDataBreakpoints": Handler(DataPoints, _data, Needs.DEBUGGEE, ("supportsDataBreakpoints",)),
    "dataBreakpointInfo": Handler(DataInfoArguments, _data_info),
}
"""These."""
