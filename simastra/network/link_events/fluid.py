"""The fluid backend with links that change: at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import final

from simastra.engine import Environment, Flowed, Listeners, Probe
from simastra.network.fluid.backend import Fluid
from simastra.network.fluid.flow import Batch, Flow, FlowPath, SharedLink
from simastra.network.fluid.whole_ns import floored
from simastra.network.fluid_options import FluidOptions
from simastra.network.message import HeldMessage, Message, MessageAccount
from simastra.network.topology import Hop, Topology
from simastra.units import Bytes, BytesPerNs, NpuId, Ns

from .changing import Attempt, Conditions
from .condition import USUAL, LinkChange, LinkCondition, LinkEvents
from .event import Ends
from .lost import FaultCause, lost_times


class ChangingSharedLink(SharedLink):
    """A link whose bandwidth is what its condition leaves of it.

    Args:
        hop: its ends, and what it costs as a rule.
        condition: how it is now.
    """

    __slots__ = ("condition",)

    def __init__(self, hop: Hop, condition: LinkCondition) -> None:
        super().__init__(hop.src, hop.dst, hop.link)
        self.condition = condition

    @property
    def bytes_per_ns(self) -> BytesPerNs:
        """Bandwidth, as it is now."""
        return self.condition.of(self.timing).bytes_per_ns


class LosableFlow(Flow):
    """A flow that is sent again if one of its links goes down; it keeps account of what that costs.

    Attributes:
        tried: since when it has been on its links this time, or has waited for them, in ns.
        blocked: the link that it waits for, or has lost its bytes on last, and why; None for none.
    """

    tried: Ns
    blocked: FaultCause | None = None
    _faults: Mapping[FaultCause, float] = {}
    _faults_before: Mapping[FaultCause, float] = {}
    """What events had cost it before this time."""

    def be_told(self, tellers: Listeners[Flowed]) -> None:
        """As of a flow; what it has lost before it is sent again stays in its account."""
        if self.tellers is None:
            super().be_told(tellers)
        self.told = self.since

    @property
    def account(self) -> MessageAccount | None:
        """What its time went to; None where nobody listens."""
        known = super().account
        if known is None or not self._faults:
            return known
        return known._replace(lost=(*known.lost, *lost_times(self._faults)))

    def withdraw(self, now: Ns) -> Bytes:
        """Leave the links, with nothing carried; the bytes that have been put on them so far."""
        self.tell(now)
        carried = int(min(self.size, self.size - self.left + self.rate * (now - self.since)))
        for link in self.way.links:
            link.flows.pop(self, None)
        if self.batch is not None:
            self.batch.drop_one()
        self.batch, self.bottleneck = Batch(()), None
        self.rate, self.is_due, self.is_lost = 0.0, False, True
        if self.tellers is not None:
            self._lost.clear()  # all of this try is lost, and not to others
        self._faults = self._faults_before
        return carried

    def try_again(self, now: Ns) -> None:
        """Have what blocked it cost it what has gone by since the last time."""
        if self.blocked is not None:
            self._costs(self.blocked, now - self.tried)
        self.since = self.tried = now
        self._faults_before = self._faults

    def is_through(self, now: Ns) -> bool:
        """Whether all of its bytes are off the sending end."""
        callbacks: object = self.callbacks  # None after the event, whatever SimPy's type says
        if callbacks is None or self.is_due:  # it may be within its last ns
            return True
        return bool(self.rate) and floored(self.left / self.rate) <= now - self.since

    def _costs(self, cause: FaultCause, time: float) -> None:
        if time and self.tellers is not None:
            self._faults = {**self._faults, cause: self._faults.get(cause, 0.0) + time}

    def _lose(self, limit: tuple[int, int], time: float) -> None:
        """What a slower link takes from it isn't what others do: the rest is."""
        link, usual = self.bottleneck, self.way.rate
        if isinstance(link, ChangingSharedLink) and link.condition != USUAL:
            part = link.bytes_per_ns / link.timing.bytes_per_ns
            fault = time * (min(usual, self.rate / part) - self.rate) / (usual - self.rate)
            self._costs((limit, link.condition.because), fault)
            time -= fault
        if time > 0:
            super()._lose(limit, time)


