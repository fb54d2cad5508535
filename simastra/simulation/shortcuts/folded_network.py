"""The network of a folded run: messages to a whole orbit of NPUs, as one to its representative.

A message from representative a to NPU y goes the way that it would; each link on the way is
replaced by the one of its orbit at a representative, and y by its own representative b, to whom the
message comes from the NPU that stands to b as a stands to y.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import TypeAlias

from simastra.engine import Call, ProbeFan
from simastra.network import Envelope, Hop, Mailbox, unqueued_delay
from simastra.simulation.platform import Platform
from simastra.units import Bytes, BytesPerNs, NpuId, Ns

from .fold_environment import FoldEnvironment

LinkKey: TypeAlias = tuple[int, int, int]
"""Device at the sending end, at the receiving end, and dimension; switches are -1."""

LinkSums: TypeAlias = dict[LinkKey, tuple[int, ...]]
"""Busy time, bytes and messages of each link."""

_SWITCH = -1


@dataclass(frozen=True, slots=True)
class _Stage:
    """A link of a route, and the place of what follows it, seen from the link's own."""

    link: FoldedLink
    next_place: int


class _Message:
    """A message on its way."""

    __slots__ = ("arrive", "size", "stage", "stages")

    def __init__(self, size: Bytes, stages: tuple[_Stage, ...], arrive: Call) -> None:
        self.size = size
        self.stages = stages
        self.stage = 0
        self.arrive = arrive

    def go_on(self) -> None:
        """Be at the end of a link: enter the next, or arrive."""
        if self.stage == len(self.stages):
            self.arrive()
        else:
            self.stages[self.stage].link.send(self)


class FoldedLink:
    """One link, for all the links of its orbit (see simastra.network.Link for how a link works).

    Attributes:
        example: sender and receiver of a message that crosses a link of the orbit, and which hop of
            its way that is.
        busy: time for which each has been busy, in ns.
        size: bytes that each carried.
        messages: how many messages that was.
    """

    def __init__(
        self,
        env: FoldEnvironment,
        example: tuple[NpuId, NpuId, int],
        latency: float,
        bytes_per_ns: BytesPerNs,
    ) -> None:
        self._env = env
        self.example = example
        self._latency = latency
        self._bytes_per_ns = bytes_per_ns
        self._waiting: deque[_Message] = deque()
        self.is_busy = False
        self.busy: Ns = 0
        self.size: Bytes = 0
        self.messages = 0

    @property
    def sums(self) -> tuple[int, ...]:
        """Busy time, bytes and messages."""
        return self.busy, self.size, self.messages

    def send(self, message: _Message) -> None:
        """Put `message` on the wire, or let it wait."""
        self._env.ties.touch_link(self)
        if self.is_busy:
            self._waiting.append(message)
        else:
            self._transmit(message)

    def _transmit(self, message: _Message) -> None:
        self.is_busy = True
        on_wire = message.size / self._bytes_per_ns
        stage = message.stages[message.stage]
        message.stage += 1
        busy = int(on_wire)
        self._env.call_at(stage.next_place, int(self._latency + on_wire), message.go_on)
        self._env.call_later(busy, self._release)
        self.busy += busy
        self.size += message.size
        self.messages += 1

    def _release(self) -> None:
        self._env.ties.touch_link(self)
        self.is_busy = False
        if self._waiting:
            self._transmit(self._waiting.popleft())

    def __str__(self) -> str:
        src, dst, hop = self.example
        return f"link {hop} of the way from NPU {src} to NPU {dst}"


