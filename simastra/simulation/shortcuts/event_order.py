"""The order of a run's events: what each follows from, and what the time until then depends on.

Of two runs that differ in delays alone, suppose that up to some event the same has happened in the
same order. What is scheduled then is the same in both, at other times; and the same comes next, if
these times come in the same order, and the same ones are equal. So whoever gives the events of one
run the other's delays has the other run, if its order comes out as it was, event by event. In
perturbation analysis such runs are called deterministically similar.

(Ho and Cao, "Perturbation Analysis of Discrete Event Dynamic Systems", 1991, chapter 3.)
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import eq
from typing import NamedTuple, TypeAlias

from simastra.network import Topology
from simastra.units import Bytes, Ns

from .folded_topology import Crossing, DeviceEnds

LAST_TIME: Ns = 2**63 - 1

MOST_EVENTS = 250_000
"""Of longer runs no order is taken down. An event takes 9 bytes, and a nanosecond 130."""


class LinkDelay(NamedTuple):
    """What a message takes at a link.

    Attributes:
        link: devices at its ends; None for the whole of a way on which nobody queues.
        crossing: where the link is.
        size: of the message.
        is_arrival: whether until it is at the other end, or else until the link is free.
    """

    link: DeviceEnds | None
    crossing: Crossing
    size: Bytes
    is_arrival: bool

    def price(self, topology: Topology) -> Ns:
        """How long it is in a network."""
        src, dst = self.crossing.src, self.crossing.dst
        if self.link is None:
            timing = topology.path(src, dst)
        else:
            timing = topology.hops(src, dst)[self.crossing.index].link
        busy, until_arrival = timing[self.size]
        return until_arrival if self.is_arrival else busy


Delay: TypeAlias = Ns | LinkDelay
"""What an event comes after the one that scheduled it: always the same, or as a link has it."""


class Joined(NamedTuple):
    """Something added to an event of an NPU's agenda that was scheduled before.

    Attributes:
        by: the event that has added it.
        delay: how much later it is due.
        to: the event.
    """

    by: int
    delay: Ns
    to: int


@dataclass(frozen=True)
class EventOrder:
    """The events of a run in their order, from 1; 0 is the start of all NPUs.

    Attributes:
        parents: for each event, the one that has scheduled it.
        delays: for each event, which delay it came after that one.
        together: for each event, whether it is in the same nanosecond as the one before.
        joined: what has been added to events.
        kinds: all delays.
    """

    parents: Sequence[int]
    delays: Sequence[int]
    together: bytes
    joined: Sequence[Joined]
    kinds: Sequence[Delay]

    @cached_property
    def used(self) -> Mapping[int, int]:
        """How many events have come after each delay."""
        return Counter(self.delays)

    def times(self, prices: Sequence[Ns]) -> Sequence[Ns] | None:
        """When each event happens, the start included; None if they would come in another order.

        Args:
            prices: how long each delay is.
        """
        times = [0]
        add = times.append
        for parent, delay in zip(self.parents, self.delays, strict=True):
            add(times[parent] + prices[delay])
        return times if self._is_order_of(times) else None

    def _is_order_of(self, times: list[Ns]) -> bool:
        later = times[1:]
        return (
            times[-1] <= LAST_TIME
            and bytes(map(eq, times, later)) == self.together
            and all(times[it.by] + it.delay == times[it.to] for it in self.joined)
            and sorted(times) == times
        )

    def prices(self, topology: Topology) -> Sequence[Ns]:
        """How long each delay is in a network."""
        return [it if isinstance(it, int) else it.price(topology) for it in self.kinds]


class OrderRecorder:
    """Takes the order of a run down while it goes on.

    Attributes:
        times: when each event has happened, the start included.
    """

    def __init__(self) -> None:
        self.times: list[Ns] = [0]
        self._parents = array("i")
        self._delays = array("i")
        self._joined: list[tuple[int, Ns, object]] = []
        self._ran: dict[object, int] = {}
        self._kinds: dict[Delay, int] = {}

    @property
    def running(self) -> int:
        """The number of the event that runs."""
        return len(self.times) - 1

    @property
    def is_full(self) -> bool:
        """Whether there are more events than are taken down."""
        return len(self.times) > MOST_EVENTS

    def scheduled(self, delay: Delay) -> tuple[int, int]:
        """What is to be told of an event that is scheduled now, once it runs."""
        return self.running, self._kinds.setdefault(delay, len(self._kinds))

    def runs(self, told: tuple[int, int], time: Ns, name: object) -> None:
        """An event runs; by its name, if it has one, what is added to it knows it."""
        if self.is_full:
            return
        parent, delay = told
        self._parents.append(parent)
        self._delays.append(delay)
        self.times.append(time)
        if name is not None:
            self._ran[name] = self.running

    def joins(self, delay: Ns, name: object) -> None:
        """Something is added to an event that has been scheduled before."""
        if not self.is_full:
            self._joined.append((self.running, delay, name))

    def order(self) -> EventOrder:
        """The order, once the run has ended."""
        later = self.times[1:]
        joined = [Joined(by, delay, self._ran[name]) for by, delay, name in self._joined]
        together = bytes(map(eq, self.times, later))
        return EventOrder(self._parents, self._delays, together, joined, tuple(self._kinds))
