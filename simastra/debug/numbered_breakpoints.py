"""The breakpoints that are set, by number, and which of them stop at a state."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from .breakpoints import Breakpoint
from .command_error import CommandError
from .state import State


@dataclass(frozen=True, slots=True)
class NumberedBreakpoint:
    """A breakpoint that is set.

    Attributes:
        number: by which it is referred to, from 1; never given out again.
        what: what it stops at.
        temporary: whether it is removed when it stops something.
        enabled: whether it stops anything.
    """

    number: int
    what: Breakpoint
    temporary: bool = False
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Hit:
    """That a breakpoint stops here: its number, and what it stopped at."""

    number: int
    reason: str

    def __str__(self) -> str:
        return f"breakpoint {self.number}: {self.reason}"


class Breakpoints:
    """Numbered breakpoints. Iterating gives them in order of their numbers."""

    def __init__(self) -> None:
        self._points: dict[int, NumberedBreakpoint] = {}
        self._given_out = 0
        self._held: set[int] = set()
        """Those about a state that is entered already: they stop when it is entered again."""

    def __iter__(self) -> Iterator[NumberedBreakpoint]:
        return iter(tuple(self._points.values()))

    def __len__(self) -> int:
        return len(self._points)

    def add(self, what: Breakpoint, *, temporary: bool = False) -> NumberedBreakpoint:
        """Set a breakpoint."""
        self._given_out += 1
        point = NumberedBreakpoint(self._given_out, what, temporary)
        self._points[point.number] = point
        return point

    def remove(self, number: int) -> NumberedBreakpoint:
        """Remove a breakpoint.

        Raises:
            CommandError: if there is none of that number.
        """
        point = self._point(number)
        del self._points[number]
        return point

    def enable(self, number: int, *, enabled: bool = True) -> NumberedBreakpoint:
        """Let a breakpoint stop something again, or not any more.

        Raises:
            CommandError: if there is none of that number.
        """
        point = replace(self._point(number), enabled=enabled)
        self._points[number] = point
        return point

    def look_at(self, state: State) -> None:
        """Begin here: what is the case already is nothing to stop at."""
        self._held = {
            point.number
            for point in self
            if point.enabled and point.what.lasts and point.what.reason(state) is not None
        }

    def hits(self, state: State) -> list[Hit]:
        """Those that stop here, after the event that led from the state last looked at."""
        hits = []
        for point in self._points.values():
            reason = point.what.reason(state) if point.enabled else None
            if reason is None:
                self._held.discard(point.number)
                continue
            if point.number not in self._held:
                hits.append(Hit(point.number, reason))
            if point.what.lasts:
                self._held.add(point.number)
        return hits

    def drop_temporary(self, hits: list[Hit]) -> None:
        """Remove those that were to stop once and have done so."""
        for hit in hits:
            if self._points[hit.number].temporary:
                del self._points[hit.number]

    def _point(self, number: int) -> NumberedBreakpoint:
        if number not in self._points:
            numbers = ", ".join(map(str, self._points)) or "none"
            raise CommandError(f"there is no breakpoint {number}; set are {numbers}")
        return self._points[number]
