"""What becomes of messages between NPUs, whatever way they take."""

from __future__ import annotations

from typing import NamedTuple

from simastra.engine.streams import stream_name
from simastra.trace import Node
from simastra.units import Bytes, NpuId, Ns
from simastra.view.ends import device_words


class Envelope(NamedTuple):
    """What sends and receives must agree in (MPI's word)."""

    tag: int
    src: NpuId
    dst: NpuId
    size: Bytes


class MessageStep(NamedTuple):
    """Which step of a collective a message is.

    Attributes:
        node: the collective's ET node.
        stream: number of the stream.
        phase_index: which of the chunk's phases it belongs to, from 1.
        step: which of the messages that the sender sends in this phase it is, from 1.
    """

    node: Node
    stream: int
    phase_index: int
    step: int

    def __str__(self) -> str:
        return f"step {self.step} of phase {self.phase_index} of stream {stream_name(self.stream)}"


class MessageSent(NamedTuple):
    """NPU `src` handed a message for NPU `dst` to the network.

    Attributes:
        src: the sender.
        dst: the receiver.
        size: in bytes.
        tag: what tells it apart from others between the two.
        time: in ns.
        step: of which collective it is a step, where somebody counts them, as the debugger does.
    """

    src: NpuId
    dst: NpuId
    size: Bytes
    tag: int
    time: Ns
    step: MessageStep | None = None

    @property
    def npus(self) -> tuple[NpuId, ...]:
        """Whom it concerns."""
        return (self.src,)

    @property
    def envelope(self) -> Envelope:
        """What its receive agrees in."""
        return Envelope(self.tag, self.src, self.dst, self.size)

    def __str__(self) -> str:
        belongs = f", {self.step}" if self.step else ""
        return (
            f"{device_words(self.src)} sent {self.size:,} B to {device_words(self.dst)}, "
            f"tag {self.tag}{belongs}"
        )


class ReceivePosted(NamedTuple):
    """NPU `dst` asks for a message from NPU `src`, which may be there already.

    The k-th message of an envelope belongs to its k-th receive. Told before the receive has any
    effect.
    """

    src: NpuId
    dst: NpuId
    size: Bytes
    tag: int
    time: Ns

    @property
    def npus(self) -> tuple[NpuId, ...]:
        """Whom it concerns."""
        return (self.dst,)

    @property
    def envelope(self) -> Envelope:
        """What the message agrees in."""
        return Envelope(self.tag, self.src, self.dst, self.size)

    def __str__(self) -> str:
        return (
            f"{device_words(self.dst)} asks for {self.size:,} B from {device_words(self.src)}, "
            f"tag {self.tag}"
        )


class MessageArrived(NamedTuple):
    """A message from NPU `src` is at NPU `dst`, which may not have asked for it yet.

    Messages of one envelope arrive in the order in which they were sent.
    """

    src: NpuId
    dst: NpuId
    size: Bytes
    tag: int
    time: Ns

    @property
    def npus(self) -> tuple[NpuId, ...]:
        """Whom it concerns."""
        return (self.dst,)

    @property
    def envelope(self) -> Envelope:
        """What its receive agrees in."""
        return Envelope(self.tag, self.src, self.dst, self.size)

    def __str__(self) -> str:
        return (
            f"{self.size:,} B from {device_words(self.src)} arrived at {device_words(self.dst)}, "
            f"tag {self.tag}"
        )
