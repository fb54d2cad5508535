"""Who takes part in a phase, in ring order."""

from __future__ import annotations

from collections.abc import Sequence

from simastra.quick_dataclass import dataclass
from simastra.units import NpuId


@dataclass(frozen=True, slots=True)
class LogicalRing:
    """The NPUs of a phase in ring order, seen from one of them.

    Attributes:
        members: NPU ids. A ``range`` for the line of a network dimension, so that a large network
            costs nothing; a tuple for a process group, in its file's order.
        position: index in `members` of the NPU whose view this is.
        is_group: whether this is a process group (its endpoint cost differs, behaviour 3.10).
        clockwise: whether `members` is in order of coordinates, and not the other way round.
    """

    members: Sequence[NpuId]
    position: int
    is_group: bool = False
    clockwise: bool = True

    def __len__(self) -> int:
        return len(self.members)

    def peer(self, displacement: int) -> NpuId:
        """The member `displacement` places further on, round the ring."""
        return self.members[(self.position + displacement) % len(self.members)]

    def reversed(self) -> LogicalRing:
        """The same members the other way round, as queues that run anticlockwise see them."""
        last = len(self.members) - 1
        return LogicalRing(
            self.members[::-1], last - self.position, self.is_group, not self.clockwise
        )


def line_of(npu: NpuId, size: int, stride: int) -> LogicalRing:
    """The line of `size` NPUs along a dimension of that `stride` on which `npu` lies.

    >>> line_of(5, size=2, stride=4).members
    range(1, 9, 4)
    """
    position = npu // stride % size
    first = npu - position * stride
    return LogicalRing(range(first, first + size * stride, stride), position)
