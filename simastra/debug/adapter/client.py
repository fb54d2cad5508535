"""What is sent to the client: answers, events, output, how far something is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from threading import Lock
from time import monotonic
from typing import BinaryIO

from simastra.legible import legible

from .framing import JsonObject, framed
from .messages import ClientRequest, Malformed

_ERROR = 1  # the number of all our errors: clients tell them by their texts
_SECONDS_UNTIL_SHOWN = 1.0
_SECONDS_BETWEEN_UPDATES = 0.5
_WHOLE = 100  # per cent


class Client:
    """The other end. Threads may send at once: what each sends stays whole.

    Args:
        stream: takes bytes. A client that has gone takes nothing, which is no error.

    Attributes:
        shows_progress: whether it has said that it can show how far something is.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self.shows_progress = False
        self._stream = stream
        self._lock = Lock()
        self._sent = 0
        self._progresses = 0

    def answer(self, request: ClientRequest, body: JsonObject | None = None) -> None:
        """Say that a request was carried out, and what came of it."""
        # The protocol lets a body be left out that says nothing; not all clients do.
        self._send("response", self._answered(request, body or {}, success=True))

    def refuse(self, request: ClientRequest | Malformed, problem: str, word: str = "") -> None:
        """Say that a request wasn't carried out, and why.

        Args:
            request: which.
            problem: what is wrong, for the user.
            word: the protocol's word for that, for the client.
        """
        text = legible(problem)
        body = {"error": {"id": _ERROR, "format": text, "showUser": True}}
        answered = self._answered(request, body, success=False)
        self._send("response", {**answered, "message": word or text})

    def _answered(
        self, request: ClientRequest | Malformed, body: JsonObject, *, success: bool
    ) -> JsonObject:
        named = {"request_seq": request.seq, "success": success, "command": request.command}
        return {**named, "body": body}

    def tell(self, event: str, body: JsonObject | None = None) -> None:
        """Send an event."""
        self._send("event", {"event": event} if body is None else {"event": event, "body": body})

    def output(self, text: str, category: str = "console") -> None:
        """Show some lines to the user."""
        self.tell("output", {"category": category, "output": f"{text}\n"})

    @contextmanager
    def progress(self, title: str, request: int | None) -> Iterator[Progress]:
        """Show how far something is, if it takes long.

        Args:
            title: what is being done.
            request: the number of the request that it is for; it can be cancelled then.
        """
        self._progresses += 1
        shown = Progress(self, f"{self._progresses}", title, request)
        try:
            yield shown
        finally:
            shown.end()

    def _send(self, kind: str, content: Mapping[str, object]) -> None:
        with self._lock, suppress(OSError, ValueError):  # it has closed its end
            self._sent += 1
            self._stream.write(framed({"seq": self._sent, "type": kind, **content}))
            self._stream.flush()


class Progress:
    """How far something is. Nothing is shown of what is over within a second.

    Args:
        client: where it is shown.
        number: by which it is told from others.
        title: what is being done.
        request: the number of the request that it is for, if any.
    """

    def __init__(self, client: Client, number: str, title: str, request: int | None) -> None:
        self.number = number
        self._client = client
        self._title = title
        self._request = request
        self._shown = False
        self._next = monotonic() + _SECONDS_UNTIL_SHOWN

    @property
    def is_due(self) -> bool:
        """Whether it is time to say how far it is."""
        return self._client.shows_progress and monotonic() >= self._next

    def update(self, share: float, message: str = "") -> None:
        """Say how far it is, if it is time to.

        Args:
            share: from 0 to 1.
            message: in words.
        """
        if not self.is_due:
            return
        self._next = monotonic() + _SECONDS_BETWEEN_UPDATES
        said = {"progressId": self.number, "message": message, "percentage": share * _WHOLE}
        if self._shown:
            self._client.tell("progressUpdate", said)
            return
        self._shown = True
        of = {} if self._request is None else {"requestId": self._request, "cancellable": True}
        self._client.tell("progressStart", {**said, **of, "title": self._title})

    def end(self) -> None:
        """It is over."""
        if self._shown:
            self._client.tell("progressEnd", {"progressId": self.number})
