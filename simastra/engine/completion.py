"""Events that resume their waiters at once.

SimPy's ``event.succeed()`` schedules a further event that then runs the callbacks: later in the
tick, after whatever else is due. Where ASTRA-sim makes a direct call, that would reorder ties. A
`Completion` is given its value and runs its callbacks in place; a waiting process is resumed by
them, since ``Process._resume`` is just such a callback. This trick is used here and nowhere else.
"""

from functools import partial
from typing import Any

from simpy.core import StopSimulation
from simpy.events import Event

from .environment import Environment


class Completion(Event):
    """A SimPy event that is fired in place: processes may ``yield`` it, code may add callbacks.

    It must not be fired by the very process that waits for it, nor twice.
    """

    env: Environment

    def fire(self, value: Any = None) -> None:
        """Give the event its `value`, run its callbacks and resume its waiters, now."""
        self._ok = True
        self._value = value
        self._run_callbacks()

    def _run_callbacks(self) -> None:
        callbacks, self.callbacks = self.callbacks, None  # type: ignore[assignment]  # as SimPy
        for callback in callbacks:
            try:
                callback(self)
            except StopSimulation as stop:
                # run(until=...) waited for this event. It ends after the event of the queue within
                # which we are, and not here, in the middle of what the model does.
                self.env.call_next(partial(_end_run, stop))


class NextOf(Completion):
    """Waits for whichever of several events comes next, again and again.

    A process that has several things in flight adds each with `expect` and yields the same `NextOf`
    each time; it is resumed in place with the item of the one that happened.
    """

    def expect(self, event: Event, item: Any) -> None:
        """Deliver `item` when `event` happens (an event that hasn't happened yet).

        Somebody must be waiting by then: a RuntimeError in the event loop says so otherwise.
        """
        event.callbacks.append(partial(self._deliver, item))

    def _deliver(self, item: Any, _event: Event) -> None:
        waiting, self.callbacks = self.callbacks, []  # armed again before anybody is resumed
        if not waiting:
            # Not at once: who waited may have failed just now, and what failed comes first then.
            self.env.call_later(0, partial(_complain, item))
            return
        self._ok = True
        self._value = item
        for callback in waiting:
            callback(self)


def _complain(item: Any) -> None:
    raise RuntimeError(f"{item!r} happened while nobody waited for it")


def _end_run(stop: StopSimulation) -> None:
    raise stop
