"""Sends and receives that nothing fits, as notices.

A send that nobody receives ends all the same, unless a handshake precedes it; a receive for which
nothing is sent waits for ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from simastra.network import Envelope
from simastra.notices import Notice
from simastra.trace import Node
from simastra.units import NpuId


@dataclass(frozen=True, slots=True)
class PointToPoint:
    """A send or a receive.

    Attributes:
        envelope: what it must have in common with its other half.
        npu: the NPU that has it; a rank, in the ET of a collective.
        node: which node it is.
        sends: whether it is a send.
        place: what NPUs are called where it stands.
    """

    envelope: Envelope
    npu: NpuId
    node: Node
    sends: bool
    place: str = "NPU"

    @property
    def name(self) -> str:
        """Which it is, in words."""
        return f"{self.place} {self.npu}'s node {self.node.id} ({self.node.name!r})"

    @property
    def what(self) -> str:
        """What it sends or receives, in words."""
        return f"{self.envelope.size} bytes with tag {self.envelope.tag}"


def half_notices(
    sends: Sequence[PointToPoint], receives: Sequence[PointToPoint], sources: Sequence[str]
) -> tuple[Notice, ...]:
    """Say which sends and receives are left.

    Where a send and a receive are left between the same two NPUs, they are told together: they were
    probably meant for each other.

    Args:
        sends: all that no receive fits.
        receives: all that no send fits.
        sources: what to call each NPU's nodes.
    """
    pairs = _pairs(sends, receives)
    paired = {id(half) for pair in pairs for half in pair}
    unreceived = [half for half in sends if id(half) not in paired]
    unsent = [half for half in receives if id(half) not in paired]
    notices = []
    if pairs:
        notices.append(_unlike(pairs, sources))
    if unreceived:
        notices.append(_unreceived(unreceived, sources))
    if unsent:
        notices.append(_unsent(unsent, sources))
    return tuple(notices)


def _pairs(
    sends: Sequence[PointToPoint], receives: Sequence[PointToPoint]
) -> list[tuple[PointToPoint, PointToPoint]]:
    """Sends and receives that have two of ends, tag and size in common, the ends among them."""
    pairs: list[tuple[PointToPoint, PointToPoint]] = []
    for common in (_ends_and_tag, _ends_and_size):
        paired = {id(half) for pair in pairs for half in pair}
        waiting: dict[Envelope, list[PointToPoint]] = {}
        for receive in reversed(receives):
            if id(receive) not in paired:
                waiting.setdefault(common(receive.envelope), []).append(receive)
        for send in sends:
            fitting = waiting.get(common(send.envelope))
            if fitting and id(send) not in paired:
                pairs.append((send, fitting.pop()))
    return pairs


def _ends_and_tag(envelope: Envelope) -> Envelope:
    return envelope._replace(size=0)


def _ends_and_size(envelope: Envelope) -> Envelope:
    return envelope._replace(tag=0)


def _unlike(pairs: Sequence[tuple[PointToPoint, PointToPoint]], sources: Sequence[str]) -> Notice:
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


def _unreceived(sends: Sequence[PointToPoint], sources: Sequence[str]) -> Notice:
    first = sends[0]
    count = "1 send has no receive" if len(sends) == 1 else f"{len(sends)} sends have no receive"
    return Notice(
        "missing-receive",
        sources[first.npu],
        f"{count}: {first.name} sends {first.what} to {first.place} {first.envelope.dst}, which "
        "doesn't receive them",
        "give each send a receive with the same ends, size and tag",
    )


def _unsent(receives: Sequence[PointToPoint], sources: Sequence[str]) -> Notice:
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
        f"{first.envelope.src}, which doesn't send them",
        "give each receive a send with the same ends, size and tag",
    )
