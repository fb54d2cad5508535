"""When an NPU works, and how fast: its events, put together along time.

All is known before the run begins: so what an NPU begins at some time has an end that can be told
at once, and no event of the run has to be taken back.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple, TypeAlias

from simastra.units import Ns

from .conditions import USUAL_SPEED, NpuEvent


class Stretch(NamedTuple):
    """A time that an NPU needs for something.

    Attributes:
        time: how long it is, in ns.
        because: names of the events that it is lost to; empty for the work itself.
    """

    time: Ns
    because: str = ""


Stretches: TypeAlias = Sequence[Stretch]


@dataclass(frozen=True, slots=True)
class _Period:
    """A time in which an NPU works alike.

    Attributes:
        end: its end, in ns; None for none.
        speed: of computations; 0 where the NPU stands still.
        because: names of the events that it comes from.
        standing: the event for which it stands still, the last to end; None where it works.
    """

    end: Ns | None
    speed: Fraction
    because: str
    standing: NpuEvent | None


class Hours:
    """When an NPU works.

    Args:
        events: what happens to it, in order of time.
    """

    def __init__(self, events: Sequence[NpuEvent]) -> None:
        self._starts, self._periods = _put_together(events)
        self.events = tuple(events)

    def stretches(self, start: Ns, work: Ns, *, is_computation: bool) -> Stretches | None:
        """What it takes to do some work, in order; None if it is never done.

        It is done in the first nanosecond in which the NPU doesn't stand still and has worked as
        long as it takes: an NPU that stops at a time does nothing more at that time.

        Args:
            start: from when on, in ns.
            work: what it takes as usual, in ns.
            is_computation: whether it is one, which takes longer where these are slower.
        """
        told: list[Stretch] = []
        left, done, now = Fraction(work), Fraction(0), start
        for period in self._from(start):
            speed = period.speed if is_computation or not period.speed else USUAL_SPEED
            end = period.end
            if speed:
                finish = now + ceil(left / speed)
                over = end is None or finish < end
                until = finish if over or end is None else end
                part = min(left, (until - now) * speed)
                usual = floor(done + part) - floor(done)
                _add(told, usual, "")
                _add(told, until - now - usual, period.because)
                if over:
                    return told
                left, done, now = left - part, done + part, until
            elif end is None:
                return None
            else:
                _add(told, end - now, period.because)
                now = end
        raise AssertionError("the last period has no end")

    def standing(self, at: Ns) -> NpuEvent | None:
        """The event for which the NPU stands still at a time; None if it works."""
        return self._periods[self._index(at)].standing

    def _from(self, start: Ns) -> Iterator[_Period]:
        return (self._periods[it] for it in range(self._index(start), len(self._periods)))

    def _index(self, at: Ns) -> int:
        return bisect_right(self._starts, at) - 1


def _put_together(events: Iterable[NpuEvent]) -> tuple[list[Ns], list[_Period]]:
    """When periods begin, and what they are like."""
    begun: dict[Ns, list[NpuEvent]] = {0: []}
    for event in events:
        begun.setdefault(event.at, []).append(event)
        if event.until is not None:
            begun.setdefault(event.until, [])
    starts, held = sorted(begun), list[NpuEvent]()
    periods = []
    for start, end in zip(starts, [*starts[1:], None], strict=True):
        held = [it for it in held if it.until is None or it.until > start]
        held.extend(begun[start])
        periods.append(_period(held, end))
    return starts, periods


def _end(event: NpuEvent) -> tuple[bool, Ns]:
    return event.until is None, event.until or 0


def _period(events: Sequence[NpuEvent], end: Ns | None) -> _Period:
    speed = USUAL_SPEED
    for event in events:
        speed *= event.speed
    stopping = [it for it in events if it.stops]
    names = ", ".join(sorted({it.place for it in stopping or events}))
    return _Period(end, speed, names, max(stopping, key=_end, default=None))


def _add(told: list[Stretch], time: Ns, because: str) -> None:
    if time:
        if told and told[-1].because == because:
            time += told.pop().time
        told.append(Stretch(time, because))
