"""Carries out a client's moves, and tells where they have ended and why."""

from __future__ import annotations

from dataclasses import dataclass

from simastra.debug.breakpoints import Breakpoint
from simastra.debug.command_error import CommandError
from simastra.debug.prompt.commands import carry_out
from simastra.debug.stop import Stop
from simastra.errors import DeadlockError, SimastraError
from simastra.units import NpuId

from .client import Progress
from .conversation import Conversation
from .debuggee import DEADLOCK, Debuggee
from .framing import JsonObject
from .moves import Move
from .watching import interrupting

_FINISHED, _HANGS = 0, 3  # exit codes, as of `simastra run`


@dataclass(frozen=True, slots=True)
class _Ending:
    """How a move ended: where, None if nothing has changed; and the protocol's word for why."""

    stop: Stop | None
    reason: str


def go(conversation: Conversation, move: Move, request: int) -> None:
    """Carry out a move, and tell the client where it has ended.

    Args:
        conversation: with the client; what it asks meanwhile is answered.
        move: what to do.
        request: the number of the request that asked for it.
    """
    debuggee, client = conversation.debuggee, conversation.client
    conversation.is_running, conversation.pauses = True, False
    debuggee.failure = None
    try:
        with client.progress("simulating", request) as progress:
            if move.back is None:
                ending = _forward(conversation, move, progress)
            else:
                ending = _back(conversation, move)
    except SimastraError as error:
        debuggee.failure = error
        client.output(str(error), "stderr")
        ending = _Ending(None, "exception")
    finally:
        conversation.is_running = False
        debuggee.moved()
    if not (conversation.is_over or conversation.has_ended):
        _show(conversation, ending)
        stop = ending.stop
        if debuggee.session.quits:
            leave(conversation)
        elif stop is not None and stop.position != debuggee.stepper.position:
            tell_stop(conversation, "goto", None)  # a breakpoint's commands have gone on from there
        else:
            tell_stop(conversation, ending.reason, move.npu, stop)


def _forward(conversation: Conversation, move: Move, progress: Progress) -> _Ending:
    debuggee, inbox = conversation.debuggee, conversation.inbox
    stepper, begin = debuggee.stepper, debuggee.stepper.position
    while True:
        with interrupting(stepper, inbox, progress):
            stop = stepper.resume() if move.target is None else stepper.advance_to(move.target)
        if debuggee.stops(stop):
            return _Ending(stop, "breakpoint")
        if stop.ended or (stop.position > begin and _is_at(move.target, debuggee)):
            return _Ending(stop, move.reason)
        if progress.is_due:
            progress.update(_share_finished(debuggee), f"{stop.time:,} ns")
        conversation.answer_waiting()
        if conversation.pauses or conversation.is_over:
            return _Ending(stop, "pause")


def _is_at(target: Breakpoint | None, debuggee: Debuggee) -> bool:
    return target is not None and target.reason(debuggee.stepper.state) is not None


def _back(conversation: Conversation, move: Move) -> _Ending:
    """Go back; what only says something says nothing then."""
    debuggee, points = conversation.debuggee, conversation.debuggee.stepper.breakpoints
    there = {point.number for point in points if point.enabled}
    silent = [number for number in debuggee.points.logging if number in there]
    assert move.back is not None
    for number in silent:
        points.enable(number, enabled=False)
    try:
        with interrupting(debuggee.stepper, conversation.inbox, urgent=True):
            stop = move.back(debuggee.stepper)
    finally:
        for number in silent:
            points.enable(number)
    if debuggee.stepper.was_interrupted:
        return _Ending(stop, "pause")
    return _Ending(stop, "entry" if stop is not None and not stop.position else move.reason)


def _share_finished(debuggee: Debuggee) -> float:
    """How many of all nodes have finished."""
    processes = debuggee.stepper.state.npus
    nodes = sum(len(each.program.graph.nodes) for each in processes)
    left = sum(each.progress.left for each in processes)
    return 1 - left / nodes if nodes else 1


def _show(conversation: Conversation, ending: _Ending) -> None:
    """Show what the prompt shows where a move has ended, and do what is to be done there."""
    session, client = conversation.debuggee.session, conversation.client
    if ending.stop is None:
        if ending.reason not in {"exception", "pause"}:
            client.output("nothing before this stops it; nothing has changed")
        return
    session.show_stop(ending.stop)
    try:
        with interrupting(session.stepper, conversation.inbox, urgent=True):
            carry_out(session, "")
    except CommandError as error:
        client.output(f"{error}", "stderr")
    conversation.debuggee.moved()


def tell_stop(
    conversation: Conversation, reason: str, npu: NpuId | None, stop: Stop | None = None
) -> None:
    """Tell the client that the simulation stands, or that it is over.

    Args:
        conversation: with it.
        reason: the protocol's word for why.
        npu: which NPU is to be looked at; None for the first at which something happened.
        stop: where a move ended, if it did.
    """
    debuggee = conversation.debuggee
    state = debuggee.stepper.state
    hits = () if stop is None else stop.hits
    told: dict[str, object] = {"reason": reason, "allThreadsStopped": True}
    if hits:
        told["description"] = "; ".join(map(str, hits))
        told["hitBreakpointIds"] = [hit.number for hit in hits]
        npu = next(iter(hits[0].event.npus if hits[0].event else ()), None)
    if state.ended:
        deadlock = debuggee.stepper.deadlock()
        if _leaves(conversation, deadlock):
            leave(conversation)
            return
        told |= _end_words(debuggee, deadlock)
        npu = deadlock.waits[0].npu if deadlock is not None and deadlock.waits else npu
    elif debuggee.failure is not None:
        told |= {"description": "the simulation can't go on", "text": str(debuggee.failure)}
    at = min(state.concerned, default=0) if npu is None else npu
    conversation.client.tell("stopped", {**told, "threadId": at + 1})


def _leaves(conversation: Conversation, deadlock: DeadlockError | None) -> bool:
    debuggee = conversation.debuggee
    if debuggee.is_only_run:
        return True
    is_shown = deadlock is not None and debuggee.stops_at_deadlock
    return not (is_shown or debuggee.stop_at_end)


def _end_words(debuggee: Debuggee, deadlock: DeadlockError | None) -> JsonObject:
    if deadlock is None:
        makespan = debuggee.stepper.result().makespan
        return {"reason": "end", "description": f"The end: the makespan is {makespan:,} ns"}
    if not debuggee.stops_at_deadlock:
        return {"reason": "end", "description": "The end: a deadlock"}
    debuggee.failure = deadlock
    first = str(deadlock).splitlines()[0]
    return {"reason": "exception", "description": first, "text": DEADLOCK}


def leave(conversation: Conversation) -> None:
    """Say that the simulation is over, with what it comes to."""
    hangs = conversation.debuggee.stepper.deadlock() is not None
    conversation.client.tell("exited", {"exitCode": _HANGS if hangs else _FINISHED})
    conversation.client.tell("terminated")
    conversation.has_ended = True
