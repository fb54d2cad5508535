"""The place in its nanosecond of what a looked-up collective leads to.

All that such a collective does is left out, but the event that schedules its end: a leap. It is
scheduled when the collective begins, earlier than it would be. So it may come before others of its
nanosecond that are before it on the plain path; then that collective is better simulated.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from simastra.shortcut_use import Shortcut
from simastra.units import NpuId, Ns

from .lineage import Entry
from .refusal import Refused

Instance: TypeAlias = tuple[NpuId, int]
"""One collective of a representative: its number, and the ET node's id."""


class Conflict(Refused):
    """A collective shouldn't have been looked up.

    Attributes:
        instance: which.
    """

    def __init__(self, reason: str, instance: Instance) -> None:
        super().__init__(reason, Shortcut.MEMO)
        self.args = reason, instance  # SimPy makes a copy of them
        self.instance = instance


@dataclass(frozen=True, slots=True)
class Leap:
    """What is known of a leap.

    Attributes:
        instance: the collective.
        began: when it began, in ns.
        inserted: when, from then on, the leap and those that it goes back to would be inserted.
    """

    instance: Instance
    began: Ns
    inserted: tuple[Ns, ...]

    @property
    def is_inserted(self) -> Ns:
        """When it would be, in ns."""
        return self.began + self.inserted[0]

    def goes_back_as(self, other: Leap | None) -> bool:
        """Whether another goes back to its collective's beginning in the same steps."""
        return other is not None and self.began == other.began and self.inserted == other.inserted


class Leaps:
    """Watches over the leaps' places."""

    def __init__(self) -> None:
        self._coming: dict[Entry, Leap] = {}
        self._time: Ns = -1
        self._ran: list[tuple[Entry, Leap | None]] = []
        """What has run in this nanosecond."""
        self._has_leaps = False

    def expect(self, entry: Entry, leap: Leap) -> None:
        """Note that an event that has been scheduled is a leap."""
        self._coming[entry] = leap

    def note(self, entry: Entry, now: Ns) -> None:
        """Note that an event runs now.

        Raises:
            Conflict: it may not be its turn.
        """
        if now != self._time:
            self._time = now
            self._ran.clear()
            self._has_leaps = False
        leap = self._coming.pop(entry, None)
        self._has_leaps = self._has_leaps or leap is not None
        if self._has_leaps:
            for other, theirs in self._ran:
                self._check(entry, leap, other, theirs)
        self._ran.append((entry, leap))

    def _check(self, entry: Entry, leap: Leap | None, other: Entry, theirs: Leap | None) -> None:
        """Check that what has run before comes first on the plain path."""
        either = leap or theirs
        if either is None or (leap is not None and leap.goes_back_as(theirs)):
            return  # ... or comes in the order in which the two collectives began
        mine = entry.inserted if leap is None else leap.is_inserted
        its = other.inserted if theirs is None else theirs.is_inserted
        if other.inserted == entry.inserted or its >= mine:
            reason = f"at {self._time} ns it isn't certain what comes before a collective's end"
            raise Conflict(reason, either.instance)
