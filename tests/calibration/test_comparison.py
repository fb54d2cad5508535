"""A calibration held against measurements."""

import dataclasses
from typing import Any

import pytest
from support.calibrations import made_up

from simastra import CollectiveType, InputError, KiB, MiB, OptionError
from simastra.calibration import Knowledge
from simastra.calibration.comparison import compare
from simastra.calibration.measurements import Measurement
from simastra.calibration.systems import name_of, system_named, system_names

CALIBRATION = made_up()
AR = CollectiveType.ALL_REDUCE


def measured(size: int, npus: int, times: float = 1.0) -> Measurement:
    """So many times as long as calibrated."""
    us = times * CALIBRATION.collective(AR, size, npus).mid / 1000
    return Measurement(AR, size, npus, 1, us)


def test_errors_are_relative_to_what_was_measured() -> None:
    rows = [measured(KiB, 8, 2.0), measured(MiB, 8, 0.5), measured(MiB, 4)]
    compared = compare(CALIBRATION, rows).compared
    assert [row.off for row in compared.rows] == pytest.approx([-0.5, 1.0, 0.0], abs=1e-4)
    assert compared.mape == pytest.approx(0.5, abs=1e-4)
    assert [row.is_inside for row in compared.rows] == [False, False, True]
    assert compared.coverage == pytest.approx(1 / 3)
    assert compared.half_width == pytest.approx(0.1, abs=1e-3)
    assert [row.measurement for row in compared.worst(2)] == [rows[1], rows[0]]


@pytest.mark.parametrize(("times", "inside"), [(1.0999, True), (1.1002, False), (0.9, False)])
def test_a_band_contains_its_edges(times: float, inside: object) -> None:
    (row,) = compare(CALIBRATION, [measured(1 << 30, 8, times)]).compared.rows
    assert row.is_inside is inside


def test_curves_are_compared_each_for_itself() -> None:
    rows = [measured(KiB, 8), measured(2 * KiB, 8), measured(KiB, 4), measured(KiB, 6)]
    found = dict(compare(CALIBRATION, rows).by_curve())
    assert {key: len(it.rows) for key, it in found.items()} == {
        (AR, 4, 1): 1,
        (AR, 6, 1): 1,
        (AR, 8, 1): 2,
    }
    assert found[AR, 8, 1].situations == (Knowledge.MEASURED, Knowledge.SIZE_GAP)
    assert found[AR, 6, 1].situations == (Knowledge.N_BETWEEN,)


def test_what_a_calibration_knows_nothing_of_is_told_once() -> None:
    reduces = [
        dataclasses.replace(measured(size, 8), collective=CollectiveType.REDUCE)
        for size in (KiB, MiB)
    ]
    comparison = compare(CALIBRATION, [*reduces, measured(KiB, 8)])
    assert len(comparison.compared.rows) == 1
    assert len(comparison.unknown) == 1
    with pytest.raises(InputError, match=r"collectives\.reduce"):
        compare(CALIBRATION, reduces)
    with pytest.raises(InputError, match="nothing to compare"):
        compare(CALIBRATION, [])


def test_systems_have_names_and_titles() -> None:
    for name in system_names():
        system = system_named(name)
        assert name_of(system.name) == name
        assert system.gpus_per_node >= 4
        assert system.nic_gb_s is not None
        assert system.nic_gb_s < system.link_gb_s
    assert system_named("H100_SXM") == system_named("h100")
    assert name_of("mine") == "mine"
    with pytest.raises(OptionError, match=r"unknown system 'h1000'; did you mean 'h100'"):
        system_named("h1000")


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"us": 0.0}, "takes 0 us"),
        ({"us": float("nan")}, "takes nan us"),
        ({"us": 1e300}, r"takes 1e\+300 us"),
        ({"size": 0}, "of 0 bytes"),
        ({"size": 2**63}, "of 9223372036854775808 bytes"),
        ({"nodes": 9}, "8 GPUs can't be of 9 nodes"),
        ({"nodes": 0}, "8 GPUs can't be of 0 nodes"),
        ({"collective": CollectiveType.BARRIER}, "BARRIER isn't measured"),
    ],
)
def test_what_nobody_can_have_measured_is_refused(changes: dict[str, Any], text: str) -> None:
    with pytest.raises(InputError, match=text):
        dataclasses.replace(measured(KiB, 8), **changes)
