"""The event queue: a simpy.Environment in whole nanoseconds, first in first out at equal times.

ASTRA-sim keeps one global queue in which events for the same nanosecond run in the order in which
they were inserted, those inserted for "now" while "now" runs included (behaviour 3.1). SimPy's heap
of (time, priority, number) gives the same order; a list per distinct time gives it too, at less
than half the cost, and admits plain calls for which no Event object is made.
"""

from collections.abc import Iterator
from functools import partial
from heapq import heappop, heappush
from operator import length_hint
from typing import Any

import simpy
from simpy.core import EmptySchedule, Infinity, SimTime, StopSimulation
from simpy.events import NORMAL, Event, EventPriority

from simastra.errors import TimeRangeError
from simastra.gc_policy import patient_collector
from simastra.units import LATEST_TIME, NpuId, Ns

from .agenda import Agenda
from .calls import Call
from .category import Category

_FIRST = EventPriority(-1)
"""Before all of SimPy's own priorities."""


class _Lines(dict[Ns, list[Call]]):
    """What runs at each time, in order. A time that isn't there yet gets an empty line.

    Attributes:
        times: heap of the times that have a line.
    """

    def __init__(self) -> None:
        super().__init__()
        self.times: list[Ns] = []

    def __missing__(self, time: Ns) -> list[Call]:
        if time > LATEST_TIME:
            raise TimeRangeError(time)
        heappush(self.times, time)
        line: list[Call] = []
        self[time] = line
        return line


class Environment(simpy.Environment):
    """A ``simpy.Environment`` whose clock counts whole nanoseconds.

    Processes, timeouts, ``step()``, ``peek()`` and ``run(until=...)`` work as in SimPy. Beside
    SimPy's events it takes plain calls (`call_later`): the model schedules exactly one for each
    event of ASTRA-sim, so that ties inside a nanosecond fall alike.

    >>> env = Environment()
    >>> seen = []
    >>> env.call_later(5, lambda: seen.append((env.now, "b")))
    >>> env.call_later(0, lambda: seen.append((env.now, "a")))
    >>> env.run()
    >>> seen
    [(0, 'a'), (5, 'b')]
    """

    # SimPy's own heap (self._queue) keeps only what is ahead of the normal events of a tick: the
    # start of a process, an interrupt, the end of run(until=time), what a stopped run had begun.

    def __init__(self) -> None:
        super().__init__(initial_time=0)
        self._now: Ns = 0
        self._lines = _Lines()
        self._times = self._lines.times
        self._line: Iterator[Call] | None = None
        """What is left of the line that is being run: that of the first time. It stays in `_lines`
        to its end, since what is scheduled for now belongs to it; a list's iterator sees that."""

    @property
    def now(self) -> Ns:
        """The simulated time, in ns."""
        return self._now

    def call_later(self, delay: Ns, call: Call, spent_on: Category = Category.OTHER) -> None:
        """Run `call` in `delay` ns (0: later in this nanosecond, after all that is due already).

        Args:
            delay: in ns.
            call: what is then called.
            spent_on: what takes until then, for those who ask where the time went.

        Raises:
            TimeRangeError: if that is later than time goes.
        """
        try:
            self._lines[self._now + delay].append(call)
        except TimeRangeError as error:
            raise TimeRangeError(error.time, call, spent_on=spent_on) from None

    def call_next(self, call: Call) -> None:
        """Run `call` in this nanosecond, before all that is due already."""
        event = self.event()
        event.callbacks.append(partial(_run_call, call))
        event._ok, event._value = True, None
        heappush(self._queue, (self._now, _FIRST, next(self._eid), event))

    def agenda(self, npu: NpuId) -> Agenda:  # for those who watch its events
        """Make the agenda of an NPU in this environment."""
        return Agenda(self)

    def schedule(self, event: Event, priority: EventPriority = NORMAL, delay: SimTime = 0) -> None:
        """Schedule a SimPy event, as ``simpy.Environment.schedule`` does.

        Raises:
            TimeRangeError: if that is later than time goes.
            ValueError: if `delay` is not a whole number of nanoseconds.
        """
        whole = int(delay)
        if whole != delay:
            raise ValueError(f"simulated time is in whole nanoseconds, got a delay of {delay}")
        if priority == NORMAL:
            self._lines[self._now + whole].append(partial(self._run_event, event))
        else:
            super().schedule(event, priority, whole)

    def _run_event(self, event: Event) -> None:
        """SimPy knows how to run an event and what to do if it failed or stops the run."""
        heappush(self._queue, (self._now, _FIRST, next(self._eid), event))
        super().step()

    def run(self, until: SimTime | Event | None = None) -> Any:
        """Run to the end, to a time, or to an event, as ``simpy.Environment.run`` does."""
        with patient_collector():
            if until is not None:
                return super().run(until)
            try:
                self._run_all()
            except StopSimulation as stop:
                return stop.args[0]
            return None

    def _run_all(self) -> None:
        """The same as `step` until nothing is left, line by line: 30 ns a call, not 180."""
        ahead, times, lines = self._queue, self._times, self._lines
        while ahead or times:
            if ahead and self._is_ahead():
                super().step()
                continue
            line = self._line
            if line is None:  # as in _first_line
                self._now = times[0]
                self._line = line = iter(lines[times[0]])
            for call in line:
                call()
                if ahead:
                    break
            else:
                self._line = None
                del lines[heappop(times)]

    def step(self) -> None:
        """Run the next event.

        Raises:
            simpy.core.EmptySchedule: if there is none.
        """
        self._leave_finished_line()
        if self._is_ahead():
            super().step()
        elif self._times:
            next(self._first_line())()
        else:
            raise EmptySchedule

    def _is_ahead(self) -> bool:
        """Whether the next event is one of those that SimPy keeps ahead of a tick."""
        first_line = self._times[0] if self._times else Infinity
        return bool(self._queue) and self._queue[0][0] <= first_line

    def _first_line(self) -> Iterator[Call]:
        """What is left of the first line; the clock is then at its time."""
        if self._line is None:
            self._now = self._times[0]
            self._line = iter(self._lines[self._now])
        return self._line

    def _leave_finished_line(self) -> None:
        if self._line is not None and not length_hint(self._line):
            self._line = None
            del self._lines[heappop(self._times)]

    def peek(self) -> SimTime:
        """Time of the next event in ns, or ``simpy.core.Infinity`` where there is none."""
        self._leave_finished_line()
        first_line = self._times[0] if self._times else Infinity
        return min(first_line, super().peek())

    def pending(self) -> Iterator[tuple[Ns, Event | Call]]:
        """What is scheduled, with its time, in the order in which it will run.

        What SimPy keeps ahead of a tick (the start of a process, the end of a run) isn't told.
        """
        for number, time in enumerate(sorted(self._times)):
            line = self._lines[time]
            if number == 0 and self._line is not None:  # it is being run
                line = line[len(line) - length_hint(self._line) :]
            for call in line:
                yield time, _event_of(call) or call


def _run_call(call: Call, _event: Event) -> None:
    call()


def _event_of(call: Call) -> Event | None:
    """The SimPy event that a call of a line stands for, if it does."""
    if isinstance(call, partial) and len(call.args) == 1 and isinstance(call.args[0], Event):
        return call.args[0]
    return None
