"""What the network is doing: messages on links, and receives and messages that wait for a match."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from simastra.network import Envelope, Link, Mailbox, Message
from simastra.units import Bytes, NpuId


@dataclass(frozen=True, slots=True)
class MessageState:
    """A message at a link: from NPU `src` to NPU `dst`, however many links it takes."""

    src: NpuId
    dst: NpuId
    size: Bytes
    tag: int

    def __str__(self) -> str:
        return f"{self.size:,} B from NPU {self.src} to NPU {self.dst}, tag {self.tag}"


@dataclass(frozen=True, slots=True)
class LinkState:
    """A link between two devices: NPUs by their ids, and switches, numbered after the NPUs.

    Attributes:
        src: device at the sending end.
        dst: device at the receiving end.
        on_wire: the message that occupies the transmitter, None if it is free.
        waiting: messages that wait for it, oldest first.
    """

    src: int
    dst: int
    on_wire: MessageState | None
    waiting: tuple[MessageState, ...]


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


def link_state(link: Link) -> LinkState:
    """Read the state of a link."""
    on_wire = link.transmitter.users
    return LinkState(
        link.src,
        link.dst,
        _message(on_wire[0]) if on_wire else None,
        tuple(map(_message, link.items)),
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
