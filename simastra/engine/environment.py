"""The event queue: a simpy.Environment in whole nanoseconds, first in first out at equal times.

ASTRA-sim keeps one global queue in which events for the same nanosecond run in the order in which
they were inserted, those inserted for "now" while "now" runs included (behaviour 3.1). SimPy's heap
of (time, priority, number) gives the same order; a list per distinct time gives it too, at less
than half the cost, and admits plain calls for which no Event object is made.

ASTRA-sim gives each NPU a second level of queueing, its `Agenda` here: everything that the NPU
registers for itself for one time hangs on the first registration's entry in the global queue.
Which of two NPUs comes first in a tick, and so the order of messages on a link, depends on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from heapq import heappop, heappush
from operator import length_hint
from typing import Any, NamedTuple

import simpy
from simpy.core import EmptySchedule, Infinity, SimTime, StopSimulation
from simpy.events import NORMAL, Event, EventPriority

from simastra.errors import TimeRangeError
from simastra.gc_policy import patient_collector
from simastra.units import NpuId, Ns

from .calls import Call
from .category import Category
from .ticks import Ticks

_FIRST = EventPriority(-1)
"""Before all of SimPy's own priorities."""


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
        self._ticks = Ticks(self._present)  # a method: snapshots can copy that
        self._times = self._ticks.times
        self._tick: Iterator[Call] | None = None
        """What is left of the tick that is being run: that of the first time. It stays in `_ticks`
        to its end, since what is scheduled for now belongs to it; a list's iterator sees that."""
        self._last: list[Call] = []
        """What runs once nothing else is left of the first tick."""

    @property
    def now(self) -> Ns:
        """The simulated time, in ns."""
        return self._now

    def _present(self) -> Ns:
        return self._now

    def call_later(self, delay: Ns, call: Call, spent_on: Category = Category.OTHER) -> None:
        """Run `call` in `delay` ns (0: later in this nanosecond, after all that is due already).

        Args:
            delay: in ns.
            call: what is then called.
            spent_on: what takes until then, for those who ask where the time went.

        Raises:
            TimeRangeError: if that is later than time goes.
            ValueError: if it isn't a whole number of nanoseconds, or in the past.
        """
        try:
            self._ticks[self._now + delay].append(call)
        except TimeRangeError as error:
            raise TimeRangeError(error.time, call, spent_on=spent_on) from None

    def call_last(self, call: Call) -> None:
        """Run `call` at the end of this nanosecond, after what is still scheduled for it too.

        What `call` itself schedules for this nanosecond runs after it.
        """
        self._ticks[self._now]  # makes a tick for now where there is none
        self._last.append(call)

    def fail(self, error: Exception) -> None:
        """Raise an error later in this nanosecond, out of the process that runs now.

        SimPy makes copies of a process' errors, which lack what these hold.
        """
        self.call_later(0, partial(_raise, error))

    def announce(self, call: Call) -> None:
        """Say that `call` will be scheduled, when isn't known yet, and follows from what runs now.

        Nothing is done with it here: it is for those who ask why.
        """

    def following(self, npu: NpuId, call: Call) -> Call:  # for those who ask why
        """A call that follows from where `npu` is in what runs now, whenever it is called."""
        return call

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
            self._ticks[self._now + whole].append(partial(self._run_event, event))
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
        """The same as `step` until nothing is left, tick by tick: 30 ns a call, not 180."""
        ahead, times, ticks, last = self._queue, self._times, self._ticks, self._last
        while ahead or times:
            if ahead and self._is_ahead():
                super().step()
                continue
            tick = self._tick
            if tick is None:  # as in _first_tick
                self._now = times[0]
                self._tick = tick = iter(ticks[times[0]])
            for call in tick:
                call()
                if ahead:
                    break
            else:
                if last:
                    self._begin_last()
                    continue
                self._tick = None
                del ticks[heappop(times)]

    def step(self) -> None:
        """Run the next event.

        Raises:
            simpy.core.EmptySchedule: if there is none.
        """
        self._leave_finished_tick()
        if self._is_ahead():
            super().step()
        elif self._times:
            next(self._first_tick())()
        else:
            raise EmptySchedule

    def _is_ahead(self) -> bool:
        """Whether the next event is one of those that SimPy keeps ahead of a tick."""
        first_tick = self._times[0] if self._times else Infinity
        return bool(self._queue) and self._queue[0][0] <= first_tick

    def _first_tick(self) -> Iterator[Call]:
        """What is left of the first tick; the clock is then at its time."""
        if self._tick is None:
            self._now = self._times[0]
            tick = self._ticks[self._now]
            self._tick = iter(tick)
            if not tick:  # made for what runs last in it
                self._tick = self._begin_last()
        return self._tick

    def _leave_finished_tick(self) -> None:
        if self._tick is not None and not length_hint(self._tick):
            if self._last:
                self._begin_last()
                return
            self._tick = None
            del self._ticks[heappop(self._times)]

    def _begin_last(self) -> Iterator[Call]:
        """Go on with what was to run last in the tick of which nothing else is left."""
        calls = list(self._last)
        self._last.clear()  # the list itself stays: the loop looks at it
        self._ticks[self._now] = calls
        self._tick = iter(calls)
        return self._tick

    def peek(self) -> SimTime:
        """Time of the next event in ns, or ``simpy.core.Infinity`` where there is none."""
        self._leave_finished_tick()
        first_tick = self._times[0] if self._times else Infinity
        return min(first_tick, super().peek())

    def pending(self) -> Iterator[tuple[Ns, Event | Call]]:
        """What is scheduled, with its time, in the order in which it will run.

        What SimPy keeps ahead of a tick (the start of a process, the end of a run) isn't told.
        """
        for number, time in enumerate(sorted(self._times)):
            tick = self._ticks[time]
            if number == 0 and self._tick is not None:  # it is being run
                tick = tick[len(tick) - length_hint(self._tick) :]
            for call in tick if number else [*tick, *self._last]:
                yield time, _event_of(call) or call


