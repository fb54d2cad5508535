"""The congestion-unaware backend with links that change: from the next message on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, Self, TypeAlias, final

from simastra.engine import Environment, MessageLost, Probe, ProbeFan
from simastra.network.congestion_unaware import CongestionUnaware
from simastra.network.message import HeldMessage, Message, MessageAccount
from simastra.network.timing import LinkTiming
from simastra.network.topology import Hop, Topology
from simastra.units import Bytes, NpuId, Ns

from .changing import Attempt, Conditions
from .condition import LinkChange, LinkEvents
from .event import Ends
from .lost import FaultCause, LosableMessage, lost_times

_Kind: TypeAlias = tuple[NpuId, NpuId, Bytes, int]
"""Sender, receiver, size and tag."""

_FEW: Final = 64


class _Sent(LosableMessage):
    """A message, with what it takes and what its tries have cost.

    Attributes:
        hops: of its way.
        began: when this try began, in ns.
        until: when this try is off the wire, in ns.
        faults: what events have cost it so far, in ns.
        blocked: why it waits, or has waited last.
        alone: serialisation and all of its time as a rule, in ns.
    """

    hops: tuple[Hop, ...] = ()
    began: Ns = 0
    until: Ns = 0

    def __init__(self, env: Environment, src: NpuId, dst: NpuId, size: Bytes, tag: int = 0) -> None:
        super().__init__(env, src, dst, size, tag)
        self.faults: dict[FaultCause, float] = {}
        self.blocked: FaultCause = (src, dst), ""
        self.alone: tuple[Ns, Ns] | None = None

    @property
    def account(self) -> MessageAccount | None:
        """What events have cost it; None if nothing, or nobody listens."""
        if not self.faults or self.alone is None:
            return None
        return MessageAccount(*self.alone, lost_times(self.faults))

    def again(self) -> Self:
        """Lose it; the other goes on with its account."""
        other = super().again()
        other.faults, other.alone = self.faults, self.alone
        return other

    def costs(self, cause: FaultCause, time: Ns) -> None:
        """Have an event cost it so much."""
        if time:
            self.faults[cause] = self.faults.get(cause, 0) + time


@final
class ChangingUnaware(CongestionUnaware):
    """As `CongestionUnaware`, with links that change.

    A message takes what the links of its way cost when it is sent. While it is put on the wire it
    is on all of them: if one goes down it is lost, and sent again once all are up. What is sent
    later doesn't arrive before what was sent before it, between the same two and of the same size.

    Args:
        env: the environment.
        topology: what the way from one NPU to another costs.
        probe: is told of what changes.
        events: what happens to links.
    """

    def __init__(
        self, env: Environment, topology: Topology, probe: Probe, events: LinkEvents
    ) -> None:
        super().__init__(env, topology, probe)
        self._keeps_account = ProbeFan.of(probe).listeners(MessageLost)
        self._conditions = Conditions(env, topology, probe, events)
        self._hops: dict[tuple[NpuId, NpuId, int], tuple[Hop, ...]] = {}
        self._present: dict[tuple[NpuId, NpuId, int], tuple[LinkTiming, Ends | None]] = {}
        self._on_wire: list[_Sent] = []
        self._most_kept = _FEW
        self._held: list[_Sent] = []
        self._last: dict[_Kind, Ns] = {}
        """When the last message of each kind arrives."""
        self._conditions.begin(self._changed)

    def transfer(self, src: NpuId, dst: NpuId, size: Bytes, tag: int = 0) -> Message:
        """Send, or keep it until all links of its way are up."""
        message = _Sent(self.env, src, dst, size, tag)
        message.began = self.env.now
        self._set_out(message)
        return message

    @property
    def held(self) -> Iterator[HeldMessage]:
        """Those that have a link on their ways that is down."""
        return (HeldMessage(it, *it.blocked) for it in self._held)

    def _set_out(self, message: _Sent) -> None:
        kind = message.src, message.dst, message.size, message.tag
        message.hops = self._watched(kind)
        link = self._conditions.blocking(message.hops)
        if link is not None:
            self._hold(message, link)
            return
        timing, slow = self._cost(kind, message.hops)
        on_wire, delay = timing[message.size]
        now = self.env.now
        arrival = self._last[kind] = max(now + delay, self._last.get(kind, 0))
        message.began, message.until = now, now + on_wire
        if self._keeps_account:
            self._note(message, delay, slow)
        if message.hops:
            self._on_wire.append(message)
            self._forget_the_carried()
        self.env.call_later(arrival - now, message.arrive)

    def _hold(self, message: _Sent, link: Ends) -> None:
        """Keep a message until its way has no link any more that is down."""
        self.env.announce(message.arrive)
        message.blocked = link, self._conditions[link].because
        self._held.append(message)

    def _forget_the_carried(self) -> None:
        """Drop those that nothing can happen to any more, once they are most of what is known."""
        if len(self._on_wire) > self._most_kept:
            now = self.env.now
            self._on_wire = [it for it in self._on_wire if it.until > now]
            self._most_kept = max(_FEW, 2 * len(self._on_wire))

    def _note(self, message: _Sent, delay: Ns, slow: Ends | None) -> None:
        """Keep account of what it would have taken, and of how much more it is."""
        path = self._path(message.src, message.dst, message.tag)
        message.alone = path[message.size]
        if slow is not None:
            message.costs((slow, self._conditions[slow].because), delay - message.alone[1])

    def _changed(self, change: LinkChange) -> None:
        now = self.env.now
        self._present.clear()
        if self.topology is not self._conditions.topology:
            self.topology = self._conditions.topology
            self._hops.clear()
            self._paths.clear()
            self._paths_by_tag.clear()
        held, self._held = self._held, []
        under_way, self._on_wire = self._on_wire, []
        for message in under_way:
            link = self._conditions.blocking(message.hops)
            if link is None or message.until <= now:
                self._on_wire.append(message)
            else:
                self._lose(message, link)
        for message in held:
            self._set_out_again(message)

    def _lose(self, message: _Sent, link: Ends) -> None:
        again = message.again()
        again.began, again.blocked = message.began, (link, self._conditions[link].because)
        again.hops = self._watched((again.src, again.dst, again.size, again.tag))
        is_rerouted = self._conditions.blocking(again.hops) is None
        self._conditions.lost(again, Attempt(link, message.began), rerouted=is_rerouted)
        self._set_out_again(again)

    def _set_out_again(self, message: _Sent) -> None:
        """Have what blocked it cost it what has gone by since its last try."""
        message.costs(message.blocked, self.env.now - message.began)
        message.began = self.env.now
        self._set_out(message)

    def _watched(self, kind: _Kind) -> tuple[Hop, ...]:
        """The links of its way that some event is about."""
        src, dst, _, tag = kind
        key = src, dst, tag if self.topology.multipath else 0
        known = self._hops.get(key)
        if known is None:
            hops = self.topology.hops(*key)
            known = tuple(it for it in hops if (it.src, it.dst) in self._conditions.watched)
            self._hops[key] = known
        return known

    def _cost(self, kind: _Kind, watched: tuple[Hop, ...]) -> tuple[LinkTiming, Ends | None]:
        src, dst, _, tag = kind
        path = self._path(src, dst, tag)
        if not watched:
            return path, None
        known = self._present.get((src, dst, tag))
        if known is None:
            charged = self.topology.charged(src, dst, tag)
            known = self._present[src, dst, tag] = self._slowed(path, set(charged) & set(watched))
        return known

    def _slowed(self, path: LinkTiming, hops: Iterable[Hop]) -> tuple[LinkTiming, Ends | None]:
        """What a way costs now, and the link that is to blame if that is more than usual."""
        rates = {
            (it.src, it.dst): self._conditions[it.src, it.dst].of(it.link).bytes_per_ns
            for it in hops
        }
        slowest = min(sorted(rates), key=rates.__getitem__, default=None)
        if slowest is None or rates[slowest] >= path.bytes_per_ns:
            return path, None
        return LinkTiming(path.latency, rates[slowest]), slowest
