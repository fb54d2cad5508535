"""The stepper: a simulation forward and backward, one event at a time or to where it should stop.

A position is a number of executed events. A simulation does the same every time, so that going back
is to start again, from a snapshot or from the beginning, and to execute as many events as are left
to that position.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from simastra.engine import ModelEvent
from simastra.errors import DeadlockError
from simastra.gc_policy import patient_collector
from simastra.result import Result
from simastra.simulation import Run, Simulation
from simastra.suggestions import moved
from simastra.units import NpuId, Ns

from .breakpoints import AtEvent, AtNode, Breakpoint, NodePattern
from .command_error import CommandError
from .numbered_breakpoints import Breakpoints, Hit
from .snapshots import Snapshots, events_between
from .state import State
from .state_breakpoints import AtPosition, AtTime, NextTime
from .stop import Stop

_BETWEEN_LOOKS = 1000
"""Events that are re-executed between two looks at whether somebody has interrupted it."""


class Stepper:
    """Steps through a simulation.

    Every move stops at breakpoints on its way, and at the end. Stepping changes nothing: the
    simulation's records are those of its run.

    Args:
        source: the simulation; or what starts a run of it each time, with probes of your own for
            instance. They must be alike.
        snapshot_events: events between two snapshots of the run, from which it goes back; they
            become more in a long one. Chosen by default. Runs with probes of your own have none.

    Attributes:
        breakpoints: those that are set.

    >>> from simastra import NetworkConfig, SystemConfig, TraceBuilder
    >>> et = TraceBuilder()
    >>> _ = et.compute("work", micros=2)
    >>> network = NetworkConfig(topology=["Ring"], npus_count=[2], bandwidth=[50], latency=[500])
    >>> stepper = Stepper(Simulation(et, SystemConfig(preferred_dataset_splits=4), network))
    >>> stepper.next_finished().time
    2000
    >>> stepper.back().time
    0
    """

    def __init__(
        self,
        source: Simulation | Callable[[], Run],
        snapshot_events: int | None = None,
    ) -> None:
        self._start = source.start if isinstance(source, Simulation) else source
        self._state = State(self._start())
        every = (
            events_between(len(self._state.npus)) if snapshot_events is None else snapshot_events
        )
        self._snapshots = Snapshots(every, possible=isinstance(source, Simulation))
        self._torn = False
        self._interrupted = False
        self._is_moving = False
        self.breakpoints = Breakpoints()

    @property
    def state(self) -> State:
        """What can be seen at this position. Going back makes a new one."""
        while self._torn:  # an event was cut short, by Ctrl-C say: nobody may see half of it
            self._interrupted = False
            self._go_back_to(self.position)
        return self._state

    @property
    def position(self) -> int:
        """How many events have been executed."""
        return self._state.position

    def step(self, events: int = 1) -> Stop:
        """Execute one event, or several.

        Raises:
            CommandError: if `events` is less than 1.
        """
        return self._advance(AtPosition(self.position + _counted(events)))

    def tick(self) -> Stop:
        """Execute the events that are left of this nanosecond; all of the next, if none is left."""
        happened: list[ModelEvent] = []
        stop = self._advance(NextTime(), gathered=happened)
        return replace(stop, happened=tuple(happened))

    def next_of(self, npu: NpuId) -> Stop:
        """Execute up to the next event that does something at an NPU."""
        return self._advance(AtEvent(npu))

    def next_issued(self, pattern: NodePattern = NodePattern()) -> Stop:  # noqa: B008  # frozen
        """Execute until an ET node is issued."""
        return self._advance(AtNode(pattern))

    def next_finished(self, pattern: NodePattern = NodePattern()) -> Stop:  # noqa: B008  # frozen
        """Execute until an ET node is finished."""
        return self._advance(AtNode(pattern, issued=False, finished=True))

    def advance_to(self, target: Breakpoint) -> Stop:
        """Execute at least one event, until a breakpoint stops it or `target` does."""
        return self._advance(target)

    def until(self, time: Ns) -> Stop:
        """Execute all that happens before `time`, in ns."""
        state = self.state
        if state.next_time is None or state.next_time >= time:
            return self._stop()
        return self._advance(AtTime(time))

    def resume(self) -> Stop:
        """Execute up to the next breakpoint, or to the end."""
        return self._advance()

    def finish(self) -> Stop:
        """Execute to the end, past all breakpoints."""
        return self._advance(points=Breakpoints())

    def back(self, events: int = 1) -> Stop:
        """Go back by some events, at most to the beginning.

        Raises:
            CommandError: if `events` is less than 1.
        """
        return self.go_to(max(0, self.position - _counted(events)))

    def go_to(self, position: int) -> Stop:
        """Go to a position, wherever it is; breakpoints don't count.

        Raises:
            CommandError: if the simulation has fewer events; nothing has changed, but for being at
                its end.
        """
        if position < 0:
            raise CommandError(f"positions count from 0, not {position}")
        with self._moving():
            if position < self.position:
                self._go_back_to(position)
            while self.position < position and not self._interrupted:
                if self.state.ended:
                    raise CommandError(f"there are only {self.position:,} events; this is the end")
                self._execute()
        return self._stop()

    def go_to_time(self, time: Ns) -> Stop:
        """Go to where all that happens before `time`, in ns, has happened and nothing else has.

        Breakpoints don't count.
        """
        with self._moving():
            if self.state.now >= time and self.position:
                self._go_back_to_time(time)
            while _is_before(self.state, time) and not self._interrupted:
                self._execute()
        return self._stop()

    def back_to(self, target: Breakpoint | None = None) -> Stop | None:
        """Go back to the last position before this one where a breakpoint stops, or `target` does.

        Returns:
            None if there is none, or if it was interrupted; nothing has changed then.
        """
        last, end = None, self.position - 1
        with self._moving():
            while last is None and end > 0 and not self._interrupted:
                past = self._snapshots.before(end) or State(self._start())
                begin = past.position
                last = self._last_stop(past, end, target)
                end = begin
        return None if last is None or self._interrupted else self.go_to(last)

    def interrupt(self) -> None:
        """Let the move under way stop after the present event; for signal handlers and threads."""
        self._interrupted = True

    @property
    def was_interrupted(self) -> bool:
        """Whether `interrupt` was called during the last move, or since."""
        return self._interrupted

    @property
    def can_be_interrupted(self) -> bool:
        """Whether a move is under way that `interrupt` hasn't been called for."""
        return self._is_moving and not self._interrupted

    def deadlock(self) -> DeadlockError | None:
        """Why the simulation hangs; None while it doesn't, or if it has finished."""
        if not self.state.ended:
            return None
        try:
            self.state.run.run()
        except DeadlockError as error:
            return error
        return None

    def result(self) -> Result:
        """What is known so far: the outcome, if all NPUs have finished."""
        return self.state.run.result()

    if not TYPE_CHECKING:  # which would let any name pass otherwise

        def __getattr__(self, name: str) -> object:
            """Say where a name of earlier versions has gone."""
            raise moved(self, name, {"points": "it is called breakpoints: stepper.breakpoints"})

    def _advance(
        self,
        target: Breakpoint | None = None,
        *,
        points: Breakpoints | None = None,
        gathered: list[ModelEvent] | None = None,
    ) -> Stop:
        """Execute until a breakpoint or the target stops it, but at least one event.

        Args:
            target: where to stop at the latest.
            points: the breakpoints that count; by default those that are set.
            gathered: gets what all of the events do.
        """
        points = self.breakpoints if points is None else points
        hits: list[Hit] = []
        with self._moving():
            points.look_at(self.state)
            while not self.state.ended:
                self._execute()
                if gathered is not None:
                    gathered.extend(self._state.happened)
                hits = points.counted(points.hits(self._state))
                if hits or (target is not None and target.reason(self._state) is not None):
                    break
                if self._interrupted:  # after an event, so that one who often does lets it go on
                    break
        points.drop_temporary(hits)
        return self._stop(hits)

    def _last_stop(self, past: State, end: int, target: Breakpoint | None) -> int | None:
        """The last position up to `end` where something stops a state that goes on until there."""
        last = None
        self.breakpoints.look_at(past)
        while past.position < end and not self._interrupted:
            past.execute()
            hits = self.breakpoints.hits(past)
            if hits or (target is not None and target.reason(past) is not None):
                last = past.position
        return last

    @contextmanager
    def _moving(self) -> Iterator[None]:
        self._interrupted, self._is_moving = False, True
        try:
            with patient_collector():
                yield
        finally:
            self._is_moving = False

    def _execute(self) -> None:
        try:
            self._state.execute()
        except BaseException:
            self._torn = True
            raise
        self._snapshots.look_at(self._state)

    def _go_back_to(self, position: int) -> None:
        """Re-execute up to a position; interrupted, stay at this one."""
        past = self._snapshots.before(position + 1) or State(self._start())
        while past.position < position:
            if self._interrupted:
                return
            past.replay(min(past.position + _BETWEEN_LOOKS, position))
        self._state = past
        self._torn = False

    def _go_back_to_time(self, time: Ns) -> None:
        """Re-execute what happens before a time; interrupted, stay at this position."""
        past = self._snapshots.before_time(time) or State(self._start())
        while _is_before(past, time):
            if self._interrupted:
                return
            past.execute()
        self._state = past
        self._torn = False

    def _stop(self, hits: Sequence[Hit] = ()) -> Stop:
        state = self.state
        return Stop(
            position=state.position,
            time=state.now,
            happened=tuple(state.happened),
            hits=tuple(hits),
            upcoming=state.upcoming,
            ended=state.ended,
            interrupted=self._interrupted,
            device_names=state.device_names,
        )


def _counted(events: int) -> int:
    if events < 1:
        raise CommandError(f"a number of events is 1 at least, not {events}")
    return events


def _is_before(state: State, time: Ns) -> bool:
    """Whether the next event of a state happens before a time."""
    return state.next_time is not None and state.next_time < time
