"""Matrix products, fitted to a table of measured ones."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, log
from statistics import fmean
from typing import TypeAlias

from simastra.calibration.compute import ComputeModel, ComputeSection, GemmSection, WaveSection
from simastra.calibration.priced import COVERAGE
from simastra.units import NS_PER_MICROSECOND

from .compute_simplex import Point, least

LARGE = 1e11
"""Operations from which on a product counts twice: most of a training step is made of such."""

_FITTED = 8  # one row of so many is fitted, evenly over the table
_PLAIN = (4.0, 0.7, 0.7)
_WAVES = (4.0, 0.8, 0.7, 100.0, 10.0)


@dataclass(frozen=True, slots=True)
class MeasuredGemm:
    """A product of m x k by k x n matrices, and the µs that it took."""

    m: int
    n: int
    k: int
    us: float

    @property
    def operations(self) -> int:
        """A multiplication and an addition are two."""
        return 2 * self.m * self.n * self.k


Rows: TypeAlias = Sequence[MeasuredGemm]
_Made: TypeAlias = Callable[[Point], GemmSection | None]


def fit_gemm(rows: Rows, gpu: ComputeSection) -> GemmSection:
    """Return the section that fits a table best: with wave quantisation, or without.

    Which of the two, rows decide that weren't fitted.

    Args:
        rows: of the table.
        gpu: whose; its own products don't matter, but what it says of their times amid training.
    """
    fitted = rows[::_FITTED]
    others = [row for index, row in enumerate(rows) if index % _FITTED]
    plain = _fit(fitted, gpu, _plain(gpu), _PLAIN)
    waves = _fit(fitted, gpu, _waves(gpu), _WAVES, twice=True)
    # Where shapes aren't known there are no waves.
    waves = waves.model_copy(update={"efficiency": plain.efficiency})
    best = min((plain, waves), key=lambda gemm: _loss(others, gpu, gemm))
    errors = sorted(gemm_errors(others, gpu, best))
    return best.model_copy(update={"spread": round(errors[int(COVERAGE * len(errors))], 3)})


def gemm_errors(rows: Rows, gpu: ComputeSection, gemm: GemmSection) -> list[float]:
    """|calculated - measured| / measured of each row, on an otherwise idle GPU."""
    model = ComputeModel(gpu.model_copy(update={"gemm": gemm}), training=False)
    return [
        abs(model.gemm(row.m, row.n, row.k) / (row.us * NS_PER_MICROSECOND) - 1) for row in rows
    ]


def _fit(
    rows: Rows, gpu: ComputeSection, made: _Made, start: Point, *, twice: bool = False
) -> GemmSection:
    def loss(point: Point) -> float:
        gemm = made(point)
        return 1e9 if gemm is None else _loss(rows, gpu, gemm, twice=twice)

    gemm = made(least(loss, [log(value) for value in start]))
    assert gemm is not None  # the start is one
    return gemm


def _loss(rows: Rows, gpu: ComputeSection, gemm: GemmSection, *, twice: bool = True) -> float:
    """Mean |ln(calculated / measured)|; that of large ones is added to it if they count twice."""
    model = ComputeModel(gpu.model_copy(update={"gemm": gemm}), training=False)
    off = [
        abs(log(model.gemm(row.m, row.n, row.k) / (row.us * NS_PER_MICROSECOND))) for row in rows
    ]
    large = [one for one, row in zip(off, rows, strict=True) if row.operations > LARGE]
    return fmean(off) + (fmean(large) if large and twice else 0.0)


def _plain(gpu: ComputeSection) -> _Made:
    def made(point: Point) -> GemmSection | None:
        launch, efficiency, memory = (round(exp(value), 4) for value in point)
        return _section(gpu, launch, efficiency, memory, None)

    return made


def _waves(gpu: ComputeSection) -> _Made:
    def made(point: Point) -> GemmSection | None:
        launch, efficiency, memory, fill, edge = (round(exp(value), 4) for value in point)
        if efficiency > 1:
            return None
        waves = WaveSection(efficiency=efficiency, fill_k=fill, edge=edge)
        return _section(gpu, launch, efficiency, memory, waves)

    return made


def _section(
    gpu: ComputeSection, launch: float, efficiency: float, memory: float, waves: WaveSection | None
) -> GemmSection | None:
    if max(efficiency, memory) > 1:
        return None
    return gpu.gemm.model_copy(
        update={
            "launch_us": launch,
            "efficiency": efficiency,
            "memory_efficiency": memory,
            "waves": waves,
        }
    )
