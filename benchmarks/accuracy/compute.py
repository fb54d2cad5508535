"""Computations of the public systems: what their calibrations say of them, and from where.

Matrix products of the A100 and the H100 are fitted to public tables; those of the B200 were fitted
to one that isn't here (aiconfigurator at 095f58a51). What only training tells was fitted by
`python -m benchmarks accuracy` to measured iterations; of other systems it is that of their
generation, with a wider band.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

from simastra.calibration.compute import ComputeSection, GemmSection
from simastra.calibration.fit.compute_gemm import MeasuredGemm, fit_gemm

from .tables import HARDWARE


@dataclass(frozen=True, slots=True)
class _Gpu:
    """A GPU's datasheet, and what training on it has told.

    Attributes:
        peak: TFLOPS of dense bfloat16 products.
        memory: GB/s.
        sms: streaming multiprocessors.
        products: whose table, or whose numbers, its matrix products are.
        in_training: how many times as long as there products take amid training.
        spread: half of its band.
        elementwise: share of the memory's bandwidth.
        attention: share of the peak.
        collectives: how many times as long collectives take amid training.
    """

    peak: float
    memory: float
    sms: int
    products: str
    in_training: float
    spread: float
    elementwise: float = 0.7
    attention: float = 0.35
    collectives: float = 1.0


_A100 = _Gpu(312.0, 2039.0, 108, "a100", 1.15, 0.15, elementwise=0.6, attention=0.31)
_H100 = _Gpu(989.0, 3350.0, 132, "h100", 1.4, 0.15)
_B200 = _Gpu(2250.0, 8000.0, 148, "b200", 1.5, 0.06, collectives=1.38)

_GPUS: Mapping[str, _Gpu] = {
    "a100": _A100,
    "h100": _H100,
    "h200": replace(_H100, memory=4800.0, spread=0.2),
    "b200": _B200,
    "gb200": replace(_B200, peak=2500.0, sms=152, spread=0.2),
    "b300": replace(_B200, spread=0.2),
    "gb300": replace(_B200, peak=2500.0, sms=152, spread=0.2),
}
"""By the names of calibrations. To add one, add an entry (peaks: the vendor's datasheets)."""

_PRODUCTS: Mapping[str, GemmSection] = {
    "b200": GemmSection(launch_us=2.6, efficiency=0.654, memory_efficiency=0.699, spread=0.3),
}
"""Where the table isn't here."""


def ready_compute(name: str) -> ComputeSection | None:
    """What a ready calibration says of computations; None if nothing is known of the system."""
    gpu = _GPUS.get(name)
    if gpu is None:
        return None
    told = {"in_training": gpu.in_training, "in_training_spread": gpu.spread}
    return ComputeSection(
        peak_tflops=gpu.peak,
        memory_gb_s=gpu.memory,
        sms=gpu.sms,
        gemm=_products(gpu.products).model_copy(update=told),
        elementwise_efficiency=gpu.elementwise,
        attention_efficiency=gpu.attention,
        collectives_in_training=gpu.collectives,
    )


def read_products(name: str) -> list[MeasuredGemm]:
    """The rows of a public table of matrix products."""
    with (HARDWARE / f"gemm_bf16_{name}.csv").open(newline="") as file:
        rows = csv.DictReader(file)
        return [
            MeasuredGemm(int(row["m"]), int(row["n"]), int(row["k"]), float(row["us"]))
            for row in rows
        ]


@cache
def _products(name: str) -> GemmSection:
    if name in _PRODUCTS:
        return _PRODUCTS[name]
    gpu = _GPUS[name]
    start = GemmSection(launch_us=4.0, efficiency=0.7, memory_efficiency=0.7)
    section = ComputeSection(peak_tflops=gpu.peak, memory_gb_s=gpu.memory, sms=gpu.sms, gemm=start)
    return fit_gemm(read_products(name), section)
