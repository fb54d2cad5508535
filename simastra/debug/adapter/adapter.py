"""Answers a client's requests, one after the other, in the order in which they came."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import BinaryIO

from simastra.errors import InputError
from simastra.legible import error_words
from simastra.suggestions import unknown_name

from .arguments import taken
from .client import Client
from .conversation import Conversation
from .framing import BrokenStreamError, read_message
from .handler import Answer, AskedRequest, Needs
from .inbox import DISCONNECT, END, Inbox
from .launched import Launch
from .messages import CANCELLED, ClientRequest, Malformed, RequestError, request_of
from .requests import REQUESTS


def converse(incoming: BinaryIO, outgoing: BinaryIO, launch: Launch) -> None:
    """Serve one client until it leaves.

    Args:
        incoming: what it says.
        outgoing: takes what is said to it.
        launch: reads what is to be debugged.
    """
    client, inbox = Client(outgoing), Inbox()
    Thread(target=_listen, args=(incoming, client, inbox), daemon=True).start()
    _Adapter(Conversation(client, inbox, launch)).serve()


def _listen(incoming: BinaryIO, client: Client, inbox: Inbox) -> None:
    """Take in what a client says, while others answer it, until it has said all."""
    try:
        while (content := read_message(incoming)) is not None:
            request = request_of(content)
            if request is not None:
                inbox.put(request)
            if isinstance(request, ClientRequest) and request.command == DISCONNECT:
                return  # it says nothing more, and who waits for that can't be ended
    except BrokenStreamError as error:
        client.output(f"the client can't be understood, and is left: {error}", "stderr")
    except (OSError, ValueError):
        pass  # it has gone, or its stream was closed here
    inbox.put(END)


class _Adapter:
    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation
        conversation.answer_waiting = self._answer_waiting

    def serve(self) -> None:
        """Answer until the client leaves."""
        while not self._conversation.is_over:
            self._take(self._conversation.inbox.take())

    def _answer_waiting(self) -> None:
        inbox = self._conversation.inbox
        for _ in range(len(inbox)):  # what comes meanwhile waits: the simulation is to get on
            if not self._conversation.is_over:
                self._take(inbox.take())

    def _take(self, request: ClientRequest | Malformed | None) -> None:
        conversation = self._conversation
        if request is END:
            conversation.is_over = True
        elif isinstance(request, Malformed):
            self._complain(request if request.seq else None, request.problem)
        else:
            self._respond(request)
            conversation.inbox.forget(request)

    def _respond(self, request: ClientRequest) -> None:
        client, inbox = self._conversation.client, self._conversation.inbox
        before = inbox.under_way  # of a move that waits for this
        inbox.under_way = before or request.seq
        answer = self._guarded(lambda: self._answer(request), request)
        if answer is not None:
            client.answer(request, answer.body)
            if answer.then is not None:
                self._guarded(answer.then, None)
        inbox.under_way = before

    def _answer(self, request: ClientRequest) -> Answer:
        """What a request comes to.

        Raises:
            InputError: why it comes to nothing.
        """
        handler, conversation = REQUESTS.get(request.command), self._conversation
        if handler is None:
            raise RequestError(unknown_name("request", request.command, REQUESTS))
        if conversation.inbox.is_cancelled(request):
            raise RequestError("it was cancelled", CANCELLED)
        arguments = taken(handler.takes, request.arguments)
        match handler.needs:
            case Needs.STOP:
                conversation.require_stop()
            case Needs.DEBUGGEE:
                _ = conversation.debuggee
            case Needs.NOTHING:
                pass
        return handler.answer(AskedRequest(request, arguments, conversation))

    def _guarded(
        self, act: Callable[[], Answer | None], request: ClientRequest | None
    ) -> Answer | None:
        """Do something; what goes wrong is told, and ends nothing."""
        try:
            return act()
        except InputError as error:
            word = error.word if isinstance(error, RequestError) else ""
            self._complain(request, error.on_command_line(), word)
        except Exception as error:  # noqa: BLE001, RUF100  # the last resort: a person reads this
            self._complain(request, f"internal error: {error_words(error)}")
        return None

    def _complain(
        self, request: ClientRequest | Malformed | None, problem: str, word: str = ""
    ) -> None:
        client = self._conversation.client
        if request is None:
            client.output(problem, "stderr")
        else:
            client.refuse(request, problem, word)
