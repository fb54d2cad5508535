"""How long the computations of a calibrated NPU take."""

from dataclasses import dataclass
from functools import lru_cache

from simastra.calibration.priced import BandEdge, whole_ns
from simastra.units import NS_PER_MICROSECOND, Bytes, Ns

from .gemm import gemm_time, peak_time
from .section import ComputeSection

_COUNTED = 2
"""Operations of attention that formulas count backward, for each one forward."""
_CAUSAL = 0.5
"""Share of the scores that a causal mask leaves: fused kernels skip the others."""


@dataclass(frozen=True, slots=True)
class ComputeModel:
    """Times of computations, in whole ns. They are never below what the peak allows.

    Attributes:
        section: of the calibration file.
        training: whether they are amid a training step, where products take `in_training` times as
            long as alone.
    """

    section: ComputeSection
    training: bool = True

    def gemm(self, m: int, n: int, k: int, *, count: int = 1, size: Bytes | None = None) -> Ns:
        """A kernel of `count` products of m x k by k x n matrices, its launch included.

        Args:
            m: rows of the first.
            n: columns of the second.
            k: what is summed over.
            count: of products in one kernel.
            size: bytes read and written; None for those of 2-byte elements.
        """
        return _gemm(self.section, self._slowdown, (m, n, k), count, size)

    def roofline(self, operations: int, size: Bytes) -> Ns:
        """A computation of which only its operations and bytes are known."""
        gemm, section = self.section.gemm, self.section
        least = peak_time(section, operations)
        memory = size / (section.memory_gb_s * gemm.memory_efficiency)
        time = self._slowdown * max(least / gemm.efficiency, memory)
        return _whole(max(least, gemm.launch_us * NS_PER_MICROSECOND + time))

    def elementwise(self, size: Bytes) -> Ns:
        """A pass over memory: norms, activation functions, sums, softmax."""
        return _whole(size / (self.section.memory_gb_s * self.section.elementwise_efficiency))

    def optimizer(self, size: Bytes) -> Ns:
        """An optimiser's update that reads and writes this many bytes."""
        return _whole(size / (self.section.memory_gb_s * self.section.optimizer_efficiency))

    def attention(self, operations: int, *, backward: bool = False, causal: bool = True) -> Ns:
        """Fused attention (arXiv:2205.14135), forward or backward.

        Args:
            operations: as the usual formulas count them: 4bs²h forward, 8bs²h backward. What the
                kernel computes again is added here, and what is masked taken off.
            backward: whether it is the backward pass.
            causal: whether half of the scores are masked.
        """
        section = self.section
        needed = operations * (section.attention_backward / _COUNTED if backward else 1.0)
        needed *= _CAUSAL if causal else 1.0
        return _whole(peak_time(section, round(needed)) / section.attention_efficiency)

    def unfused(self, operations: int, size: Bytes) -> Ns:
        """A product of unfused attention: batched products, and passes of scores over memory.

        Their matrices are narrow, so that little of the one hides under the other.
        """
        gemm, section = self.section.gemm, self.section
        time = self._slowdown * peak_time(section, operations) / gemm.efficiency
        return _whole(time + size / (section.memory_gb_s * section.elementwise_efficiency))

    def host(self, *, backward: bool) -> Ns:
        """What the host takes to launch a layer: the least that the layer takes."""
        return _whole(self.section.host_us_per_layer[int(backward)] * NS_PER_MICROSECOND)

    def factor(self, edge: BandEdge) -> float:
        """How many times as long as here computations take at an edge of their 90 % band."""
        gemm = self.section.gemm
        spread = gemm.in_training_spread if self.training else gemm.spread
        return {BandEdge.LOW: 1 - spread, BandEdge.MID: 1.0, BandEdge.HIGH: 1 + spread}[edge]

    @property
    def _slowdown(self) -> float:
        return self.section.gemm.in_training if self.training else 1.0


@lru_cache(maxsize=4096)  # the same few products make up a whole step
def _gemm(
    section: ComputeSection,
    slowdown: float,
    shape: tuple[int, int, int],
    count: int,
    size: Bytes | None,
) -> Ns:
    m, n, k = shape
    launch = section.gemm.launch_us * NS_PER_MICROSECOND
    time = launch + slowdown * gemm_time(section, shape, count, size)
    return _whole(max(peak_time(section, 2 * m * n * k * count), time))


def _whole(time: float) -> Ns:
    """Round half up, to 1 at the least: a computation takes some time."""
    return max(1, whole_ns(time))
