"""What is between a client and the adapter: what was asked, what is debugged, what is going on."""

from __future__ import annotations

from collections.abc import Callable

from .client import Client
from .debuggee import Debuggee
from .inbox import Inbox
from .launched import Launch
from .messages import NOT_STOPPED, RequestError


class Conversation:
    """One client's session.

    Args:
        client: it.
        inbox: what it asks.
        launch: reads what is to be debugged.

    Attributes:
        first_line: the number of the client's first line, 1 or 0.
        first_column: likewise of columns.
        is_running: whether the simulation is going on.
        pauses: whether the client wants it to stop.
        has_begun: whether the client has said all that comes before.
        has_ended: whether the client has been told that the simulation is over.
        is_over: whether the client has left.
        answer_waiting: answers what has arrived during a move.
    """

    def __init__(self, client: Client, inbox: Inbox, launch: Launch) -> None:
        self.client = client
        self.inbox = inbox
        self.launch = launch
        self.first_line = self.first_column = 1
        self.is_running = False
        self.pauses = False
        self.has_begun = False
        self.has_ended = False
        self.is_over = False
        self.answer_waiting: Callable[[], None] = lambda: None
        self._debuggee: Debuggee | None = None

    @property
    def has_debuggee(self) -> bool:
        """Whether something is debugged."""
        return self._debuggee is not None

    @property
    def debuggee(self) -> Debuggee:
        """What is debugged.

        Raises:
            RequestError: nothing is.
        """
        if self._debuggee is None:
            raise RequestError("nothing is debugged; 'launch' comes first")
        return self._debuggee

    @debuggee.setter
    def debuggee(self, debuggee: Debuggee) -> None:
        self._debuggee = debuggee

    def require_stop(self) -> None:
        """Refuse what can't be done now.

        Raises:
            RequestError: if the simulation is going on or has been left, or nothing is debugged.
        """
        if self.debuggee and self.is_running:
            raise RequestError("the simulation is running; pause it first", NOT_STOPPED)
        if self.has_ended:
            raise RequestError("the simulation has been left; 'disconnect' and start again")

    def line(self, line: int) -> int:
        """One of our lines, from 1, as the client counts."""
        return line - 1 + self.first_line

    def our_line(self, line: int) -> int:
        """One of the client's lines, from 1."""
        return line + 1 - self.first_line
