"""Sends and receives, each half of a message: which fit each other, and what to say of the others.

Checks of inputs, traces that are only looked at, the ETs of collectives and the search for what a
run waits for all ask here. A send that nobody receives ends all the same, unless a handshake
precedes it; a receive for which nothing is sent waits for ever.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from simastra.network import Envelope
from simastra.notices import Notice
from simastra.quick_dataclass import dataclass
from simastra.system.tags import Tags
from simastra.trace import Node, NodeType
from simastra.units import Bytes, NpuId
from simastra.workload import Operation, ReceiveOperation, SendOperation


@dataclass(frozen=True, slots=True)
class Half:
    """A send or a receive.

    Attributes:
        envelope: what it must have in common with its other half.
        node: which node it is.
        tag: as the node has it; those of an envelope may be the same for several of these.
        sends: whether it is a send.
        place: what NPUs are called where it stands.
    """

    envelope: Envelope
    node: Node
    tag: int
    sends: bool
    place: str = "NPU"

    @property
    def npu(self) -> NpuId:
        """The NPU that has it; a rank, in the ET of a collective."""
        return self.envelope.src if self.sends else self.envelope.dst

    @property
    def peer(self) -> NpuId:
        """The NPU that has the other half."""
        return self.envelope.dst if self.sends else self.envelope.src

    @property
    def size(self) -> Bytes:
        """Of the message."""
        return self.envelope.size

    @property
    def verb(self) -> str:
        """What it is, and what its node does."""
        return "send" if self.sends else "receive"

    @property
    def wanted(self) -> str:
        """What its other half is."""
        return "receive" if self.sends else "send"

    @property
    def toward(self) -> str:
        """How its peer is named after its verb."""
        return "to" if self.sends else "from"

    @property
    def name(self) -> str:
        """Which it is, in words."""
        return f"{self.place} {self.npu}'s node {self.node.id} ({self.node.name!r})"

    @property
    def what(self) -> str:
        """What it sends or receives, in words."""
        return f"{self.size:,} bytes with tag {self.tag}"


def half_of(npu: NpuId, node: Node, operation: Operation, tags: Tags) -> Half | None:
    """The half that an NPU's node is; None if it is neither a send nor a receive."""
    match operation:
        case SendOperation(dst, size, tag):
            return Half(Envelope(tags.of_send(tag), npu, dst, size), node, tag, sends=True)
        case ReceiveOperation(src, size, tag):
            return Half(Envelope(tags.of_send(tag), src, npu, size), node, tag, sends=False)
        case _:
            return None


HalfKind: TypeAlias = tuple[int, NpuId, NpuId, Bytes]
"""An `Envelope`, without its name where there are millions."""


def kinds_in(nodes: Iterable[Node], npu: NpuId) -> Iterator[tuple[HalfKind, bool, Node]]:
    """Sends and receives as a file has them: kind, whether it is a send, and its node.

    Those that name no other end are none.
    """
    for node in nodes:
        if node.type is NodeType.COMM_SEND and node.comm_dst is not None:
            yield (node.comm_tag or 0, npu, node.comm_dst, node.comm_size or 0), True, node
        elif node.type is NodeType.COMM_RECV and node.comm_src is not None:
            yield (node.comm_tag or 0, node.comm_src, npu, node.comm_size or 0), False, node


def halves_in(nodes: Iterable[Node], npu: NpuId, place: str = "NPU") -> Iterator[Half]:
    """The same as halves."""
    for kind, sends, node in kinds_in(nodes, npu):
        yield Half(Envelope(*kind), node, kind[0], sends, place)


def left_over(halves: Iterable[Half], others: Iterable[Half]) -> Iterator[Half]:
    """Those that none of the others fits: the last ones of their kind, as the first are met first.

    Args:
        halves: sends, or receives.
        others: the receives, or sends.
    """
    met = Counter(other.envelope for other in others)
    for half in halves:
        if met[half.envelope]:
            met[half.envelope] -= 1
        else:
            yield half


