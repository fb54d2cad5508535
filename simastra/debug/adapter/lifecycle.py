"""Requests with which a session begins and ends."""

from __future__ import annotations

from functools import partial

from simastra.debug.command_error import CommandError
from simastra.units import Bytes

from .arguments import CancelArguments, InitializeArguments, RequestArguments
from .debuggee import DEADLOCK, Debuggee
from .framing import JsonObject
from .handler import Answer, AskedRequest, Handler, Needs
from .messages import CANCELLED, RequestError
from .motion import go, leave, tell_stop
from .moves import Move
from .watching import interrupting

FILTERS: tuple[JsonObject, ...] = (
    {
        "filter": DEADLOCK,
        "label": "Deadlock",
        "description": "Stop where no NPU can go on, and say who waits for what and why.",
        "default": True,
    },
)
"""What can stop it beside breakpoints."""


def initialize(asked: AskedRequest[InitializeArguments], capabilities: JsonObject) -> Answer:
    """Note what the client is like, and say what can be asked."""
    conversation, client = asked.conversation, asked.arguments
    conversation.first_line = int(client.linesStartAt1)
    conversation.first_column = int(client.columnsStartAt1)
    conversation.client.shows_progress = client.supportsProgressReporting
    return Answer(capabilities)


def _launch(asked: AskedRequest[RequestArguments]) -> Answer:
    conversation, given = asked.conversation, asked.request.arguments
    if conversation.has_debuggee:
        raise RequestError("a simulation is debugged already; 'disconnect' and start again")
    no_debug = given.get("noDebug") or False
    if not isinstance(no_debug, bool):
        raise RequestError(f"noDebug: must be true or false, not {no_debug!r}")
    client = conversation.client
    with client.progress("loading", asked.request.seq) as progress:

        def watch(done: Bytes, total: Bytes) -> None:
            progress.update(done / total if total else 1)
            inbox = conversation.inbox
            if inbox.is_leaving or inbox.is_cancelled(asked.request):
                raise RequestError("launch was given up", CANCELLED)

        launched = conversation.launch(given, watch)
        conversation.debuggee = Debuggee(launched, client, is_only_run=no_debug)
    for notice in launched.notices:
        client.output(f"notice: {notice}", "important")
    name = {"name": "simastra", "startMethod": "launch", "isLocalProcess": True}
    client.tell("process", name)
    return Answer(then=partial(client.tell, "initialized"))


def _attach(_asked: AskedRequest[RequestArguments]) -> Answer:
    raise RequestError('a simulation is launched, not attached to; write "request": "launch"')


def _configuration_done(asked: AskedRequest[RequestArguments]) -> Answer:
    conversation = asked.conversation
    if conversation.has_begun:
        raise RequestError("the simulation has begun already")
    conversation.has_begun = True
    return Answer(then=partial(_begin, asked))


def _begin(asked: AskedRequest[RequestArguments]) -> None:
    conversation = asked.conversation
    debuggee = conversation.debuggee
    try:
        with interrupting(debuggee.stepper, conversation.inbox, urgent=True):
            debuggee.begin()
    except CommandError as error:
        conversation.client.output(str(error), "stderr")
    debuggee.moved()
    if debuggee.session.quits:
        leave(conversation)
    elif debuggee.stop_on_entry:
        tell_stop(conversation, "entry", 0 if not debuggee.stepper.position else None)
    else:
        go(conversation, Move("breakpoint"), asked.request.seq)


def _disconnect(asked: AskedRequest[RequestArguments]) -> Answer:
    asked.conversation.is_over = True
    return Answer()


def _terminate(asked: AskedRequest[RequestArguments]) -> Answer:
    conversation = asked.conversation
    if conversation.has_ended:  # the client knows already
        return Answer()
    conversation.pauses, conversation.has_ended = conversation.is_running, True
    return Answer(then=partial(conversation.client.tell, "terminated"))


def _cancel(asked: AskedRequest[CancelArguments]) -> Answer:
    """End what is going on, if that is meant; of a request that waits, the inbox has noted it."""
    conversation = asked.conversation
    if conversation.is_running and conversation.inbox.ends(asked.request):
        conversation.pauses = True
    return Answer()


LIFECYCLE: dict[str, Handler[RequestArguments] | Handler[CancelArguments]] = {
    "launch": Handler(RequestArguments, _launch, Needs.NOTHING),
    "attach": Handler(RequestArguments, _attach, Needs.NOTHING),
    "configurationDone": Handler(
        RequestArguments, _configuration_done, Needs.STOP, ("supportsConfigurationDoneRequest",)
    ),
    "disconnect": Handler(RequestArguments, _disconnect, Needs.NOTHING),
    "terminate": Handler(
        RequestArguments, _terminate, Needs.DEBUGGEE, ("supportsTerminateRequest",)
    ),
    "cancel": Handler(CancelArguments, _cancel, Needs.NOTHING, ("supportsCancelRequest",)),
}
"""These."""
