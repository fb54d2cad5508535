"""What a run made by hand is worth: metrics and a bound, known beforehand."""

from dataclasses import dataclass

from simastra.metrics import (
    Bound,
    BoundPart,
    MemoryHolder,
    MemorySample,
    Metrics,
    NpuMemory,
    StaticMemory,
)
from simastra.units import GiB


@dataclass(frozen=True)
class Known:
    """What a result is asked for, known beforehand."""

    metrics: Metrics
    bound: Bound
    band: None = None


def memory(*sizes: int) -> NpuMemory:
    """An NPU with 1 GiB of weights, and these sizes, one each 10 ns."""
    samples = tuple(MemorySample(10 * at, GiB + size) for at, size in enumerate(sizes))
    peak = max(samples, key=lambda it: (it.size, -it.time))
    return NpuMemory(
        StaticMemory(weights=GiB), samples, peak, (MemoryHolder("x", "F0.a", max(sizes)),), 1
    )


METRICS = Metrics(
    npus=2,
    step_time=2_000_000,
    tokens=4096,
    model_flops=6 * 10**11,
    executed_flops=8 * 10**11,
    peak_tflops=300.0,
    exposed_communication=(500_000, 300_000),
    memory=(memory(5, 9, 9), memory(5, 9, 9)),
    capacity=4 * GiB,
)
BOUND = Bound({BoundPart.COMPUTE: 1_500_000, BoundPart.PORTS: 900_000}, makespan=2_000_000)
