"""Networks of switches that reduce, made up: as algorithms and topologies are asked about them."""

from collections.abc import Sequence
from dataclasses import dataclass

from simastra.network_graph import ReductionTree, star
from simastra.units import NpuId
from simastra.view.ends import SwitchId

FIRST_SWITCH = 100_000
"""Number of the first switch: no NPU of a test has one as high."""


@dataclass(frozen=True, slots=True)
class ReducingStars:
    """Switches that all join everybody.

    Attributes:
        count: how many.
    """

    count: int = 1

    def reduction_trees(self, members: Sequence[NpuId]) -> Sequence[ReductionTree]:
        return [star(members, SwitchId(FIRST_SWITCH + it)) for it in range(self.count)]


@dataclass(frozen=True, slots=True)
class ReducingTree:
    """Switches of some ports each, level on level up to one.

    Attributes:
        ports: downwards, at least 2.
    """

    ports: int = 3

    def reduction_trees(self, members: Sequence[NpuId]) -> Sequence[ReductionTree]:
        children: dict[SwitchId, Sequence[int]] = {}
        level: Sequence[int] = members
        while not children or len(level) > 1:
            above = []
            for first in range(0, len(level), self.ports):
                switch = SwitchId(FIRST_SWITCH + len(children))
                children[switch] = level[first : first + self.ports]
                above.append(switch)
            level = above
        top_first = dict(reversed(list(children.items())))
        return [ReductionTree(members, top_first)]