class FoldedNetwork:
    """Routes of messages from representatives, and the links on them.

    Args:
        env: the environment.
        platform: the machine.
        has_links: whether messages queue at links (congestion-aware) or not.
    """

    def __init__(self, env: FoldEnvironment, platform: Platform, *, has_links: bool) -> None:
        self._env = env
        self._frame = env.frame
        self._grid = platform.grid
        self._latency = platform.network.latency
        self._bytes_per_ns = platform.network.bytes_per_ns
        self._has_links = has_links
        self._links: dict[LinkKey, FoldedLink] = {}
        self._routes: dict[tuple[NpuId, NpuId], tuple[_Stage, ...]] = {}

    @property
    def links(self) -> tuple[FoldedLink, ...]:
        """Those used so far, one for each orbit, in order of first use."""
        return tuple(self._links.values())

    @property
    def is_idle(self) -> bool:
        """Whether no link is busy."""
        return not any(link.is_busy for link in self._links.values())

    def sums(self) -> LinkSums:
        """What each link has carried so far."""
        return {key: link.sums for key, link in self._links.items()}

    def sums_since(self, before: LinkSums) -> LinkSums:
        """What each link has carried since `sums` gave `before`."""
        return {
            key: tuple(now - then for now, then in zip(link.sums, before[key], strict=True))
            if key in before
            else link.sums
            for key, link in self._links.items()
        }

    def add(self, sums: LinkSums) -> None:
        """Count what links would have carried."""
        for key, (busy, size, messages) in sums.items():
            link = self._links[key]
            link.busy += busy
            link.size += size
            link.messages += messages

    def transfer(self, src: NpuId, dst: NpuId, size: Bytes, arrive: Call) -> None:
        """Send from representative `src`; `arrive` is called in the place of `dst`."""
        if not self._has_links:
            delay = unqueued_delay(self._grid, self._latency, self._bytes_per_ns, src, dst, size)
            self._env.call_at(self._frame.place(dst), delay, arrive)
            return
        route = self._routes.get((src, dst))
        if route is None:
            route = self._routes[src, dst] = self._route(src, dst)
        if route:
            route[0].link.send(_Message(size, route, arrive))
        else:  # to itself, on a topology with no way round
            self._env.call_later(0, arrive)

    def _route(self, src: NpuId, dst: NpuId) -> tuple[_Stage, ...]:
        hops = self._grid.hops(src, dst)
        places = [self._frame.place(self._end(hop)) for hop in hops]
        places.append(self._frame.place(dst))
        stages = []
        for index, (hop, (here, there)) in enumerate(zip(hops, pairwise(places), strict=True)):
            link = self._link(hop, (src, dst, index))
            away = self._frame.move(self._frame.inverse(here), there)
            stages.append(_Stage(link, away))
        return tuple(stages)

    def _end(self, hop: Hop) -> NpuId:
        """The NPU by which a link is told from others of its orbit: an end that is no switch."""
        return hop.src if hop.src < self._grid.npus else hop.dst

    def _link(self, hop: Hop, example: tuple[NpuId, NpuId, int]) -> FoldedLink:
        back = self._frame.inverse(self._frame.place(self._end(hop)))
        src, dst = (
            self._frame.move(back, device) if device < self._grid.npus else _SWITCH
            for device in (hop.src, hop.dst)
        )
        key = (src, dst, hop.dimension)
        link = self._links.get(key)
        if link is None:
            latency, rate = self._latency[hop.dimension], self._bytes_per_ns[hop.dimension]
            link = self._links[key] = FoldedLink(self._env, example, latency, rate)
        return link


class FoldedMailbox(Mailbox):
    """Sends and receives of representatives.

    Args:
        env: the environment.
        network: carries the messages.

    Attributes:
        in_flight: how many messages are on their way.
        sent: how many messages have been sent.
    """

    def __init__(self, env: FoldEnvironment, network: FoldedNetwork) -> None:
        self.env = env
        self.probe = ProbeFan()
        self._fold = env
        self._folded_network = network
        self._unclaimed = {}
        self._unmet = {}
        self.in_flight = 0
        self.sent = 0

    def send(self, envelope: Envelope, then: Call | None = None) -> None:
        """Send now; `then` is called on arrival at the receiver, before the receiver's own call."""
        self.in_flight += 1
        self.sent += 1
        arrive = partial(self._arrive_folded, envelope, then)
        self._folded_network.transfer(envelope.src, envelope.dst, envelope.size, arrive)

    def receive(self, envelope: Envelope, then: Call) -> None:
        """Call `then` once the message is here; a later event of this tick if it is already."""
        early = self._unclaimed.get(envelope, 0)
        if not early:
            self._unmet.setdefault(envelope, []).append(then)
            return
        self._unclaimed[envelope] = early - 1
        self._fold.call_later(0, partial(self._claim, envelope.dst, then))

    def _claim(self, npu: NpuId, then: Call) -> None:
        self._fold.ties.touch_npu(npu)
        then()

    def _arrive_folded(self, sent: Envelope, then: Call | None) -> None:
        """Arrive at the representative of the receiver, from whom it sees as the sender."""
        self.in_flight -= 1
        tag, src, dst, size = sent
        frame = self._fold.frame
        away = frame.inverse(frame.place(dst))
        if then is not None:
            with self._fold.acting_at(away):
                self._fold.ties.touch_npu(src)
                then()
        npu = frame.representative(dst)
        envelope = Envelope(tag, frame.move(away, src), npu, size)
        # Messages of one stream may come in any order: a phase only counts them.
        self._fold.ties.touch_npu(npu, None if then is not None else tag)
        expected = self._unmet.get(envelope)
        if expected:
            expected.pop(0)()
        else:
            self._unclaimed[envelope] = self._unclaimed.get(envelope, 0) + 1
