"""The fluid backend: messages as flows that share links by max-min fairness."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from simastra.engine import Environment, Flowed, LinkUsed, Probe, ProbeFan
from simastra.errors import TimeRangeError
from simastra.network.base import Network
from simastra.network.fluid_options import FluidOptions
from simastra.network.message import Message
from simastra.network.timing import LinkTiming, in_series
from simastra.network.topology import Hop, Topology
from simastra.units import Bytes, NpuId, Ns

from .flow import Batch, Flow, FlowPath, SharedLink
from .sharing import Share, Sharing


class Fluid(Network):
    """Messages flow over all of their links at once, and share each with whoever else crosses it.

    Rates are max-min fair at any time: they are computed at the end of a nanosecond in which a
    message set out or left its links, once, for those flows that share links with it, directly or
    over others (`max_min`). Latency is paid once for all of the way. Times are cut as `whole_ns`
    says.

    Args:
        env: the environment.
        topology: which links a message crosses, and what they cost.
        probe: is told of links that are used for the first time, and of what flows have done.
        options: limits beside the links' own.
    """

    def __init__(
        self, env: Environment, topology: Topology, probe: Probe, options: FluidOptions
    ) -> None:
        self.env = env
        self.topology = topology
        self.probe = ProbeFan.of(probe)
        self._on_flowed = self.probe.listeners(Flowed)
        self.options = options
        self._cap = options.cap
        self._links: dict[tuple[int, int], SharedLink] = {}
        self._nics: dict[tuple[str, NpuId], SharedLink] = {}
        self._ways: dict[tuple[NpuId, NpuId], FlowPath] = {}
        self._ways_by_tag: dict[tuple[NpuId, NpuId, int], FlowPath] = {}
        """Where the tag matters; there the other has none."""
        self._sent = 0
        self._touched: list[SharedLink] = []
        """Links on which something has changed since rates were computed."""
        self._is_settling = False
        """Whether rates are going to be computed."""
        self._settled_at: Ns = -1
        self._sharing = Sharing(topology.npus, options.efficiency if options.incast else None)

    def transfer(self, src: NpuId, dst: NpuId, size: Bytes, tag: int = 0) -> Message:
        """Send over all links of the topology's route at once."""
        way = self._ways.get((src, dst))
        if way is None:
            way = self._way(src, dst, tag)
        flow = Flow(self.env, src, dst, size, tag)
        self._set_out(flow, way)
        return flow

    def _set_out(self, flow: Flow, way: FlowPath) -> None:
        """Put a flow on the links of a way."""
        size = flow.size
        flow.way = way
        links = way.links
        is_alone = not way.never_alone and flow.batch is None
        for link in links:
            link.bytes_carried += size
            link.messages_carried += 1
            if link.flows:
                is_alone = False
        delay, release = way.alone[size]
        if not delay:  # it would have arrived before others of this nanosecond set out
            is_alone = False
        if not (size and links):  # nothing to be shared
            self.env.call_later(delay, flow.arrive)
            return
        self._sent = flow.number = self._sent + 1
        flow.since = self.env.now
        flow.left = size
        if self._on_flowed:
            flow.be_told(self._on_flowed)
        if is_alone:
            flow.rate = way.rate
            self.env.call_later(delay, flow.arrive_alone)
            self.env.call_later(release, flow.release_alone)
        else:
            flow.rate = 0.0
            self.env.announce(flow.arrive)
            self._touch(links)
        for link in links:
            link.flows[flow] = None

    @property
    def links(self) -> Iterable[SharedLink]:
        """The links that have been used so far, in order of first use."""
        return self._links.values()

    def says(self, call: object) -> str:
        """What a call that it has scheduled for itself does, in words."""
        if isinstance(call, partial) and call.func == self._go_on:
            (batch,) = call.args
            first = batch.first
            return "nothing is due any more" if first is None else f"{first.words} are carried"
        return "messages that share links get new rates"

    # -- ways --------------------------------------------------------------------------------------

    def _way(self, src: NpuId, dst: NpuId, tag: int) -> FlowPath:
        if not self.topology.multipath:
            way = self._ways[src, dst] = self._made_way(src, dst, self.topology.hops(src, dst))
            return way
        found = self._ways_by_tag.get((src, dst, tag))
        if found is None:
            found = self._made_way(src, dst, self.topology.hops(src, dst, tag))
            self._ways_by_tag[src, dst, tag] = found
        return found

    def _made_way(self, src: NpuId, dst: NpuId, hops: Sequence[Hop]) -> FlowPath:
        links = [self._link(hop) for hop in hops]
        path = in_series(hop.link for hop in hops) if hops else self.topology.path(src, dst)
        if self._cap is not None and links:
            links = [*self._nics_of("out", src), *links, *self._nics_of("in", dst)]
        return FlowPath(links, path)

    def _link(self, hop: Hop) -> SharedLink:
        link = self._links.get((hop.src, hop.dst))
        if link is None:
            link = self._links[hop.src, hop.dst] = self._new_link(hop)
            self.probe.on_link_used(LinkUsed(link, self.env.now))
        return link

    def _new_link(self, hop: Hop) -> SharedLink:
        return SharedLink(hop.src, hop.dst, hop.link)

    def _nics_of(self, side: str, device: int) -> Sequence[SharedLink]:
        """An NPU's NIC; none of a switch that reduces, which has ports alone."""
        return (self._nic(side, device),) if device < self.topology.npus else ()

    def _nic(self, side: str, npu: NpuId) -> SharedLink:
        assert self._cap is not None
        nic = self._nics.get((side, npu))
        if nic is None:
            nic = self._nics[side, npu] = SharedLink(
                npu, npu, LinkTiming(0.0, self._cap), is_nic=True
            )
        return nic

    # -- rates -------------------------------------------------------------------------------------

    def _touch(self, links: Iterable[SharedLink]) -> None:
        """Have rates computed for those who share these links, at the end of this nanosecond.

        Where that has been done in it already, at the end of the next one: once a nanosecond is
        enough, and what sets out so late waits for it.
        """
        self._touched.extend(links)
        if self._is_settling or not self._touched:
            return
        self._is_settling = True
        if self._settled_at == self.env.now:
            self.env.call_later(1, partial(self.env.call_last, self._settle))
        else:
            self.env.call_last(self._settle)

    def _settle(self) -> None:
        """Compute the rates of all who share links with what has changed."""
        now = self._settled_at = self.env.now
        self._is_settling = False
        shares = self._sharing.shares(self._touched)
        self._touched.clear()
        batch = Batch(flow for share in shares for flow in share.flows)
        sharers = _sharers(shares) if self._on_flowed else {}
        for share in shares:
            for flow in share.flows:
                flow.join(batch, share.rate, share.bottleneck, now)
                flow.sharers = sharers.get(share.bottleneck, ())
        self._expect(batch)

    def _expect(self, batch: Batch) -> None:
        """Go on when the first of a batch arrives or leaves its links."""
        first = batch.first
        if first is None:
            return
        now = self.env.now
        try:
            self.env.call_later(first.next_at - now, partial(self._go_on, batch))
        except TimeRangeError as error:
            raise TimeRangeError(error.time, first.arrive) from None

    def _go_on(self, batch: Batch) -> None:
        """Flows of a batch arrive, or leave their links."""
        now = self.env.now
        left: list[SharedLink] = []
        for flow in batch.take_due(now):
            if flow.release_at <= now:
                flow.leave_links()
                left += flow.way.links
            if flow.must_be_scheduled():
                self.env.call_later(flow.arrives_at - now, flow.arrive)
        self._touch(link for link in left if link.flows)
        self._expect(batch)


def _sharers(shares: Iterable[Share]) -> dict[SharedLink, tuple[NpuId, ...]]:
    """The NPUs whose messages cross each link that is somebody's bottleneck."""
    bottlenecks = {share.bottleneck: None for share in shares}
    return {link: tuple(sorted({flow.src for flow in link.flows})) for link in bottlenecks}