def _ends_and_tag(envelope: Envelope) -> Envelope:
    return envelope._replace(size=0)


def _ends_and_size(envelope: Envelope) -> Envelope:
    return envelope._replace(tag=0)


_NEARLY = (_ends_and_tag, _ends_and_size)
"""What two halves have in common that were probably meant for each other, the most likely first."""


def nearest(half: Half, left: Sequence[Half]) -> Half | None:
    """Of halves that are left, the one that was probably meant for `half`; None if none was."""
    fitting = (
        other
        for common in _NEARLY
        for other in left
        if common(other.envelope) == common(half.envelope)
    )
    return next(fitting, None)


Sources: TypeAlias = Sequence[str] | Mapping[NpuId, str]
"""What to call each NPU's nodes."""


def half_notices(halves: Iterable[Half], sources: Sources) -> tuple[Notice, ...]:
    """Say which sends and receives are left.

    Where a send and a receive are left between the same two NPUs, they are told together: they were
    probably meant for each other.

    Args:
        halves: all of them, or all of the kinds of which some are left.
        sources: what to call each NPU's nodes.
    """
    everybody = list(halves)
    all_sends = [half for half in everybody if half.sends]
    all_receives = [half for half in everybody if not half.sends]
    sends, receives = left_over(all_sends, all_receives), left_over(all_receives, all_sends)
    pairs, unreceived, unsent = _pairs(list(sends), list(receives))
    return (
        *((_unlike(pairs, sources),) if pairs else ()),
        *((_unreceived(unreceived, sources),) if unreceived else ()),
        *((_unsent(unsent, sources),) if unsent else ()),
    )


def _pairs(
    sends: list[Half], receives: list[Half]
) -> tuple[list[tuple[Half, Half]], list[Half], list[Half]]:
    """Those that were probably meant for each other; the sends and receives that are left then."""
    pairs: list[tuple[Half, Half]] = []
    for common in _NEARLY:
        waiting: dict[Envelope, list[Half]] = {}
        for receive in reversed(receives):
            waiting.setdefault(common(receive.envelope), []).append(receive)
        fresh = [
            (send, fitting.pop())
            for send in sends
            if (fitting := waiting.get(common(send.envelope)))
        ]
        paired = {id(half) for pair in fresh for half in pair}
        sends = [half for half in sends if id(half) not in paired]
        receives = [half for half in receives if id(half) not in paired]
        pairs += fresh
    return pairs, sends, receives


def _unlike(pairs: Sequence[tuple[Half, Half]], sources: Sources) -> Notice:
    send, receive = pairs[0]
    count = "1 send differs" if len(pairs) == 1 else f"{len(pairs)} sends differ"
    return Notice(
        "unlike-halves",
        sources[send.npu],
        f"{count} in size or tag from the receive that is left for it: {send.name} sends "
        f"{send.what} to {receive.place} {receive.npu}, whose node {receive.node.id} "
        f"({receive.node.name!r}) waits for {receive.what}",
        "give both halves of a message the same size and tag",
    )


def _unreceived(sends: Sequence[Half], sources: Sources) -> Notice:
    first = sends[0]
    count = "1 send has no receive" if len(sends) == 1 else f"{len(sends)} sends have no receive"
    return Notice(
        "missing-receive",
        sources[first.npu],
        f"{count}: {first.name} sends {first.what} to {first.place} {first.peer}, which "
        "doesn't receive them",
        "give each send a receive with the same ends, size and tag",
    )


def _unsent(receives: Sequence[Half], sources: Sources) -> Notice:
    first, count = receives[0], len(receives)
    have = (
        "1 receive has no send and waits"
        if count == 1
        else f"{count} receives have no send and wait"
    )
    return Notice(
        "missing-send",
        sources[first.npu],
        f"{have} for ever: {first.name} expects {first.what} from {first.place} "
        f"{first.peer}, which doesn't send them",
        "give each receive a send with the same ends, size and tag",
    )
