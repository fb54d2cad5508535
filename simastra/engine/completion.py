"""Events that resume their waiters at once.

SimPy's ``event.succeed()`` schedules a further event that then runs the callbacks: later in the
tick, after whatever else is due. Where ASTRA-sim makes a direct call, that would reorder ties. A
`Completion` is given its value and runs its callbacks in place; a waiting process is resumed by
them, since ``Process._resume`` is just such a callback. This trick is used here and nowhere else.
"""

from functools import partial
from typing import Any

from simpy.events import Event


class Completion(Event):
    """A SimPy event that is fired in place: processes may ``yield`` it, code may add callbacks.

    It must not be fired by the very process that waits for it, nor twice.
    """

    def fire(self, value: Any = None) -> None:
        """Give the event its `value`, run its callbacks and resume its waiters, now."""
        callbacks, self.callbacks = self.callbacks, None  # type: ignore[assignment]  # as SimPy
        self._ok = True
        self._value = value
        for callback in callbacks:
            callback(self)


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
            raise RuntimeError(f"{item!r} happened while nobody waited for it")
        self._ok = True
        self._value = item
        for callback in waiting:
            callback(self)
