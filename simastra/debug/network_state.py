"""What the network is doing: messages on links, and receives and messages that wait for a match."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from simastra.engine import Environment, owner_of
from simastra.network import Envelope, Mailbox, Message, NetworkLink
from simastra.units import Bytes, BytesPerNs, NpuId, Ns
from simastra.view.devices import DeviceNames
from simastra.view.ends import device_words


@dataclass(frozen=True, slots=True)
class MessageState:
    """A message at a link: from NPU `src` to NPU `dst`, however many links it takes."""

    src: NpuId
    dst: NpuId
    size: Bytes
    tag: int

    def __str__(self) -> str:
        ends = f"from {device_words(self.src)} to {device_words(self.dst)}"
        return f"{self.size:,} B {ends}, tag {self.tag}"


@dataclass(frozen=True, slots=True)
class CrossingMessage:
    """A message that has left a link's sending end and is at the other one at `until`, in ns."""

    message: MessageState
    until: Ns

    def __str__(self) -> str:
        return f"{self.message}, there at {self.until:,} ns"


@dataclass(frozen=True, slots=True)
class SharingMessage:
    """A message that has a part of a link's bandwidth: `rate`, in bytes per ns."""

    message: MessageState
    rate: BytesPerNs

    def __str__(self) -> str:
        if not self.rate:
            return f"{self.message}, whose rate is computed at the end of this ns"
        return f"{self.message}, at {self.rate:.4g} B/ns"


@dataclass(frozen=True, slots=True)
class LinkState:
    """A link between two devices: NPUs by their ids, and switches, numbered after the NPUs.

    Attributes:
        src: device at the sending end.
        dst: device at the receiving end.
        on_wire: the message that occupies the transmitter, the oldest where several share it; None
            if it is free.
        waiting: messages that wait for it, oldest first.
        crossing: messages that have left the transmitter, with the latency still before them.
        sharing: the messages that share the bandwidth and what each gets, the oldest first; none
            in a network whose links carry one message at a time.
        name: by which people tell it, with the names that the network's file gives its ends.
    """

    src: int
    dst: int
    on_wire: MessageState | None
    waiting: tuple[MessageState, ...]
    crossing: tuple[CrossingMessage, ...] = ()
    sharing: tuple[SharingMessage, ...] = ()
    name: str = ""

    def __str__(self) -> str:
        return self.name or f"{self.src} -> {self.dst}"

    @property
    def is_busy(self) -> bool:
        """Whether it carries something, or something waits for it."""
        return self.on_wire is not None or bool(self.waiting or self.crossing)

    @property
    def transmitted(self) -> str:
        """What is put on the wire, in words; empty if nothing is."""
        if len(self.sharing) > 1:
            return f"{len(self.sharing):,} messages at once, the oldest {self.sharing[0]}"
        return str(self.sharing[0] if self.sharing else self.on_wire or "")

    @property
    def load_words(self) -> str:
        """What it carries, in a line."""
        parts = [f"transmits {self.transmitted}" if self.on_wire else "its transmitter is free"]
        if self.crossing:
            parts.append(f"{len(self.crossing):,} on the way to the other end")
        if self.waiting:
            parts.append(f"{len(self.waiting):,} waiting")
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class Unmatched:
    """Receives for which nothing has come, or messages that nobody has received.

    Attributes:
        src: the NPU that sends.
        dst: the NPU that receives.
        size: in bytes.
        tag: of the message.
        count: how many of the kind.
        handshake: whether it is a handshake: NPU `dst` is the one that wants to send then, and
            `src` the one that is to receive.
    """

    src: NpuId
    dst: NpuId
    size: Bytes
    tag: int
    count: int
    handshake: bool


def crossings(env: Environment) -> dict[tuple[int, int], list[tuple[Message, Ns]]]:
    """Messages that are going to reach the end of a link, by its ends, with the times."""
    found: dict[tuple[int, int], list[tuple[Message, Ns]]] = {}
    for time, call in env.pending():
        message = owner_of(call)
        if isinstance(message, Message) and message.route and not message.is_lost:
            link = message.route[message.hop]
            found.setdefault((link.src, link.dst), []).append((message, time))
    return found


def link_state(
    link: NetworkLink, crossing: Sequence[tuple[Message, Ns]], names: DeviceNames
) -> LinkState:
    """Read the state of a link.

    Args:
        link: it.
        crossing: messages that are going to reach its end, with the times.
        names: what devices are called.
    """
    on_wire = link.on_wire
    return LinkState(
        link.src,
        link.dst,
        _message(on_wire[0]) if on_wire else None,
        tuple(map(_message, link.items)),
        tuple(CrossingMessage(_message(it), at) for it, at in crossing if it not in on_wire),
        tuple(SharingMessage(_message(it), rate) for it, rate in link.shares),
        names.arrow(link.src, link.dst),
    )


def posted_receives(mailbox: Mailbox) -> list[Unmatched]:
    """Receives for which nothing has come, in the order in which they began to wait."""
    return _counted(mailbox.posted_receives, mailbox)


def unexpected_messages(mailbox: Mailbox) -> list[Unmatched]:
    """Messages that have come and that nobody has received, in the order in which they came."""
    return _counted(mailbox.unexpected_messages, mailbox)


def _counted(envelopes: Sequence[Envelope], mailbox: Mailbox) -> list[Unmatched]:
    return [
        Unmatched(it.src, it.dst, it.size, it.tag, count, mailbox.is_handshake(it))
        for it, count in Counter(envelopes).items()
    ]


def _message(message: Message) -> MessageState:
    return MessageState(message.src, message.dst, message.size, message.tag)
