"""Breakpoints about states: a queue's length, a time, an expression, a value that changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from simastra.units import Ns

from .breakpoints import Breakpoint, Reason
from .state import State


@dataclass(frozen=True, slots=True)
class LongQueue(Breakpoint):
    """Stop when more than `longer_than` messages wait at a link; at any, if none is given.

    Attributes:
        longer_than: how many messages may wait.
        src: device at the link's sending end.
        dst: device at its receiving end.
        ends: both as they are called; their numbers, if left out.
    """

    longer_than: int = 0
    src: int | None = None
    dst: int | None = None
    ends: str = field(default="", compare=False)

    @property
    def lasts(self) -> bool:
        """It is about a state."""
        return True

    def reason(self, state: State) -> str | None:
        """See `Breakpoint`."""
        for link in state.queues(self.src, self.dst):
            if len(link.items) > self.longer_than:
                arrow = state.device_names.arrow(link.src, link.dst)
                return f"{len(link.items)} messages wait at link {arrow}"
        return None

    def __str__(self) -> str:
        ends = "" if self.src is None else f" {self.ends or f'{self.src} {self.dst}'}"
        return f"link{ends} > {self.longer_than}"


@dataclass(frozen=True, slots=True)
class AtPosition(Breakpoint):
    """Stop when so many events have been executed."""

    position: int

    def reason(self, state: State) -> str | None:
        """See `Breakpoint`."""
        return f"{self}" if state.position >= self.position else None

    def __str__(self) -> str:
        return f"event {self.position}"


@dataclass(frozen=True, slots=True)
class AtTime(Breakpoint):
    """Stop when all that happens before `time` (in ns) has happened."""

    time: Ns

    @property
    def lasts(self) -> bool:
        """It is about a state."""
        return True

    def reason(self, state: State) -> str | None:
        """See `Breakpoint`."""
        if state.next_time is None or state.next_time < self.time:
            return None
        return f"all before {self.time:,} ns has happened, the next is at {state.next_time:,} ns"

    def __str__(self) -> str:
        return f"time {self.time}ns"  # as it can be typed, and with its unit


@dataclass(frozen=True, slots=True)
class NextTime(Breakpoint):
    """Stop when the next event is of a later time."""

    def reason(self, state: State) -> str | None:
        """See `Breakpoint`."""
        over = state.next_time is not None and state.next_time > state.now
        return "the end of the tick" if over else None

    def __str__(self) -> str:
        return "tick"


@dataclass(frozen=True, slots=True)
class Condition(Breakpoint):
    """Stop when `predicate` becomes true.

    Attributes:
        predicate: is asked after every event; it must only look.
        text: what it says, for people.
    """

    predicate: Callable[[State], object]
    text: str = "condition"

    @property
    def lasts(self) -> bool:
        """It is about a state."""
        return True

    def reason(self, state: State) -> str | None:
        """See `Breakpoint`."""
        return f"{self}" if self.predicate(state) else None

    def __str__(self) -> str:
        return f"if {self.text}"


@dataclass(frozen=True, slots=True)
class AtChange(Breakpoint):
    """Stop when a value changes.

    Attributes:
        watched: gives the value; it is asked after every event, and must only look.
        text: what the value is, for people.
    """

    watched: Callable[[State], object]
    text: str = "value"

    def reason(self, state: State) -> str | None:  # no state is a change
        """No state by itself is a change."""
        return None

    def value(self, state: State) -> object:
        """What is watched."""
        return self.watched(state)

    def change(self, before: object, now: object, state: State) -> str | None:
        """See `Breakpoint`."""
        if before == now:
            return None
        return f"{self.text} was {_short(before)}, is {_short(now)}"

    def __str__(self) -> str:
        return f"watch {self.text}"


@dataclass(frozen=True, slots=True)
class ConditionalBreakpoint(Breakpoint):
    """Stop where `first` does, given that `condition` holds then."""

    first: Breakpoint
    condition: Condition

    @property
    def lasts(self) -> bool:
        """As the first."""
        return self.first.lasts

    def reason(self, state: State) -> Reason | None:
        """See `Breakpoint`."""
        return self._if_it_holds(self.first.reason(state), state)

    def value(self, state: State) -> object:
        """As the first."""
        return self.first.value(state)

    def change(self, before: object, now: object, state: State) -> Reason | None:
        """See `Breakpoint`."""
        return self._if_it_holds(self.first.change(before, now, state), state)

    def _if_it_holds(self, reason: Reason | None, state: State) -> Reason | None:
        return reason if self.condition.reason(state) is not None else None

    def __str__(self) -> str:
        return f"{self.first} {self.condition}"


def _short(value: object) -> str:
    """A value in a line."""
    text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


_LONGEST = 60  # characters of a value that has changed
