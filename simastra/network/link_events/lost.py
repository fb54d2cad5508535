"""Messages that may be lost on a link that goes down, and are then sent again at their cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self, TypeAlias

from simastra.network.message import LostTime, Message

from .event import Ends

FaultCause: TypeAlias = tuple[Ends, str]
"""A link, and the names of the events for which it isn't as usual."""


def lost_times(faults: Mapping[FaultCause, float]) -> tuple[LostTime, ...]:
    """What events have cost a message, in ns by their causes, as its account has it."""
    return tuple(LostTime(link, time, (), why) for (link, why), time in faults.items())


class LosableMessage(Message):
    """A message whose bytes may be lost on the way: then another is on its way in its place."""

    _first: LosableMessage | None = None

    def again(self) -> Self:
        """Lose it: what is scheduled for it comes to nothing. The other arrives for it."""
        self.is_lost = True
        other = type(self)(self.env, self.src, self.dst, self.size, self.tag)
        other.route, other.hop, other.follows = self.route, self.hop, self.follows
        first = other._first = self._first or self  # not a chain, which could be long
        other.callbacks.append(first._arrive_by)
        return other

    def arrive(self) -> None:
        """Be there, unless it was lost."""
        if not self.is_lost:
            super().arrive()

    def cross_next_link(self) -> None:
        """Reach the end of a link, unless it was lost on it."""
        if not self.is_lost:
            super().cross_next_link()

    def says(self, call: object) -> str:
        """What a call that is scheduled for it does, in words."""
        return f"nothing: {self.words} were lost" if self.is_lost else super().says(call)

    def _arrive_by(self, _other: object) -> None:
        super().arrive()
