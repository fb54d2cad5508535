"""A link from every NPU to every other (behaviour 4.2, 4.3)."""

from typing import final

from .base import BasicTopology, LineSymmetry


@final
class FullyConnected(BasicTopology):
    """Every NPU is one hop away."""

    @property
    def symmetry(self) -> LineSymmetry:
        """All NPUs are alike, and so is every pair."""
        return LineSymmetry.PERMUTATIONS

    def route(self, src: int, dst: int) -> tuple[int, ...]:
        """Straight to `dst`."""
        return (src,) if src == dst else (src, dst)

    def hop_count(self, src: int, dst: int) -> int:
        """One, or none to itself."""
        return int(src != dst)
