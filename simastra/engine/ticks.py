"""What is due at each time, first in first out."""

from heapq import heappush

from simastra.errors import TimeRangeError
from simastra.units import LATEST_TIME, Ns

from .calls import Call


class Ticks(dict[Ns, list[Call]]):
    """What runs at each time, in order. A time that isn't there yet gets an empty tick.

    Attributes:
        times: heap of the times that have a tick.
    """

    def __init__(self) -> None:
        super().__init__()
        self.times: list[Ns] = []

    def __missing__(self, time: Ns) -> list[Call]:
        if time > LATEST_TIME:
            raise TimeRangeError(time)
        heappush(self.times, time)
        tick: list[Call] = []
        self[time] = tick
        return tick
