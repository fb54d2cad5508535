"""What happens in a simulation, one record each: what breakpoints match and the debugger prints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from simastra.trace import Node
from simastra.units import Bytes, NpuId, Ns


@dataclass(frozen=True, slots=True)
class NodeIssued:
    """`npu` began an ET node at `time`."""

    npu: NpuId
    node: Node
    time: Ns

    @property
    def npus(self) -> tuple[NpuId, ...]:
        """Whom it concerns."""
        return (self.npu,)

    def __str__(self) -> str:
        return f"NPU {self.npu} issued {node_words(self.node)}"


@dataclass(frozen=True, slots=True)
class NodeFinished:
    """`npu` finished an ET node at `time`."""

    npu: NpuId
    node: Node
    time: Ns

    @property
    def npus(self) -> tuple[NpuId, ...]:
        """Whom it concerns."""
        return (self.npu,)

    def __str__(self) -> str:
        return f"NPU {self.npu} finished {node_words(self.node)}"


@dataclass(frozen=True, slots=True)
class NpuFinished:
    """`npu` has finished its trace at `time`."""

    npu: NpuId
    time: Ns

    @property
    def npus(self) -> tuple[NpuId, ...]:
        """Whom it concerns."""
        return (self.npu,)

    def __str__(self) -> str:
        return f"NPU {self.npu} has finished its trace"


@dataclass(frozen=True, slots=True)
class PhaseBegun:
    """A chunk began a phase on `npu` at `time`.

    Attributes:
        node: the collective's ET node.
        stream: number of the stream.
        turn: which of the chunk's phases it is, from 1.
        what: what the phase does, in words.
    """

    npu: NpuId
    node: Node
    stream: int
    turn: int
    what: str
    time: Ns

    @property
    def npus(self) -> tuple[NpuId, ...]:
        """Whom it concerns."""
        return (self.npu,)

    def __str__(self) -> str:
        return (
            f"NPU {self.npu} began phase {self.turn} of stream {self.stream} of "
            f"{node_words(self.node)}: {self.what}"
        )


@dataclass(frozen=True, slots=True)
class PhaseEnded:
    """A chunk ended a phase on `npu` at `time`; attributes as of `PhaseBegun`."""

    npu: NpuId
    node: Node
    stream: int
    turn: int
    what: str
    time: Ns

    @property
    def npus(self) -> tuple[NpuId, ...]:
        """Whom it concerns."""
        return (self.npu,)

    def __str__(self) -> str:
        return (
            f"NPU {self.npu} ended phase {self.turn} of stream {self.stream} of "
            f"{node_words(self.node)}: {self.what}"
        )


@dataclass(frozen=True, slots=True)
class Step:
    """Which step of a collective a message is.

    Attributes:
        node: the collective's ET node.
        stream: number of the stream.
        turn: which of the chunk's phases it belongs to, from 1.
        step: which of the messages that the sender sends in this phase it is, from 1.
    """

    node: Node
    stream: int
    turn: int
    step: int

    def __str__(self) -> str:
        return f"step {self.step} of phase {self.turn} of stream {self.stream}"


@dataclass(frozen=True, slots=True)
class MessageSent:
    """`src` sent a message at `time`; `step` says for which collective, None for a plain send."""

    src: NpuId
    dst: NpuId
    size: Bytes
    tag: int
    time: Ns
    step: Step | None

    @property
    def npus(self) -> tuple[NpuId, ...]:
        """Whom it concerns."""
        return (self.src,)

    def __str__(self) -> str:
        belongs = f", {self.step}" if self.step else ""
        return f"NPU {self.src} sent {self.size:,} B to NPU {self.dst}, tag {self.tag}{belongs}"


@dataclass(frozen=True, slots=True)
class MessageArrived:
    """A message arrived at `dst` at `time`."""

    src: NpuId
    dst: NpuId
    size: Bytes
    tag: int
    time: Ns

    @property
    def npus(self) -> tuple[NpuId, ...]:
        """Whom it concerns."""
        return (self.dst,)

    def __str__(self) -> str:
        return f"{self.size:,} B from NPU {self.src} arrived at NPU {self.dst}, tag {self.tag}"


@dataclass(frozen=True, slots=True)
class MessageQueued:
    """A message found a link busy at `time` and waits for it.

    Attributes:
        link_src: device at the link's sending end.
        link_dst: device at its receiving end.
        src: the NPU that sent the message.
        dst: the NPU to which it goes.
        size: its bytes.
        time: in ns.
    """

    link_src: int
    link_dst: int
    src: NpuId
    dst: NpuId
    size: Bytes
    time: Ns

    @property
    def npus(self) -> tuple[NpuId, ...]:
        """Nobody: the network does it."""
        return ()

    def __str__(self) -> str:
        return (
            f"{self.size:,} B from NPU {self.src} to NPU {self.dst} wait for link "
            f"{self.link_src} -> {self.link_dst}"
        )


@dataclass(frozen=True, slots=True)
class Transmitting:
    """The link from device `src` to device `dst` began to transmit at `time`, until `until`."""

    src: int
    dst: int
    size: Bytes
    time: Ns
    until: Ns

    @property
    def npus(self) -> tuple[NpuId, ...]:
        """Nobody: the network does it."""
        return ()

    def __str__(self) -> str:
        return f"link {self.src} -> {self.dst} transmits {self.size:,} B until {self.until:,} ns"


Happening: TypeAlias = (
    NodeIssued
    | NodeFinished
    | NpuFinished
    | PhaseBegun
    | PhaseEnded
    | MessageSent
    | MessageArrived
    | MessageQueued
    | Transmitting
)


def node_words(node: Node) -> str:
    """Name an ET node for people."""
    return f"node {node.id} ({node.name!r})"
