"""One NPU's own events: those for one nanosecond run back to back, as one event of the queue.

ASTRA-sim gives each NPU a second level of queueing: everything that the NPU registers for itself
for one time hangs on the first registration's entry in the global queue (behaviour 3.1). Which of
two NPUs comes first in a tick, and with it the order of messages on a shared link, depends on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from simastra.errors import TimeRangeError
from simastra.units import Ns

from .calls import Call
from .category import Category

if TYPE_CHECKING:
    from .environment import Environment


class Agenda:
    """The events that one NPU schedules for itself.

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
