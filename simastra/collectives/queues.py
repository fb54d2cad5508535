"""Which logical queue a phase gets, and in which direction that queue runs (behaviour 3.4)."""

from enum import Enum, auto
from typing import NamedTuple, TypeAlias


class Pick(Enum):
    """How a phase asks for a queue of its dimension."""

    NEXT = auto()
    """The next of all, in turn."""
    FIRST = auto()
    """The next of the lower half, which runs clockwise."""
    LAST = auto()
    """The next of the upper half, which runs anticlockwise."""


class QueueChoice(NamedTuple):
    """A queue: its number in the whole NPU, and its direction round the ring."""

    queue: int
    clockwise: bool


QueueState: TypeAlias = tuple[tuple[int, ...], ...]
"""Whose turn it is among all queues."""


class QueueTurns:
    """Whose turn it is among one NPU's queues. The turns persist from collective to collective.

    Args:
        dimensions: number of logical dimensions, each with queues of its own.
        per_dimension: queues of each.
    """

    def __init__(self, dimensions: int, per_dimension: int) -> None:
        self.per_dimension = per_dimension
        self._next = [0] * dimensions
        self._first = [0] * dimensions
        self._last = [per_dimension // 2] * dimensions

    @property
    def state(self) -> QueueState:
        """Whose turn it is, to be compared or restored."""
        return tuple(self._next), tuple(self._first), tuple(self._last)

    @state.setter
    def state(self, state: QueueState) -> None:
        self._next, self._first, self._last = map(list, state)

    def take(self, dimension: int, pick: Pick) -> QueueChoice:
        """Take a queue of `dimension` and move the turn on."""
        half = self.per_dimension // 2
        match pick:
            case Pick.NEXT:
                number = self._next[dimension]
                clockwise = self.per_dimension == 1 or number < half
                self._next[dimension] = (number + 1) % self.per_dimension
            case Pick.FIRST:
                number = self._first[dimension]
                clockwise = True
                self._first[dimension] = number + 1 if number + 1 < half else 0
            case Pick.LAST:
                number = self._last[dimension]
                clockwise = False
                following = number + 1
                self._last[dimension] = following if following < self.per_dimension else half
        return QueueChoice(dimension * self.per_dimension + number, clockwise)
