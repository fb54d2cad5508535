"""What requests take: as much of the protocol as is heeded here; the rest is let be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from simastra.config.mistakes import plainly_worded

from .framing import JsonObject
from .messages import RequestError

_LARGEST = 2**31 - 1  # of the protocol's int32


class RequestArguments(BaseModel):
    """A request's arguments. Without fields: none of them count."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore", defer_build=True)


Taken = TypeVar("Taken", bound=RequestArguments)


def taken(model: type[Taken], arguments: JsonObject) -> Taken:
    """A request's arguments, checked.

    Raises:
        RequestError: what is wrong with the first of those that are.
    """
    try:
        return model.model_validate(_given(arguments))
    except RecursionError:
        raise RequestError("arguments: are nested too deep") from None
    except ValidationError as error:
        keys, problem = plainly_worded(error.errors()[0], arguments)
        where = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in keys)
        raise RequestError(f"{where.removeprefix('.')}: {problem}") from None


def _given(value: object) -> object:
    """What is said; some clients write null where nothing is."""
    if isinstance(value, Mapping):
        return {key: _given(it) for key, it in value.items() if it is not None}
    return [_given(it) for it in value] if isinstance(value, list) else value


class InitializeArguments(RequestArguments):
    """What the client is like."""

    linesStartAt1: bool = True
    columnsStartAt1: bool = True
    supportsProgressReporting: bool = False


class CancelArguments(RequestArguments):
    """What is no longer wanted; a request is noted when it arrives (`Inbox`)."""

    requestId: int | None = None
    progressId: str | None = None


class ThreadArguments(RequestArguments):
    """One NPU."""

    threadId: int


class StepArguments(ThreadArguments):
    """One NPU, and how far."""

    granularity: str = "statement"


class GotoArguments(ThreadArguments):
    """A target that was told before."""

    targetId: int


class StackArguments(ThreadArguments):
    """A part of a stack; all of it, if no levels are said."""

    startFrame: int = Field(0, ge=0)
    levels: int = Field(0, ge=0)


class ScopesArguments(RequestArguments):
    """A frame."""

    frameId: int


class VariablesArguments(RequestArguments):
    """A part of what a value has; all of it, if no count is said."""

    variablesReference: int
    filter: str | None = None
    start: int = Field(0, ge=0, le=_LARGEST)
    count: int = Field(0, ge=0, le=_LARGEST)


class SourceNamed(RequestArguments):
    """A trace as a text, by its number or its name."""

    sourceReference: int | None = None
    name: str | None = None
    path: str | None = None


class SourceArguments(RequestArguments):
    """A trace as a text."""

    source: SourceNamed | None = None
    sourceReference: int = 0


class LineArguments(RequestArguments):
    """A line of a trace's text."""

    source: SourceNamed
    line: int


class LinesArguments(LineArguments):
    """Some lines of it; one, if no last one is said."""

    endLine: int | None = None


class ConditionalPoint(RequestArguments):
    """What a breakpoint may be told beside its place."""

    condition: str = ""
    hitCondition: str = ""


class SourcePoint(ConditionalPoint):
    """A breakpoint at a line."""

    line: int
    logMessage: str = ""


class SourcePoints(RequestArguments):
    """All breakpoints of a trace's text."""

    source: SourceNamed
    breakpoints: list[SourcePoint] = []


class FunctionPoint(ConditionalPoint):
    """A breakpoint by name."""

    name: str


class FunctionPoints(RequestArguments):
    """All of those."""

    breakpoints: list[FunctionPoint]


class DataPoint(ConditionalPoint):
    """A breakpoint at the change of a value."""

    dataId: str


class DataPoints(RequestArguments):
    """All of those."""

    breakpoints: list[DataPoint]


class DataInfoArguments(RequestArguments):
    """A value: of what was shown before, or an expression."""

    name: str
    variablesReference: int = 0


class ExceptionFilters(RequestArguments):
    """What is to stop it beside breakpoints."""

    filters: list[str]


class EvaluateArguments(RequestArguments):
    """An expression, or at the prompt a command."""

    expression: str
    context: str = ""


class CompletionsArguments(RequestArguments):
    """A line at the prompt, and where the cursor is."""

    text: str
    column: int = Field(ge=0)
    line: int | None = None
