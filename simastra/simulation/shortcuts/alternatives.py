"""What may come in an event's place elsewhere, where that makes no difference to what is done.

Of two events that only the numbers of NPUs tell apart, other NPUs may see one or the other first
(see `ties`). Where an NPU does the same either way, only what follows goes back to another event
there. These keep which events that may be; `finish_order` tells which it is.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import NamedTuple, final

from .lineage import Entry


class Access(NamedTuple):  # they are many: a frozen dataclass takes three times as long
    """An event that accesses something.

    Attributes:
        entry: the event.
        place: its place, seen from what it accesses.
        kind: accesses of one kind may come in any order; None: of no kind.
    """

    entry: Entry
    place: int
    kind: Hashable

    def is_of_event_of(self, other: Access) -> bool:
        """Whether one event makes both."""
        return self.entry is other.entry and self.place == other.place


@final
class Interchangeable(list[Access]):
    """Accesses of one thing, of which each does what its turn has it do, whichever it is.

    They are in the order of the folded run.
    """

    __slots__ = ()

    def stand_for(self, entry: Entry) -> None:
        """Say that what follows from `entry`, which is one of them, may go back to another."""
        entry.has_rival = True
        known = entry.alternatives
        entry.alternatives = self if known is None or known is self else UNKNOWN


UNKNOWN = object()
"""There are alternatives, but not which is which."""


class Act(NamedTuple):
    """Something that an event does.

    Attributes:
        entry: the event.
        place: its place, seen from that of what it does.
        turn: how many entries had been scheduled before.
    """

    entry: Entry
    place: int
    turn: int


class Registration(NamedTuple):
    """A call that an agenda has.

    Attributes:
        act: who has registered it.
        by: which call of the same nanosecond's has registered it, by number; -1: none of them.
    """

    act: Act
    by: int


@dataclass(slots=True, eq=False)
class AgendaRun:
    """What an NPU's agenda has for a nanosecond, where different streams' calls come in any order.

    Attributes:
        entry: the event as which all of it is run.
        registrations: of its calls, in the order of the folded run.
        begun: for each call, how many entries had been scheduled when it began.
        parts: of the event, by tag: each stream's calls run as one.
    """

    entry: Entry
    registrations: list[Registration]
    begun: list[int] = field(default_factory=list)
    parts: dict[int | None, Entry] = field(default_factory=dict)

    def begin(self, tag: int | None, turn: int) -> Entry:
        """Note that the next call begins, for the stream of that tag; as which part it runs."""
        self.begun.append(turn)
        if tag not in self.parts:
            part = self.parts[tag] = self.entry.part()
            part.alternatives = self
        return self.parts[tag]

    def call_at(self, turn: int) -> int:
        """The number of the call that has scheduled the entry of that turn."""
        return bisect_right(self.begun, turn) - 1
