"""What a step is worth whose times are those of a calibration."""

from dataclasses import replace

import pytest

from simastra import NetworkConfig, Simulation, SystemConfig
from simastra.calibration import Calibration
from simastra.transformer import PRESETS, CalibratedCosts, Hardware, Parallelism, Training, build

NETWORK = NetworkConfig(topology=["Switch"], npus_count=[2], bandwidth=[50], latency=[500])


def step(system: SystemConfig | None = None) -> Simulation:
    calibration = Calibration.load("h100")
    model = replace(PRESETS["gpt3-6.7b"], layers=1)
    hardware = Hardware(calibrated=CalibratedCosts(calibration))
    made = build(model, Parallelism(dp=2), Training(batch=2), hardware)
    groups = made.comm_groups
    return Simulation(made.trace, system, NETWORK, comm_groups=groups, calibration=calibration)


def test_without_a_system_the_peak_is_that_of_the_calibration() -> None:
    metrics = step().run().metrics
    assert metrics.peak_tflops == 989
    assert metrics.mfu is not None
    assert 0.2 < metrics.mfu < 0.8


def test_a_system_that_says_its_peak_goes_before() -> None:
    ours = SystemConfig(peak_perf=2 * 989, local_mem_bw=3350, preferred_dataset_splits=1)
    metrics = step(ours).run().metrics
    assert metrics.mfu == pytest.approx((step().run().metrics.mfu or 0) / 2)
