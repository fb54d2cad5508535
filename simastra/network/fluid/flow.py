"""Messages as flows: the links that they share, the ways that they take, and their times.

A link has its flows, a flow its way and its batch, a way its links: they know each other, so they
are one file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from operator import attrgetter

from simastra.engine import Envelope, Flowed, Listeners
from simastra.network.message import LostTime, Message, MessageAccount
from simastra.network.timing import LinkTiming
from simastra.units import Bytes, BytesPerNs, NpuId, Ns

from .whole_ns import floored, raised


class SharedLink:
    """A link of the fluid backend, or one side of an NPU's NIC.

    Args:
        src: device at the sending end; a switch is numbered after the NPUs.
        dst: device at the receiving end.
        timing: latency and bandwidth.
        is_nic: whether it is one side of an NPU's NIC.

    Attributes:
        flows: the flows that cross it now, the oldest first; the values mean nothing.
        bytes_carried: bytes of the messages that have been sent over it so far.
        messages_carried: messages that have been sent over it so far.
        seen: the recomputation that has last come across it.
    """

    __slots__ = (
        "bytes_carried",
        "dst",
        "flows",
        "is_nic",
        "messages_carried",
        "seen",
        "src",
        "timing",
    )

    def __init__(self, src: int, dst: int, timing: LinkTiming, *, is_nic: bool = False) -> None:
        self.is_nic = is_nic
        self.src = src
        self.dst = dst
        self.timing = timing
        self.flows: dict[Flow, None] = {}
        self.bytes_carried: Bytes = 0
        self.messages_carried = 0
        self.seen = 0

    @property
    def latency(self) -> float:
        """In ns, as the network file has it."""
        return self.timing.latency

    @property
    def bytes_per_ns(self) -> BytesPerNs:
        """Bandwidth."""
        return self.timing.bytes_per_ns

    @property
    def busy_time(self) -> Ns:
        """For how long it takes to carry what it has carried at all of its bandwidth, in ns.

        So its part of a time is the link's use. Flows may cross it for longer, at less.
        """
        return int(self.bytes_carried / self.timing.bytes_per_ns)

    @property
    def is_busy(self) -> bool:
        """Whether a flow crosses it."""
        return bool(self.flows)

    @property
    def on_wire(self) -> Sequence[Flow]:
        """The messages that it carries at once, the oldest first."""
        return tuple(self.flows)

    @property
    def shares(self) -> Sequence[tuple[Flow, BytesPerNs]]:
        """Those and their rates; 0 for one whose rate is still to be computed."""
        return tuple((flow, flow.rate) for flow in self.flows)

    @property
    def items(self) -> Sequence[Flow]:
        """Those that wait for it: none ever does."""
        return ()

    def count(self, _busy: Ns, size: Bytes, messages: int) -> None:
        """Count further messages as carried."""
        self.bytes_carried += size
        self.messages_carried += messages

    def __repr__(self) -> str:
        return f"<SharedLink {self.src} -> {self.dst}, {len(self.flows)} flows>"


class FlowPath:
    """What flows between two NPUs cross.

    Args:
        links: what they share with others on it, in order; in a folded network perhaps one several
            times, for links that stand for each other.
        path: the way as one link: latency for each hop, and the least bandwidth.

    Attributes:
        rate: that of a flow that shares nothing.
        latency: of all of it, in ns.
        alone: when a flow that shares nothing arrives and leaves its links, in ns after it was
            sent, by its size.
        ends: devices at the ends of its links, sides of NICs left out.
        crosses_itself: whether it has a link twice.
        never_alone: whether its flows' rates have to be computed though they meet no others.
    """

    __slots__ = (
        "alone",
        "crosses_itself",
        "ends",
        "latency",
        "links",
        "never_alone",
        "path",
        "rate",
    )

    def __init__(self, links: Iterable[SharedLink], path: LinkTiming) -> None:
        self.links = tuple(links)
        self.ends = tuple((link.src, link.dst) for link in self.links if not link.is_nic)
        self.path = path
        self.latency = path.latency
        times = Counter(self.links)
        shares = (link.timing.bytes_per_ns / count for link, count in times.items())
        self.rate: BytesPerNs = min((path.bytes_per_ns, *shares))
        self.crosses_itself = self.never_alone = len(times) < len(self.links)
        self.alone = _TimesAlone(LinkTiming(path.latency, self.rate))


class _TimesAlone(dict[Bytes, tuple[Ns, Ns]]):
    """Arrival and release of a flow that shares nothing, by its size."""

    __slots__ = ("_timing",)

    def __init__(self, timing: LinkTiming) -> None:
        super().__init__()
        self._timing = timing

    def __missing__(self, size: Bytes) -> tuple[Ns, Ns]:
        _, delay = self._timing[size]  # to the ns that of the congestion-unaware backend
        times = self[size] = delay, max(1, raised(size / self._timing.bytes_per_ns))
        return times


class Flow(Message):
    """A message on its way, as a flow.

    As long as it shares nothing, its end is known from the beginning. Once somebody else has come
    to one of its links, it belongs to a `Batch`, and its times change with its rate.

    Attributes:
        way: what it crosses.
        number: how many messages were sent up to it.
        since: when its rate changed last, in ns.
        left: bytes that were not on the wire then.
        rate: bytes per ns since then.
        batch: the flows with which it was last given a rate; None while it shares nothing.
        bottleneck: the link that sets its rate; None while it shares nothing.
        arrives_at: in ns, if its rate stays as it is; of a flow in a batch.
        release_at: when it leaves its links, in ns; of a flow in a batch.
        next_at: when the next of the two is, in ns; of a flow in a batch.
        is_due: whether its arrival is scheduled and stays; of a flow in a batch.
        seen: the recomputation that has last come across it.
        tellers: who wants to hear of what it has done; nobody mostly.
        told: until when they have heard of it, in ns.
        sharers: the NPUs whose messages share its bottleneck; where somebody wants to hear.
    """

    way: FlowPath
    number: int
    since: Ns
    left: float
    rate: BytesPerNs
    # Class attributes until they change: most flows share nothing.
    batch: Batch | None = None
    bottleneck: SharedLink | None = None
    arrives_at: Ns = 0
    release_at: Ns = 0
    next_at: Ns = 0
    is_due = False
    seen = 0
    tellers: Listeners[Flowed] | None = None
    told: Ns = 0
    sharers: tuple[NpuId, ...] = ()
    _began: Ns
    _lost: dict[tuple[tuple[int, int], tuple[NpuId, ...]], float]

    @property
    def expected(self) -> Ns | None:
        """When it arrives at its present rate, in ns; None while that is still to be computed."""
        if self.batch is not None:
            return self.arrives_at
        return self.since + self.way.alone[self.size][0] if self.rate else None

    def says(self, call: object) -> str:
        """What a call that is scheduled for it does, in words."""
        if self.batch is not None and call in (self.arrive_alone, self.release_alone):
            return f"nothing: {self.words} have shared a link since, and take longer"
        if call == self.release_alone:
            return f"{self.words} have left their links"
        return f"{self.words} arrive"

    def be_told(self, tellers: Listeners[Flowed]) -> None:
        """Have others hear of what it does, and keep account of what it loses to others."""
        self.tellers = tellers
        self.told = self._began = self.since
        self._lost = {}

    @property
    def account(self) -> MessageAccount | None:
        """What its time went to; None where nobody listens."""
        if self.tellers is None:
            return None
        (alone, _), on_wire = self.way.alone[self.size], int(self.size / self.way.rate)
        lost = (LostTime(link, time, npus) for (link, npus), time in self._lost.items())
        return MessageAccount(on_wire, alone, tuple(lost))

    def tell(self, until: Ns, *, is_last: bool = False) -> None:
        """Tell what it has done up to now, at one rate; a flow that still waits for one has not."""
        if self.tellers is None or not self.rate or (until == self.told and not is_last):
            return
        bottleneck = self.bottleneck
        limit = None if bottleneck is None else (bottleneck.src, bottleneck.dst)
        length = until - self.told
        if limit is not None:
            lost = length * (1 - self.rate / self.way.rate)
            if lost > 0:
                self._lose(limit, lost)
        # The last nanosecond may have been longer than what was left to carry.
        before = self.rate * (self.told - self.since)
        carried = min(self.rate * length, max(0.0, self.left - before))
        uses = tuple(
            carried / (length or 1) / link.bytes_per_ns
            for link in self.way.links
            if not link.is_nic
        )
        envelope = Envelope(self.tag, self.src, self.dst, self.size)
        told = (self.told, until, self.rate, self.way.ends, uses, limit, self.sharers)
        self.told = until
        self.tellers.emit(Flowed(envelope, *told, self._began, is_last))

    def _lose(self, limit: tuple[int, int], time: float) -> None:
        """Keep account of a time that it loses at the link with these ends."""
        self._lost[limit, self.sharers] = self._lost.get((limit, self.sharers), 0.0) + time

    def arrive_alone(self) -> None:
        """Be there, unless something has been shared on the way."""
        if self.batch is None:
            self._run_callbacks()

    def release_alone(self) -> None:
        """Leave the links, unless something has been shared on them."""
        if self.batch is None:
            for link in self.way.links:
                del link.flows[self]
            if self.tellers:
                self.tell(self.env.now, is_last=True)

    def join(self, batch: Batch, rate: BytesPerNs, bottleneck: SharedLink, now: Ns) -> None:
        """Go on at a rate that was computed together with those of the batch's other flows."""
        self.tell(now)
        if self.batch is not None:
            self.batch.drop_one()
        elif self.rate:  # it was alone until now
            self.is_due = self.callbacks is None  # it may have arrived within its last ns
            self._expect()
        self.batch, self.bottleneck = batch, bottleneck
        if rate != self.rate:
            self.left = max(0.0, self.left - self.rate * (now - self.since))
            self.since, self.rate = now, rate
            self._expect()

    def must_be_scheduled(self) -> bool:
        """Whether its arrival is to be scheduled now, and stays; once in its life."""
        was_due, self.is_due = self.is_due, True
        self.next_at = self.release_at
        return not was_due

    def leave_links(self) -> None:
        """Be carried."""
        self.tell(self.release_at, is_last=True)
        for link in self.way.links:
            link.flows.pop(self, None)  # it may cross one several times

    def _expect(self) -> None:
        """Compute the times from what is left."""
        if self.left == self.size and self.rate == self.way.rate:
            delay, release = self.way.alone[self.size]
        else:
            on_wire = self.left / self.rate
            delay, release = floored(self.way.latency + on_wire), max(1, raised(on_wire))
        self.release_at = self.since + release
        if not self.is_due:
            self.arrives_at = self.since + delay
        self.next_at = self.release_at if self.is_due else min(self.arrives_at, self.release_at)


class Batch:
    """The flows that one recomputation has given their rates, in the order of sending.

    A flow stays until it has left its links, or a later recomputation has it: what others have
    taken is dropped when it is most of it, so that all batches together take memory in proportion
    to the flows.

    Args:
        flows: in any order.
    """

    __slots__ = ("_flows", "_gone")

    def __init__(self, flows: Iterable[Flow]) -> None:
        self._flows = sorted(flows, key=attrgetter("number"))
        self._gone = 0

    def drop_one(self) -> None:
        """Count a flow that has got another batch."""
        self._gone += 1
        if 2 * self._gone > len(self._flows):
            self._flows = [flow for flow in self._flows if flow.batch is self]
            self._gone = 0

    @property
    def first(self) -> Flow | None:
        """The one that arrives or leaves its links first; None if there is none left."""
        mine = (flow for flow in self._flows if flow.batch is self)
        return min(mine, key=attrgetter("next_at"), default=None)

    def take_due(self, now: Ns) -> list[Flow]:
        """Those of which something is due now, in the order of sending; the released ones leave."""
        due = [flow for flow in self._flows if flow.batch is self and flow.next_at <= now]
        self._flows = [flow for flow in self._flows if flow.batch is self and flow.release_at > now]
        self._gone = 0
        return due
