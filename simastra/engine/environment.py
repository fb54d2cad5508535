"""The event queue: a simpy.Environment in whole nanoseconds, first in first out at equal times.

ASTRA-sim keeps one global queue in which events for the same nanosecond run in the order in which
they were inserted, those inserted for "now" while "now" runs included (behaviour 3.1). SimPy's heap
of (time, priority, number) gives the same order; a list per distinct time gives it too, at less
than half the cost, and admits plain calls for which no Event object is made.
"""

from collections import deque
from collections.abc import Callable
from heapq import heappop, heappush
from typing import TypeAlias

import simpy
from simpy.core import EmptySchedule, Infinity, SimTime
from simpy.events import NORMAL, Event, EventPriority

from simastra.units import Ns

Call: TypeAlias = Callable[[], object]
"""What runs when a plain scheduled call is due: no arguments, its result is dropped."""


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

    # SimPy's own heap (self._queue) keeps only what SimPy wants ahead of the normal events of a
    # tick: the start of a process, an interrupt, the end of run(until=time).

    def __init__(self) -> None:
        super().__init__(initial_time=0)
        self._now: Ns = 0
        self._times: list[Ns] = []
        """Heap of the distinct times that have a line in `_lines`."""
        self._lines: dict[Ns, deque[Event | Call]] = {}
        """What runs at each time, in order; never an empty line."""

    @property
    def now(self) -> Ns:
        """The simulated time, in ns."""
        return self._now

    def call_later(self, delay: Ns, call: Call) -> None:
        """Run `call` in `delay` ns (0: later in this nanosecond, after all that is due already)."""
        time = self._now + delay
        line = self._lines.get(time)
        if line is None:
            self._lines[time] = deque((call,))
            heappush(self._times, time)
        else:
            line.append(call)

    def schedule(self, event: Event, priority: EventPriority = NORMAL, delay: SimTime = 0) -> None:
        """Schedule a SimPy event, as ``simpy.Environment.schedule`` does.

        Raises:
            ValueError: if `delay` is not a whole number of nanoseconds.
        """
        whole = int(delay)
        if whole != delay:
            raise ValueError(f"simulated time is in whole nanoseconds, got a delay of {delay}")
        if priority == NORMAL:
            self.call_later(whole, event)  # type: ignore[arg-type]  # a line holds both kinds
        else:
            super().schedule(event, priority, whole)

    def peek(self) -> SimTime:
        """Time of the next event in ns, or ``simpy.core.Infinity`` where there is none."""
        first_call = self._times[0] if self._times else Infinity
        return min(first_call, super().peek())

    def step(self) -> None:
        """Run the next event.

        Raises:
            simpy.core.EmptySchedule: if there is none.
        """
        if self._queue and self._queue[0][0] <= (self._times[0] if self._times else Infinity):
            super().step()
            return
        if not self._times:
            raise EmptySchedule
        time = self._times[0]
        line = self._lines[time]
        entry = line.popleft()
        if not line:
            del self._lines[time]
            heappop(self._times)
        self._now = time
        if isinstance(entry, Event):
            # SimPy knows how to run an event and what to do if it failed or stops the run.
            heappush(self._queue, (time, EventPriority(-1), next(self._eid), entry))
            super().step()
        else:
            entry()
