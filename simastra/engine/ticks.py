"""What is due at each time, first in first out."""

from collections.abc import Callable
from heapq import heappush

from simastra.errors import TimeRangeError
from simastra.units import LATEST_TIME, Ns

from .calls import Call


class Ticks(dict[Ns, list[Call]]):
    """What runs at each time, in order. A time that isn't there yet gets an empty tick.

    Args:
        now: tells the time.

    Attributes:
        times: heap of the times that have a tick.
    """

    def __init__(self, now: Callable[[], Ns]) -> None:
        super().__init__()
        self._now = now
        self.times: list[Ns] = []

    def __missing__(self, time: Ns) -> list[Call]:
        if time > LATEST_TIME:
            raise TimeRangeError(time)
        if type(time) is not int:
            time = _whole(time)
        if time < self._now():
            raise ValueError(f"it is {self._now()} ns, too late for what is due at {time} ns")
        heappush(self.times, time)
        tick: list[Call] = []
        self[time] = tick
        return tick


def _whole(time: float) -> Ns:
    """The same time as a plain number: a backend may compute with floats, or with NumPy's."""
    whole = int(time)
    if whole != time:
        raise ValueError(f"simulated time is in whole nanoseconds, got {time}; cut it, by int()")
    return whole
