"""An NPU's speed and memory, as far as traces and their summary depend on them."""

from collections.abc import Sequence
from dataclasses import dataclass

from simastra.errors import OptionError
from simastra.transformer.graph import Computation
from simastra.units import NS_PER_SECOND, OPS_PER_TERAOP, Bytes, Ns

from .calibrated import CalibratedCosts

_LEAST, _MOST = 1e-6, 1e18  # so that durations are numbers


@dataclass(frozen=True, slots=True)
class Hardware:
    """An NPU.

    Attributes:
        peak_perf: its TFLOPS, as in the system file; None where durations are not wanted.
        memory_bandwidth: of its local memory, in GB/s of 10^9 bytes; None for no limit.
        capacity: bytes of its local memory; None where that is not to be checked.
        calibrated: times of a measured GPU, in place of the first two.
    """

    peak_perf: float | None = None
    memory_bandwidth: float | None = None
    capacity: Bytes | None = None
    calibrated: CalibratedCosts | None = None

    def __post_init__(self) -> None:
        for option, value in (
            ("peak-perf", self.peak_perf),
            ("local-mem-bw", self.memory_bandwidth),
            ("capacity", self.capacity),
        ):
            if value is not None and not _LEAST <= value <= _MOST:
                problem = f"is {value}; {_LEAST:g} to {_MOST:g} is wanted"
                raise OptionError(option, problem)
        if self.memory_bandwidth is not None and self.peak_perf is None:
            problem = "is for durations, which need a peak performance too"
            raise OptionError("local-mem-bw", problem)
        if self.calibrated is not None and self.peak_perf is not None:
            problem = "is for durations, which the calibration gives; leave one of them out"
            raise OptionError("peak-perf", problem)

    def duration(self, operations: int, size: Bytes) -> Ns:
        """How long a computation takes: what its operations or its bytes need, the longer.

        0 where durations are not wanted. (Roofline: Williams et al., CACM 52(4), 2009.)
        """
        if self.peak_perf is None:
            return 0
        seconds = operations / (self.peak_perf * OPS_PER_TERAOP)
        time = seconds * NS_PER_SECOND
        if self.memory_bandwidth is not None:
            time = max(time, size / self.memory_bandwidth)
        return max(1, round(time))

    def durations(self, steps: Sequence[Computation], *, backward: bool, least: Ns = 0) -> list[Ns]:
        """How long computations take that follow each other.

        Args:
            steps: the computations.
            backward: whether they are of a backward pass.
            least: of all of them together, on a measured GPU.
        """
        if self.calibrated is None:
            return [self.duration(step.operations, step.size) for step in steps]
        return self.calibrated.durations(steps, backward=backward, least=least)
