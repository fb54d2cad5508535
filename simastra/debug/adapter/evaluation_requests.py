"""Requests that say something in the prompt's words: expressions, commands, half-typed lines."""

from __future__ import annotations

from typing import Any

from simastra.debug.prompt.commands import BY_NAME
from simastra.debug.prompt.completion import completions
from simastra.debug.prompt.expression import Expression
from simastra.debug.prompt.reader import Offer
from simastra.debug.prompt.session import Session

from .arguments import CompletionsArguments, EvaluateArguments
from .framing import JsonObject
from .handler import Answer, AskedRequest, Handler, Needs
from .look_requests import variable
from .motion import leave, tell_stop
from .points import changed, described
from .values import Variable
from .watching import interrupting

_PROMPT = "repl"
_PRINT = "print "


def _evaluate(asked: AskedRequest[EvaluateArguments]) -> Answer:
    """The value of an expression; at the prompt, what a command says."""
    line = asked.arguments.expression.strip()
    conversation = asked.conversation
    collecting = conversation.debuggee.session.collected is not None
    is_command = line.partition(" ")[0] in BY_NAME or line.startswith("#") or not line
    if asked.arguments.context == _PROMPT and (is_command or collecting):
        conversation.require_stop()
        return _command(asked, line)
    expression = Expression(line)
    debuggee = conversation.debuggee
    part = Variable("", expression(debuggee.stepper.state), expression.text)
    told = variable(part, debuggee.moment)
    shown = {key: told[key] for key in told.keys() - {"name", "value", "evaluateName"}}
    return Answer({**shown, "result": told["value"]})


def _command(asked: AskedRequest[EvaluateArguments], line: str) -> Answer:
    """Carry out a line of commands; where it moves, the client is told of the new place."""
    conversation = asked.conversation
    session = conversation.debuggee.session
    before, position = described(session), session.stepper.position
    try:
        with interrupting(session.stepper, conversation.inbox, urgent=True):
            said = conversation.debuggee.said_by(line)
    finally:
        for each in changed(before, session):
            conversation.client.tell("breakpoint", each)
        moved = session.stepper.position != position
        if moved:
            conversation.debuggee.moved()

    def then() -> None:
        if session.quits:
            leave(conversation)
        elif moved:
            tell_stop(conversation, "goto", None)

    return Answer({"result": said, "variablesReference": 0}, then)


def _completions(asked: AskedRequest[CompletionsArguments]) -> Answer:
    given, session = asked.arguments, asked.conversation.debuggee.session
    first = asked.conversation.first_column
    before = given.text[: max(0, given.column - first)]
    targets = [*_offers(before, session, first), *_expression_offers(before, session, first)]
    return Answer({"targets": targets})


def _offers(line: str, session: Session, first: int) -> list[JsonObject]:
    found = completions(line, session)
    return [_target(it, found.start + first, len(line) - found.start) for it in found.offers]


def _expression_offers(line: str, session: Session, first: int) -> list[JsonObject]:
    """Likewise where an expression stands alone, which the prompt takes behind ``print``."""
    if line.partition(" ")[0] in BY_NAME:
        return []
    found = completions(f"{_PRINT}{line}", session)
    start = found.start - len(_PRINT)
    return [_target(it, start + first, len(line) - start) for it in found.offers if start >= 0]


def _target(offer: Offer, start: int, length: int) -> JsonObject:
    text = offer.completed.rstrip()
    told = {"label": offer.shown or text, "text": text, "start": start, "length": length}
    return {**told, "detail": offer.meaning} if offer.meaning else told


EVALUATIONS: dict[str, Handler[Any]] = {
    "evaluate": Handler(
        EvaluateArguments,
        _evaluate,
        Needs.DEBUGGEE,
        ("supportsEvaluateForHovers", "supportsClipboardContext"),
    ),
    "completions": Handler(
        CompletionsArguments, _completions, capabilities=("supportsCompletionsRequest",)
    ),
}
"""These."""
