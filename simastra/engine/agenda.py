"""One NPU's own events: those for one nanosecond run back to back, as one event of the queue.

ASTRA-sim gives each NPU a second level of queueing: everything that the NPU registers for itself
for one time hangs on the first registration's entry in the global queue (behaviour 3.1). Which of
two NPUs comes first in a tick, and with it the order of messages on a shared link, depends on it.
"""

from simastra.units import Ns

from .environment import Call, Environment


class Agenda:
    """The events that one NPU schedules for itself.

    Args:
        env: the environment in which they happen.
    """

    __slots__ = ("_due", "env")

    def __init__(self, env: Environment) -> None:
        self.env = env
        self._due: dict[Ns, list[Call]] = {}

    def call_later(self, delay: Ns, call: Call) -> None:
        """Run `call` in `delay` ns, right after what this NPU has registered for that time before.

        What is registered for the current time while this NPU's entry for it runs is run by that
        entry; otherwise it makes a new one.
        """
        time = self.env.now + delay
        due = self._due.get(time)
        if due is None:
            self._due[time] = [call]
            self.env.call_later(delay, self._run_due)
        else:
            due.append(call)

    def _run_due(self) -> None:
        time = self.env.now
        for call in self._due[time]:  # a list's iteration sees what is appended meanwhile
            call()
        del self._due[time]
