"""A message on its way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from simpy.events import PENDING

from simastra.engine import Completion, Environment
from simastra.units import Bytes, NpuId, Ns
from simastra.view.ends import device_words

from .timing import LinkTiming


class Carrier(Protocol):
    """What a message crosses on its way: a `Link`."""

    @property
    def src(self) -> int:
        """Device at the sending end."""

    @property
    def dst(self) -> int:
        """Device at the receiving end."""

    @property
    def timing(self) -> LinkTiming:
        """Latency and rate."""

    def fault(self, size: Bytes) -> LinkFault | None:
        """What events cost a message that is put on the wire now; None for nothing."""

    def send(self, message: Message) -> None:
        """Carry the message to the other end, now or once it is its turn."""


class Outage(NamedTuple):
    """A time for which a link was down; from the beginning of what was lost then, if something was.

    Attributes:
        start: in ns.
        end: in ns; None while it is down.
        because: names of the events that took it down.
    """

    start: Ns
    end: Ns | None
    because: str


class LinkFault(NamedTuple):
    """What events have cost a message at a link.

    Attributes:
        slowed: so much longer it is on the wire, in ns.
        because: names of the events for which it is.
        outages: when the link was down.
    """

    slowed: Ns
    because: str
    outages: Sequence[Outage]


class LostTime(NamedTuple):
    """What it has cost a message to share a link with others, or that the link was not as usual.

    Attributes:
        link: devices at the link's ends.
        time: so much longer it takes, in ns.
        npus: the NPUs whose messages shared the link, its own sender perhaps among them.
        because: names of the events for which the link was not as usual; else empty.
    """

    link: tuple[int, int]
    time: float
    npus: tuple[NpuId, ...] = ()
    because: str = ""


class HeldMessage(NamedTuple):
    """A message that waits for a link that is down.

    Attributes:
        message: it.
        link: devices at the link's ends.
        because: names of the events that took the link down.
    """

    message: Message
    link: tuple[int, int]
    because: str


class MessageAccount(NamedTuple):
    """What a message's time went to, as its network has kept account of it.

    Attributes:
        on_wire: serialisation, had it shared nothing, in ns.
        alone: all of its time, had it shared nothing, in ns.
        lost: to others, link by link.
    """

    on_wire: Ns
    alone: Ns
    lost: Sequence[LostTime]


class Message(Completion):
    """A message between two NPUs; as an event, its arrival at the receiver.

    Args:
        env: the environment in which it travels.
        src: sending NPU.
        dst: receiving NPU.
        size: payload; headers and packets are not modelled (behaviour 4.1).
        tag: what the NPUs call it; the network doesn't care.

    Attributes:
        route: links that it takes, empty where the network has none to show.
        hop: index in `route` of the link that it is queued at or crosses.
        follows: what its sending followed from, where somebody remembers it who asks why.
        is_lost: whether it was lost on a link that went down: what is scheduled for it comes to
            nothing.
    """

    # Class attributes until they change: most messages have one hop, and all succeed.
    route: tuple[Carrier, ...] = ()
    hop = 0
    follows: object = None
    is_lost = False
    _ok = True

    # Not super().__init__(): 130 ns for each message, not 250.
    def __init__(self, env: Environment, src: NpuId, dst: NpuId, size: Bytes, tag: int = 0) -> None:
        self.env = env
        self.callbacks = []
        self.src = src
        self.dst = dst
        self.size = size
        self.tag = tag

    @property
    def account(self) -> MessageAccount | None:
        """What its time went to, if its network keeps account of that."""
        return None

    @property
    def expected(self) -> Ns | None:
        """When it arrives if nobody else comes, in ns; None where its network doesn't know."""
        return None

    def says(self, _call: object) -> str:
        """What a call that is scheduled for it does, in words."""
        return f"{self.words} come to the end of a link"

    @property
    def words(self) -> str:
        """What it is: bytes, from whom to whom."""
        return f"{self.size:,} B from {device_words(self.src)} to {device_words(self.dst)}"

    def arrive(self) -> None:
        """Be there: fire, with the message itself as value."""
        self._run_callbacks()

    def cross_next_link(self) -> None:
        """Reach the end of a link: go on to the next, or be there."""
        hop = self.hop + 1
        if hop == len(self.route):
            self._run_callbacks()
        else:
            self.hop = hop
            self.route[hop].send(self)

    # A message that held itself as its value would be garbage that only the collector finds.
    @property
    def _value(self) -> object:
        callbacks: object = self.callbacks  # None after the event, whatever SimPy's type says
        return self if callbacks is None else PENDING

    def _desc(self) -> str:
        """Text for SimPy's repr."""
        return f"Message({self.src} -> {self.dst}, {self.size} B, tag {self.tag})"
