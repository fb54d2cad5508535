"""Double binary tree: reduce up a tree and broadcast down it, on two trees in turn (3.8).

Sanders, Speck and Träff, "Two-tree algorithms for full bandwidth broadcast, reduction and scan",
2009.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import repeat
from typing import final

from simastra.collectives.algorithm import Algorithm, MessageSizes, RingSymmetry
from simastra.collectives.entry import AlgorithmEntry
from simastra.collectives.machine import Exchange, Packet, PhaseMachine
from simastra.collectives.members import LogicalRing
from simastra.trace import CollectiveType
from simastra.units import Bytes, NpuId


@final
@dataclass(frozen=True, slots=True)
class DoubleBinaryTree(Algorithm):
    """All-reduce of whole chunks; even chunks take the one tree, odd chunks its mirror image.

    Asked for any other collective it performs a full all-reduce all the same, as ASTRA-sim does
    (behaviour 7.3 #8).
    """

    symmetry = RingSymmetry.IDENTITY  # the root and the leaves are unlike
    period = 2  # two trees take turns
    has_scores = True

    def machine(
        self, collective: CollectiveType, size: Bytes, ring: LogicalRing, turn: int = 0
    ) -> PhaseMachine:
        """The part of a leaf, an inner node or the root."""
        in_order = ring if ring.clockwise else ring.reversed()
        if turn % 2:
            in_order = in_order.reversed()
        place = tree_place(len(in_order), in_order.position)
        # Mirroring swaps left and right too: children are served in order of their coordinates.
        order = place.children[::-1] if turn % 2 else place.children
        children = tuple(in_order.members[child] for child in order)
        everything = range(len(ring))
        if place.parent is None:
            return _Root(size, children[0], everything)
        parent = in_order.members[place.parent]
        if not children:
            return _Leaf(size, parent, everything)
        return _Inner(size, parent, children, everything)

    def problem(self, collective: CollectiveType, npus: int) -> str | None:
        """It needs a power of two."""
        if npus & (npus - 1):
            return (
                f"doubleBinaryTree needs a power of two of NPUs, the dimension has {npus}; "
                "use ring or direct"
            )
        return None

    def message_sizes(self, collective: CollectiveType, size: Bytes, npus: int) -> MessageSizes:
        """The whole buffer each time."""
        return MessageSizes(size, size)

    def runs_as(self, collective: CollectiveType) -> CollectiveType:
        """Always an all-reduce."""
        return CollectiveType.ALL_REDUCE

    def result_size(self, collective: CollectiveType, size: Bytes, npus: int) -> Bytes:
        """Everybody has the whole buffer afterwards."""
        return size


@dataclass(frozen=True, slots=True)
class TreePlace:
    """Where a position stands in the tree.

    Attributes:
        parent: its parent's position; None for the root.
        children: its children's, left before right.
    """

    parent: int | None
    children: tuple[int, ...]


def tree_place(npus: int, position: int) -> TreePlace:
    """Place in the tree whose root has the highest position and a single child.

    The other npus - 1 positions are a perfect binary tree, numbered in order from left to right.
    Counted from 1, a position's lowest set bit is its height; its children lie half of that to
    either side.

    >>> tree_place(8, 3), tree_place(8, 7)
    (TreePlace(parent=7, children=(1, 5)), TreePlace(parent=None, children=(3,)))
    """
    number = position + 1
    if number == npus:
        return TreePlace(None, (npus // 2 - 1,))
    height = number & -number
    parent = (number ^ height) | 2 * height
    step = height // 2
    children = (position - step, position + step) if step else ()
    return TreePlace(parent - 1, children)


class _Part(PhaseMachine):
    """A part in the tree; every message carries everything."""

    def __init__(self, size: Bytes, blocks: range) -> None:
        self._size = size
        self._blocks = blocks

    def blocks(self) -> Iterable[range]:
        return repeat(self._blocks)


class _Leaf(_Part):
    def __init__(self, size: Bytes, parent: NpuId, blocks: range) -> None:
        super().__init__(size, blocks)
        self._parent = parent
        self._sent = False

    def start(self, exchange: Exchange) -> None:
        exchange.admit(Packet(self._size, reduces=False, toward_memory=True))

    def received(self, exchange: Exchange) -> None:
        exchange.admit(Packet(self._size, reduces=False, toward_memory=False))

    def admitted(self, exchange: Exchange) -> None:
        if self._sent:
            exchange.finish()
            return
        self._sent = True
        exchange.send(self._parent, self._size)
        exchange.receive(self._parent, self._size)


class _Inner(_Part):
    def __init__(
        self, size: Bytes, parent: NpuId, children: tuple[NpuId, ...], blocks: range
    ) -> None:
        super().__init__(size, blocks)
        self._parent, self._children = parent, children
        self._received = 0
        self._admitted = 0

    def start(self, exchange: Exchange) -> None:
        for child in self._children:
            exchange.receive(child, self._size)

    def received(self, exchange: Exchange) -> None:
        # What comes down from the parent is charged as a reduction too: a quirk that costs cycles.
        self._received += 1
        back = self._received > 1
        exchange.admit(Packet(self._size, reduces=True, toward_memory=False, send_back=back))

    def admitted(self, exchange: Exchange) -> None:
        """Go on when both children's data are reduced, in whichever order they got there."""
        self._admitted += 1
        if self._admitted == 1:
            return
        if self._admitted == len(self._children):
            exchange.send(self._parent, self._size)
            exchange.receive(self._parent, self._size)
            return
        for child in self._children:
            exchange.send(child, self._size)
        exchange.finish()


class _Root(_Part):
    def __init__(self, size: Bytes, child: NpuId, blocks: range) -> None:
        super().__init__(size, blocks)
        self._child = child

    def start(self, exchange: Exchange) -> None:
        exchange.receive(self._child, self._size)

    def received(self, exchange: Exchange) -> None:
        exchange.admit(Packet(self._size, reduces=True, toward_memory=False, send_back=True))

    def admitted(self, exchange: Exchange) -> None:
        exchange.send(self._child, self._size)
        exchange.finish()


ENTRY = AlgorithmEntry(DoubleBinaryTree())
