"""Double binary tree: reduce up a tree and broadcast down it, on two trees in turn (3.8).

Sanders, Speck and Träff, "Two-tree algorithms for full bandwidth broadcast, reduction and scan",
2009.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from simastra.trace import CollectiveType
from simastra.units import Bytes, NpuId

from .algorithm import Algorithm
from .machine import Action, Admit, Finished, PhaseMachine, Receive, Send
from .members import LogicalRing


@dataclass(frozen=True, slots=True)
class DoubleBinaryTree(Algorithm):
    """All-reduce of whole chunks; even chunks take the one tree, odd chunks its mirror image.

    Asked for any other collective it performs a full all-reduce all the same, as ASTRA-sim does
    (behaviour 9.3 #8).
    """

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


class _Leaf(PhaseMachine):
    def __init__(self, size: Bytes, parent: NpuId, blocks: range) -> None:
        self._size, self._parent, self._blocks = size, parent, blocks
        self._sent = False

    def start(self) -> Sequence[Action]:
        return (Admit(self._size, reduces=False, toward_memory=True),)

    def received(self) -> Sequence[Action]:
        return (Admit(self._size, reduces=False, toward_memory=False),)

    def admitted(self) -> Sequence[Action]:
        if self._sent:
            return (Finished(),)
        self._sent = True
        return (
            Send(self._parent, self._size, self._blocks),
            Receive(self._parent, self._size),
        )


class _Inner(PhaseMachine):
    def __init__(
        self, size: Bytes, parent: NpuId, children: tuple[NpuId, ...], blocks: range
    ) -> None:
        self._size, self._parent, self._children, self._blocks = size, parent, children, blocks
        self._received = 0
        self._admitted = 0

    def start(self) -> Sequence[Action]:
        return [Receive(child, self._size) for child in self._children]

    def received(self) -> Sequence[Action]:
        # What comes down from the parent is charged as a reduction too: a quirk that costs cycles.
        self._received += 1
        answer = Admit(self._size, reduces=True, toward_memory=False, send_back=self._received > 1)
        return (answer,)

    def admitted(self) -> Sequence[Action]:
        """Go on when both children's data are reduced, in whichever order they got there."""
        self._admitted += 1
        if self._admitted == 1:
            return ()
        if self._admitted == len(self._children):
            return (
                Send(self._parent, self._size, self._blocks),
                Receive(self._parent, self._size),
            )
        down = [Send(child, self._size, self._blocks) for child in self._children]
        return (*down, Finished())


class _Root(PhaseMachine):
    def __init__(self, size: Bytes, child: NpuId, blocks: range) -> None:
        self._size, self._child, self._blocks = size, child, blocks

    def start(self) -> Sequence[Action]:
        return (Receive(self._child, self._size),)

    def received(self) -> Sequence[Action]:
        return (Admit(self._size, reduces=True, toward_memory=False, send_back=True),)

    def admitted(self) -> Sequence[Action]:
        return (Send(self._child, self._size, self._blocks), Finished())
