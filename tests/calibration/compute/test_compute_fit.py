"""Fits find what made-up measurements were made with."""

from collections.abc import Sequence

import pytest

from simastra.calibration.compute import ComputeModel, ComputeSection, GemmSection
from simastra.calibration.fit.compute_gemm import MeasuredGemm, fit_gemm, gemm_errors
from simastra.calibration.fit.compute_simplex import least
from simastra.calibration.fit.compute_training import fit_training

START = ComputeSection(
    peak_tflops=300.0,
    memory_gb_s=2000.0,
    sms=100,
    gemm=GemmSection(launch_us=4.0, efficiency=0.7, memory_efficiency=0.7),
)
TRUTH = START.model_copy(
    update={"gemm": GemmSection(launch_us=6.0, efficiency=0.6, memory_efficiency=0.8)}
)
SHAPES = (16, 64, 256, 1024, 4096)


def test_a_simplex_finds_the_least() -> None:
    found = least(lambda it: (it[0] - 2) ** 2 + abs(it[1] + 1), (0.0, 0.0))
    assert found == pytest.approx((2, -1), abs=1e-3)


def test_a_table_without_waves_is_fitted_without_them() -> None:
    model = ComputeModel(TRUTH, training=False)
    rows = [
        MeasuredGemm(m, n, k, model.gemm(m, n, k) / 1000)
        for m in SHAPES
        for n in SHAPES
        for k in SHAPES
    ]
    found = fit_gemm(rows, START)
    assert found.launch_us == pytest.approx(6, rel=0.02)
    assert found.efficiency == pytest.approx(0.6, rel=0.05)
    assert max(gemm_errors(rows, START, found)) < 0.1
    assert found.in_training == START.gemm.in_training
    assert found.waves is None


def test_one_iteration_tells_how_much_slower_training_is() -> None:
    def iteration(section: ComputeSection) -> Sequence[float]:
        return [ComputeModel(section).gemm(4096, 4096, 4096) * 1e-9]

    truth = TRUTH.gemm.model_copy(update={"in_training": 1.37})
    measured = iteration(TRUTH.model_copy(update={"gemm": truth}))
    found = fit_training(TRUTH, measured, iteration, {"in_training": 1.1})
    assert found.gemm.in_training == pytest.approx(1.37, rel=0.01)


def test_no_efficiency_is_fitted_above_1() -> None:
    def iteration(section: ComputeSection) -> Sequence[float]:
        return [ComputeModel(section).elementwise(10**9) * 1e-9]

    found = fit_training(TRUTH, [1e-6], iteration, {"elementwise_efficiency": 0.7})
    assert 0.9 < found.elementwise_efficiency <= 1
