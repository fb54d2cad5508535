"""What happens at NPUs: nodes and phases begin and end, members of a collective come."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from simastra.engine.streams import stream_name
from simastra.trace import Node
from simastra.units import NpuId, Ns


class WatchedPhase(Protocol):
    """What all phases have; one is a `simastra.collectives.Phase`, or one that is played from ETs.

    The former also says what is done, how, and on how many bytes. As text, either says that.
    """

    @property
    def queue(self) -> int:
        """The NPU's logical queue in which it runs."""

    @property
    def members(self) -> Sequence[NpuId]:
        """The NPUs that take part."""


class NodeIssued(NamedTuple):
    """`npu` began an ET node. Nodes that take no time at all (skipped ones) are not told."""

    npu: NpuId
    node: Node
    time: Ns

    @property
    def npus(self) -> tuple[NpuId, ...]:
        """Whom it concerns."""
        return (self.npu,)

    def __str__(self) -> str:
        return f"NPU {self.npu} issued {node_words(self.node)}"


class NodeFinished(NamedTuple):
    """`npu` finished an ET node."""

    npu: NpuId
    node: Node
    time: Ns

    @property
    def npus(self) -> tuple[NpuId, ...]:
        """Whom it concerns."""
        return (self.npu,)

    def __str__(self) -> str:
        return f"NPU {self.npu} finished {node_words(self.node)}"


class NpuFinished(NamedTuple):
    """`npu` has finished the last node of its trace."""

    npu: NpuId
    time: Ns

    @property
    def npus(self) -> tuple[NpuId, ...]:
        """Whom it concerns."""
        return (self.npu,)

    def __str__(self) -> str:
        return f"NPU {self.npu} has finished its trace"


class PhaseBegun(NamedTuple):
    """A chunk began a phase on `npu`.

    Attributes:
        npu: the NPU.
        node: the collective's ET node.
        stream: number of the chunk's stream, alike on all members.
        phase_index: which of the chunk's phases it is, from 1.
        phase: what is done, among whom.
        time: in ns.
    """

    npu: NpuId
    node: Node
    stream: int
    phase_index: int
    phase: WatchedPhase
    time: Ns

    @property
    def npus(self) -> tuple[NpuId, ...]:
        """Whom it concerns."""
        return (self.npu,)

    def __str__(self) -> str:
        return f"NPU {self.npu} began {_phase_words(self)}"


class PhaseEnded(NamedTuple):
    """A chunk ended a phase on `npu`, before anything follows. Attributes as of `PhaseBegun`."""

    npu: NpuId
    node: Node
    stream: int
    phase_index: int
    phase: WatchedPhase
    time: Ns

    @property
    def npus(self) -> tuple[NpuId, ...]:
        """Whom it concerns."""
        return (self.npu,)

    def __str__(self) -> str:
        return f"NPU {self.npu} ended {_phase_words(self)}"


class CollectiveMet(NamedTuple):
    """All members have come to a collective that is priced as a whole.

    Attributes:
        npus: the members, in the order in which they came.
        nodes: the ET node of each.
        what: which collective, of how many bytes.
        time: in ns.
        until: when it ends if it shares no link, in ns.
    """

    npus: tuple[NpuId, ...]
    nodes: tuple[Node, ...]
    what: str
    time: Ns
    until: Ns

    def __str__(self) -> str:
        return (
            f"all {len(self.npus)} members have come to {self.what}, NPU {self.npus[-1]} last; "
            f"it takes {self.until - self.time:,} ns"
        )


class CollectiveEnded(NamedTuple):
    """A collective that is priced as a whole has ended. Told before its members go on.

    The four times sum to `time` - `met`.

    Attributes:
        npus: the members, in the order in which they came.
        nodes: the ET node of each.
        what: which collective, of how many bytes.
        met: when the last of them came, in ns.
        launch: what launching it and its hops took, in ns.
        protocol: what protocols, and pipelines that fill, took, in ns.
        bandwidth: what the bytes took on the links, had it shared none, in ns.
        contention: what sharing them with other collectives took, in ns.
        time: in ns.
    """

    npus: tuple[NpuId, ...]
    nodes: tuple[Node, ...]
    what: str
    met: Ns
    launch: Ns
    protocol: Ns
    bandwidth: Ns
    contention: Ns
    time: Ns

    def __str__(self) -> str:
        shared = f", {self.contention:,} of them for sharing links" if self.contention else ""
        return (
            f"{self.what} among {len(self.npus)} NPUs has ended, after {self.time - self.met:,} ns"
            f"{shared}"
        )


def node_words(node: Node) -> str:
    """Name an ET node for people."""
    return f"node {node.id} ({node.name!r})"


def _phase_words(event: PhaseBegun | PhaseEnded) -> str:
    return (
        f"phase {event.phase_index} of stream {stream_name(event.stream)} of "
        f"{node_words(event.node)}: {event.phase}"
    )