@final
class ChangingFluid(Fluid):
    """As `Fluid`, with links that change.

    Args:
        env: the environment.
        topology: which links a message crosses, and what they cost.
        probe: is told of what flows do, and of what changes.
        options: limits beside the links' own.
        events: what happens to links.
    """

    def __init__(
        self,
        env: Environment,
        topology: Topology,
        probe: Probe,
        options: FluidOptions,
        events: LinkEvents,
    ) -> None:
        super().__init__(env, topology, probe, options)
        self._conditions = Conditions(env, topology, probe, events)
        self._changing: dict[Ends, ChangingSharedLink] = {}
        self._held: list[LosableFlow] = []
        self._conditions.begin(self._changed)

    def transfer(self, src: NpuId, dst: NpuId, size: Bytes, tag: int = 0) -> Message:
        """Send over all links of the present route at once, or keep it until all are up."""
        flow = LosableFlow(self.env, src, dst, size, tag)
        flow.since = flow.tried = self.env.now
        self._set_out_or_hold(flow)
        return flow

    @property
    def held(self) -> Iterator[HeldMessage]:
        """Those that have a link on their ways that is down."""
        return (HeldMessage(it, *it.blocked) for it in self._held if it.blocked is not None)

    def _set_out_or_hold(self, flow: LosableFlow) -> None:
        way = self._way(flow.src, flow.dst, flow.tag)
        link = self._blocking(way)
        if link is None:
            flow.is_lost = False
            self._set_out(flow, way)
            return
        self.env.announce(flow.arrive)
        flow.blocked = link, self._conditions[link].because
        self._held.append(flow)

    def _set_out_again(self, flow: LosableFlow) -> None:
        if self._on_flowed and flow.tellers is None:
            flow.be_told(self._on_flowed)
        flow.try_again(self.env.now)
        self._set_out_or_hold(flow)

    def _blocking(self, way: FlowPath) -> Ends | None:
        return next((it for it in way.ends if not self._conditions[it].is_up), None)

    def _changed(self, change: LinkChange) -> None:
        links = [self._changing[it] for it in change.conditions if it in self._changing]
        for link in links:
            for flow in link.flows:
                flow.tell(self.env.now)  # what it has done while the link was as it was
            link.condition = self._conditions[link.src, link.dst]
        self._find_ways()
        held, self._held = self._held, []
        for link in links:
            if not link.condition.is_up:
                self._lose_all(link)
            elif link.flows:
                self._touch((link,))
        for flow in held:
            self._set_out_again(flow)

    def _find_ways(self) -> None:
        """Take the present ways, and have rates computed on those that have a slower link."""
        if self.topology is not self._conditions.topology:
            self.topology = self._conditions.topology
            self._ways.clear()
            self._ways_by_tag.clear()
        for way in (*self._ways.values(), *self._ways_by_tag.values()):
            way.never_alone = way.crosses_itself or _is_slowed(way)

    def _lose_all(self, link: ChangingSharedLink) -> None:
        now = self.env.now
        for flow in tuple(link.flows):
            assert isinstance(flow, LosableFlow)
            if flow.is_through(now):
                continue
            ends, began = (link.src, link.dst), flow.tried
            carried = flow.withdraw(now)
            for crossed in flow.way.links:
                crossed.bytes_carried -= flow.size - carried
            self._touch(it for it in flow.way.links if it.flows)
            flow.blocked = ends, link.condition.because
            way = self._way(flow.src, flow.dst, flow.tag)
            attempt, is_rerouted = Attempt(ends, began), self._blocking(way) is None
            self._conditions.lost(flow, attempt, rerouted=is_rerouted)
            self._set_out_again(flow)

    def _made_way(self, src: NpuId, dst: NpuId, hops: Sequence[Hop]) -> FlowPath:
        way = super()._made_way(src, dst, hops)
        way.never_alone = way.crosses_itself or _is_slowed(way)
        return way

    def _new_link(self, hop: Hop) -> SharedLink:
        ends = hop.src, hop.dst
        if ends not in self._conditions.watched:
            return super()._new_link(hop)
        link = self._changing[ends] = ChangingSharedLink(hop, self._conditions[ends])
        return link


def _is_slowed(way: FlowPath) -> bool:
    """Whether a link of the way isn't as usual."""
    return any(
        isinstance(link, ChangingSharedLink) and link.condition != USUAL for link in way.links
    )
