"""Requests that have arrived: answered in their order, unless they are cancelled meanwhile."""

from __future__ import annotations

from collections import deque
from threading import Condition

from .messages import ClientRequest, Malformed

END = None
"""Stands for the end of what the client says."""

DISCONNECT = "disconnect"
"""The last that a client says."""

_LEAVING = frozenset({DISCONNECT, "terminate"})
_URGENT = _LEAVING | {"pause"}


class Inbox:
    """A queue that one thread fills and another one empties.

    Attributes:
        under_way: the number of the request that is being carried out; 0 for none.
    """

    def __init__(self) -> None:
        self.under_way = 0
        self._waiting: deque[ClientRequest | Malformed | None] = deque()
        self._arrived = Condition()
        self._cancelled: set[int] = set()

    def put(self, request: ClientRequest | Malformed | None) -> None:
        """Add what has arrived; of a cancellation, note at once what it is about."""
        with self._arrived:
            if isinstance(request, ClientRequest) and request.command == "cancel":
                number = request.arguments.get("requestId")
                if isinstance(number, int):
                    self._cancelled.add(number)
            self._waiting.append(request)
            self._arrived.notify_all()

    def take(self) -> ClientRequest | Malformed | None:
        """The next; it is waited for. `END` once nothing will follow."""
        with self._arrived:
            self._arrived.wait_for(lambda: self._waiting)
            return self._waiting.popleft()

    def __len__(self) -> int:
        return len(self._waiting)

    def has(self, *, urgent: bool) -> bool:
        """Whether any waits; of those that end what is being done, if it is `urgent`."""
        with self._arrived:
            if not urgent:
                return bool(self._waiting)
            return any(self._is(each, _URGENT) or self.ends(each) for each in self._waiting)

    def ends(self, request: ClientRequest | Malformed | None) -> bool:
        """Whether it cancels what is being carried out."""
        if not isinstance(request, ClientRequest) or request.command != "cancel":
            return False
        given = request.arguments
        of_progress = given.get("progressId") is not None  # only what is under way has one
        return of_progress or given.get("requestId") == self.under_way

    def is_cancelled(self, request: ClientRequest) -> bool:
        """Whether it is no longer wanted."""
        with self._arrived:
            return request.seq in self._cancelled

    def forget(self, request: ClientRequest) -> None:
        """It has been answered."""
        with self._arrived:
            self._cancelled.discard(request.seq)

    @property
    def is_leaving(self) -> bool:
        """Whether the client is about to go, or has gone."""
        with self._arrived:
            return any(self._is(each, _LEAVING) for each in self._waiting)

    @staticmethod
    def _is(request: ClientRequest | Malformed | None, commands: frozenset[str]) -> bool:
        if request is END:
            return True
        return isinstance(request, ClientRequest) and request.command in commands
