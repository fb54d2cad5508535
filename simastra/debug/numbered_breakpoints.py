"""The breakpoints that are set, by number, and which of them stop at a state."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from simastra.engine import ModelEvent

from .breakpoints import Breakpoint, Reason
from .command_error import CommandError
from .state import State
from .state_breakpoints import Condition, ConditionalBreakpoint


@dataclass(frozen=True, slots=True)
class NumberedBreakpoint:
    """A breakpoint that is set.

    Attributes:
        number: by which it is referred to, from 1; never given out again.
        what: what it stops at.
        temporary: whether it is removed when it stops something.
        enabled: whether it stops anything.
        condition: stops only if it is true then; None to stop always.
        ignore: how many times more it is passed over, going forward.
        hits: how often it has stopped something, or been passed over, going forward.
        commands: what the prompt carries out when it stops there.
    """

    number: int
    what: Breakpoint
    temporary: bool = False
    enabled: bool = True
    condition: Condition | None = None
    ignore: int = 0
    hits: int = 0
    commands: tuple[str, ...] = ()

    @property
    def meant(self) -> Breakpoint:
        """What it stops at, with its condition."""
        return (
            self.what
            if self.condition is None
            else ConditionalBreakpoint(self.what, self.condition)
        )

    def __str__(self) -> str:
        return f"{self.meant}"


@dataclass(frozen=True, slots=True)
class Hit:
    """That a breakpoint stops here.

    Attributes:
        number: the breakpoint's.
        reason: why, in words.
        commands: what the prompt is to do.
        event: what it is about; None if it is about no event.
    """

    number: int
    reason: str
    commands: tuple[str, ...] = ()
    event: ModelEvent | None = None

    def __str__(self) -> str:
        return f"breakpoint {self.number}: {self.reason}"


class Breakpoints:
    """Numbered breakpoints. Iterating gives them in order of their numbers."""

    def __init__(self) -> None:
        self._points: dict[int, NumberedBreakpoint] = {}
        self._given_out = 0
        self._held: set[int] = set()
        """Those about a state that is entered already: they stop when it is entered again."""
        self._values: dict[int, object] = {}
        """What those about a change have seen."""

    def __iter__(self) -> Iterator[NumberedBreakpoint]:
        return iter(tuple(self._points.values()))

    def __len__(self) -> int:
        return len(self._points)

    def __getitem__(self, number: int) -> NumberedBreakpoint:
        """The breakpoint of a number.

        Raises:
            CommandError: if there is none.
        """
        if number not in self._points:
            numbers = ", ".join(map(str, self._points)) or "none"
            raise CommandError(f"there is no breakpoint {number}; set are {numbers}")
        return self._points[number]

    def add(
        self, what: Breakpoint, *, temporary: bool = False, condition: Condition | None = None
    ) -> NumberedBreakpoint:
        """Set a breakpoint."""
        self._given_out += 1
        point = NumberedBreakpoint(self._given_out, what, temporary, condition=condition)
        self._points[point.number] = point
        return point

    def remove(self, number: int) -> NumberedBreakpoint:
        """Remove a breakpoint.

        Raises:
            CommandError: if there is none of that number.
        """
        point = self[number]
        del self._points[number]
        return point

    def enable(self, number: int, *, enabled: bool = True) -> NumberedBreakpoint:
        """Let a breakpoint stop something again, or not any more.

        Raises:
            CommandError: if there is none of that number.
        """
        return self._change(replace(self[number], enabled=enabled))

    def give(self, number: int, condition: Condition | None) -> NumberedBreakpoint:
        """Let a breakpoint stop only if something is true then; None to let it stop always.

        Raises:
            CommandError: if there is none of that number.
        """
        return self._change(replace(self[number], condition=condition))

    def ignore(self, number: int, count: int) -> NumberedBreakpoint:
        """Let a breakpoint be passed over so many times, going forward.

        Raises:
            CommandError: if there is none of that number.
        """
        return self._change(replace(self[number], ignore=count))

    def command(self, number: int, commands: tuple[str, ...]) -> NumberedBreakpoint:
        """Say what the prompt carries out when a breakpoint stops.

        Raises:
            CommandError: if there is none of that number.
        """
        return self._change(replace(self[number], commands=commands))

    def look_at(self, state: State) -> None:
        """Begin here: what is the case already is nothing to stop at."""
        enabled = [point for point in self if point.enabled]
        self._values = {point.number: point.what.value(state) for point in enabled}
        self._held = {
            point.number
            for point in enabled
            if point.what.lasts and point.meant.reason(state) is not None
        }

    def hits(self, state: State) -> list[Hit]:
        """Those that stop here, after the event that led from the state last looked at."""
        hits = []
        for point in self._points.values():
            reason = self._reason(point, state) if point.enabled else None
            if reason is None:
                self._held.discard(point.number)
                continue
            if point.number not in self._held:
                event = None if isinstance(reason, str) else reason
                hits.append(Hit(point.number, f"{reason}", point.commands, event))
            if point.what.lasts:
                self._held.add(point.number)
        return hits

    def counted(self, hits: list[Hit]) -> list[Hit]:
        """Count these; those that are to be passed over are left out."""
        stopping = []
        for hit in hits:
            point = self._points[hit.number]
            self._change(replace(point, hits=point.hits + 1, ignore=max(0, point.ignore - 1)))
            if not point.ignore:
                stopping.append(hit)
        return stopping

    def drop_temporary(self, hits: list[Hit]) -> None:
        """Remove those that were to stop once and have done so."""
        for hit in hits:
            if self._points[hit.number].temporary:
                del self._points[hit.number]

    def _reason(self, point: NumberedBreakpoint, state: State) -> Reason | None:
        before = self._values.get(point.number)
        now = self._values[point.number] = point.what.value(state)
        return point.meant.change(before, now, state)

    def _change(self, point: NumberedBreakpoint) -> NumberedBreakpoint:
        self._points[point.number] = point
        return point