def _raise(error: Exception) -> None:
    raise error


def _run_call(call: Call, _event: Event) -> None:
    call()


def _event_of(call: Call) -> Event | None:
    """The SimPy event that a call of a tick stands for, if it does."""
    if isinstance(call, partial) and len(call.args) == 1 and isinstance(call.args[0], Event):
        return call.args[0]
    return None


class Lapse(NamedTuple):
    """A time that passes.

    Attributes:
        time: how long it is, in ns.
        spent_on: what it is spent on.
        because: names of the scenario's events that it is lost to; empty for none.
    """

    time: Ns
    spent_on: Category
    because: str = ""


class Agenda:
    """The events that one NPU schedules for itself: those for one ns run as one event.

    Args:
        env: the environment in which they happen.
    """

    __slots__ = ("_due", "env")

    def __init__(self, env: Environment) -> None:
        self.env = env
        self._due: dict[Ns, list[Call]] = {}

    def call_later(self, delay: Ns, call: Call, spent_on: Category = Category.OTHER) -> None:
        """Run `call` in `delay` ns, right after what this NPU has registered for that time before.

        What is registered for the current time while this NPU's entry for it runs is run by that
        entry; otherwise it makes a new one.

        Args:
            delay: in ns.
            call: what is then called.
            spent_on: what the NPU spends this time on. Nothing is done with it here (4 ns): it is
                for those who ask where the time went.

        Raises:
            TimeRangeError: if that is later than time goes.
        """
        time = self.env._now + delay  # 7 ns; `now` takes 33
        if time in self._due:
            self._due[time].append(call)
        else:
            self._due[time] = [call]
            try:
                self.env.call_later(delay, self._run_due)
            except TimeRangeError as error:
                del self._due[time]
                raise TimeRangeError(time, error.call, spent_on=spent_on) from None

    def call_after(self, lapses: Sequence[Lapse], call: Call) -> None:
        """Run `call` after all of these times, one after the other; as `call_later` otherwise."""
        self.call_later(sum(it.time for it in lapses), call, lapses[-1].spent_on)

    @property
    def times(self) -> Iterable[Ns]:
        """All times for which something is registered."""
        return self._due.keys()

    def due(self, time: Ns) -> Sequence[Call]:
        """What is registered for a time, in the order in which it will run."""
        return tuple(self._due.get(time, ()))

    def _run_due(self, rest: Iterator[Call] | None = None) -> None:
        """Run what is due now, or the rest of it where a call ended the run."""
        time = self.env._now
        calls = iter(self._due[time]) if rest is None else rest
        try:
            for call in calls:  # a list's iteration sees what is appended meanwhile
                call()
        except BaseException:  # the end of run(until=...), say: the rest comes first afterwards
            self.env.call_next(partial(self._run_due, calls))
            raise
        del self._due[time]
