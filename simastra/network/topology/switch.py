"""NPUs around one switch (behaviour 4.2, 4.3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, final

from simastra.config import PartOptions
from simastra.deferred import deferred
from simastra.network.timing import LinkTiming
from simastra.units import NpuId
from simastra.view.ends import SwitchId

from .base import NO_TIME, BasicTopology, Hop, LineSymmetry
from .entry import TopologyEntry

if TYPE_CHECKING:
    from simastra.network_graph import ReductionTree, reduction
else:  # few switches reduce
    reduction = deferred("simastra.network_graph.reduction")


class SwitchOptions(PartOptions):
    """Keys beside `name` in the network file."""

    reduces: bool = False
    """whether the switch reduces what NPUs send, and multicasts, as NVLink SHARP does"""


@final
class Switch(BasicTopology):
    """Every message goes to the switch, which is the device after the last NPU, and down again.

    Args:
        npus: as of any topology.
        link: likewise.
        options: more about the switch; None for one that only passes messages on.
    """

    def __init__(
        self, npus: int, link: LinkTiming = NO_TIME, options: SwitchOptions | None = None
    ) -> None:
        super().__init__(npus, link)
        self.reduces = options is not None and options.reduces

    @property
    def symmetry(self) -> LineSymmetry:
        """All ports are alike."""
        return LineSymmetry.PERMUTATIONS

    @property
    def devices(self) -> int:
        """The NPUs and the switch."""
        return self.npus + 1

    def reduction_trees(self, members: Sequence[NpuId]) -> Sequence[ReductionTree]:
        """The switch alone, if it reduces."""
        return (reduction.star(members, SwitchId(self.npus)),) if self.reduces else ()

    def route(self, src: int, dst: int) -> tuple[int, ...]:
        """Up to the switch and down; a message to oneself too, as in ASTRA-sim (behaviour 4.3)."""
        if src < self.npus and dst < self.npus:
            return (src, self.npus, dst)
        return int(src), int(dst)  # without its name

    def hop_count(self, src: int, dst: int) -> int:
        """Two: latency is paid up and down; one to or from the switch itself."""
        return 2 if src < self.npus and dst < self.npus else 1

    def links(self) -> Iterator[Hop]:
        """Of each NPU, up to the switch and down."""
        for npu in range(self.npus):
            yield Hop(npu, self.npus, self.link)
            yield Hop(self.npus, npu, self.link)


ENTRY = TopologyEntry(Switch, SwitchOptions)
