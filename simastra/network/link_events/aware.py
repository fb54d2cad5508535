"""The congestion-aware backend with links that change: from the next transmission on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias, final

from simastra.engine import Environment, Probe
from simastra.network.congestion_aware import CongestionAware
from simastra.network.link import Link
from simastra.network.message import HeldMessage, LinkFault, Message, Outage
from simastra.network.timing import LinkTiming
from simastra.network.topology import Hop, Topology
from simastra.units import Bytes, NpuId, Ns

from .changing import Attempt, Conditions
from .condition import USUAL, LinkChange, LinkCondition, LinkEvents
from .lost import LosableMessage

_Divert: TypeAlias = Callable[[Link, Message, Ns | None, int | None], bool]
"""Sends a message another way than over a link, or answers that there is none: told since when it
was on the wire, and its place in the line, as `MessageLost` has them."""


class ChangingLink(Link):
    """A link whose rate counts from the next transmission on, and that carries nothing while down.

    What is being put on the wire when it goes down is lost, and is sent again first of all once it
    is up. What has left the sending end by then arrives.

    Args:
        env: the environment.
        hop: its ends, and what it costs as a rule.
        probe: as of `Link`.
        divert: sends a message another way.

    Attributes:
        outages: from when until when it was down, the last one perhaps without an end.
    """

    def __init__(self, env: Environment, hop: Hop, probe: Probe, divert: _Divert) -> None:
        super().__init__(env, hop.src, hop.dst, hop.link, probe)
        self._usual: LinkTiming = hop.link
        self._condition = USUAL
        self._divert = divert
        self._began = self._free_at = 0
        self.outages: list[Outage] = []

    def become(self, condition: LinkCondition) -> None:
        """Be in another condition; what follows from it `go_on` does."""
        if self._condition.is_up and not condition.is_up:
            start = self._began if self._on_wire and self._free_at > self.env.now else self.env.now
            self.outages.append(Outage(start, None, condition.because))
        elif condition.is_up and not self._condition.is_up:
            self.outages[-1] = self.outages[-1]._replace(end=self.env.now)
        self._condition = condition
        self.timing = condition.of(self._usual)

    def go_on(self) -> None:
        """Lose what is on the wire if the link is down, send others another way; or send again."""
        if not self._condition.is_up:
            self._lose()
            self._divert_waiting()
        elif self._waiting and not self._on_wire:
            self._transmit(self._waiting.popleft())

    def fault(self, size: Bytes) -> LinkFault | None:
        """What events cost a message that is put on the wire now."""
        usual, now = self._usual[size][0], self.timing[size][0]
        if usual == now and not self.outages:
            return None
        return LinkFault(now - usual, self._condition.because, self.outages)

    def send(self, message: Message) -> None:
        """Put it on the wire, or let it wait; if the link is down, send it another way first."""
        if self._condition.is_up and not self._waiting:
            super().send(message)
        elif self._condition.is_up or not self._divert(self, message, None, None):
            self._waiting.append(message)
            if self._on_queued:
                self._tell_queued(message)

    def _transmit(self, message: Message) -> None:
        self._began = self.env.now
        self._free_at = self._began + self.timing[message.size][0]
        super()._transmit(message)

    def _release(self) -> None:
        if not self._on_wire or self.env.now < self._free_at:  # it belongs to what was lost
            return
        if self._condition.is_up:
            super()._release()
        else:
            self._on_wire.clear()

    def _lose(self) -> None:
        now = self.env.now
        if not self._on_wire or self._free_at <= now:  # what is off the sending end arrives
            return
        message = self._on_wire.pop()
        assert isinstance(message, LosableMessage)
        length = self._free_at - self._began
        self.busy_time -= self._free_at - now
        self.bytes_carried -= message.size - message.size * (now - self._began) // length
        again = message.again()
        if not self._divert(self, again, self._began, None):
            self._waiting.appendleft(again)

    def _divert_waiting(self) -> None:
        waiting = list(self._waiting)
        self._waiting.clear()
        for message in waiting:
            if not self._divert(self, message, None, len(self._waiting)):
                self._waiting.append(message)


@final
class ChangingAware(CongestionAware):
    """As `CongestionAware`, with links that change.

    Args:
        env: the environment.
        topology: which links a message crosses, and what they cost.
        probe: is told of every transmission, and of what changes.
        events: what happens to links.
    """

    def __init__(
        self, env: Environment, topology: Topology, probe: Probe, events: LinkEvents
    ) -> None:
        super().__init__(env, topology, probe)
        self._conditions = Conditions(env, topology, probe, events)
        self._changing: dict[tuple[int, int], ChangingLink] = {}
        self._conditions.begin(self._changed)

    def transfer(self, src: NpuId, dst: NpuId, size: Bytes, tag: int = 0) -> Message:
        """Send along the present topology's route, hop after hop."""
        message = LosableMessage(self.env, src, dst, size, tag)
        self._set_out(message, self._way(message))
        return message

    @property
    def held(self) -> Iterator[HeldMessage]:
        """Those in the lines of links that are down."""
        for ends, link in self._changing.items():
            condition = self._conditions[ends]
            if not condition.is_up:
                yield from (HeldMessage(it, ends, condition.because) for it in link.items)

    def _set_out(self, message: Message, route: tuple[Link, ...]) -> None:
        message.route, message.hop = route, 0
        if route:
            route[0].send(message)
        else:  # to itself, on a topology with no way round
            self.env.call_later(0, message.arrive)

    def _way(self, message: Message) -> tuple[Link, ...]:
        ends = message.src, message.dst
        return self._routes.get(ends) or self._route(*ends, message.tag)

    def _changed(self, change: LinkChange) -> None:
        links = [self._changing[it] for it in change.conditions if it in self._changing]
        for link in links:
            link.become(self._conditions[link.src, link.dst])
        if self.topology is not self._conditions.topology:
            self.topology = self._conditions.topology
            self._routes.clear()
            self._routes_by_tag.clear()
            links = list(self._changing.values())  # others that are down may have detours now
        for link in links:
            link.go_on()

    def _diverted(self, link: Link, message: Message, began: Ns | None, place: int | None) -> bool:
        """Send a message from its sender by the present way, unless that has a link that is down.

        Either way it is told, but of one that waits on as it did.
        """
        route = self._way(message)
        is_blocked = any(not self._conditions[it.src, it.dst].is_up for it in route)
        if not is_blocked or began is not None:
            attempt = Attempt((link.src, link.dst), began, place)
            self._conditions.lost(message, attempt, rerouted=not is_blocked)
        if not is_blocked:
            self._set_out(message, route)
        return not is_blocked

    def _link(self, hop: Hop) -> Link:
        ends = hop.src, hop.dst
        if ends not in self._conditions.watched:
            return super()._link(hop)
        link = self._changing.get(ends)
        if link is None:
            link = ChangingLink(self.env, hop, self.probe, self._diverted)
            link.become(self._conditions[ends])
            self._links[ends] = self._changing[ends] = link
        return link
