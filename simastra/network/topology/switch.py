"""NPUs around one switch (behaviour 4.2, 4.3)."""

from collections.abc import Iterator
from typing import final

from .base import BasicTopology, Hop, LineSymmetry


@final
class Switch(BasicTopology):
    """Every message goes to the switch, which is the device after the last NPU, and down again."""

    @property
    def symmetry(self) -> LineSymmetry:
        """All ports are alike."""
        return LineSymmetry.PERMUTATIONS

    @property
    def devices(self) -> int:
        """The NPUs and the switch."""
        return self.npus + 1

    def route(self, src: int, dst: int) -> tuple[int, ...]:
        """Up to the switch and down; a message to oneself too, as in ASTRA-sim (behaviour 4.3)."""
        return (src, self.npus, dst)

    def hop_count(self, src: int, dst: int) -> int:
        """Two: latency is paid up and down."""
        return 2

    def links(self) -> Iterator[Hop]:
        """Of each NPU, up to the switch and down."""
        for npu in range(self.npus):
            yield Hop(npu, self.npus, self.link)
            yield Hop(self.npus, npu, self.link)
