"""Measurements that follow a base exactly, for tests of fits."""

from collections.abc import Sequence

import numpy as np

from simastra.calibration import GpuSystem
from simastra.calibration.base import base_time
from simastra.calibration.document import BaseSection
from simastra.calibration.measurements import Measurement, Measurements
from simastra.trace import CollectiveType

NVLINK = GpuSystem(name="ours", generation="ours", gpus_per_node=8, link_gb_s=450.0, nic_gb_s=50.0)
PCIE = NVLINK.model_copy(update={"link_gb_s": 32.0})
BASE = BaseSection(launch_us=4.0, hop_us=0.75, gb_s=400.0, root_us_per_sqrt_kib=0.25)
SIZES = tuple(2**it for it in range(9, 30))


def exact(
    kind: CollectiveType = CollectiveType.ALL_REDUCE,
    npus: Sequence[int] = (2, 4, 8),
    sizes: Sequence[int] = SIZES,
    base: BaseSection = BASE,
    nodes: int = 1,
) -> Measurements:
    """What the base says, with no noise at all."""
    rows = [
        Measurement(kind, size, n, nodes, base_time(base, kind, size, n).total / 1000)
        for n in npus
        for size in sizes
    ]
    return Measurements(tuple(rows))


def noisy(measurements: Measurements, deviation: float = 0.1) -> Measurements:
    """The same with errors that are always the same."""
    errors = np.random.default_rng(17).normal(0, deviation, len(measurements.rows))
    return Measurements(
        tuple(
            Measurement(it.collective, it.size, it.npus, it.nodes, it.us * float(np.exp(error)))
            for it, error in zip(measurements.rows, errors, strict=True)
        )
    )


def slower(measurements: Measurements, factor: float) -> Measurements:
    """The same, each time so many times as long."""
    return Measurements(
        tuple(
            Measurement(it.collective, it.size, it.npus, it.nodes, factor * it.us)
            for it in measurements.rows
        )
    )
