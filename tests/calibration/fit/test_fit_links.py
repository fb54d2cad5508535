"""Messages between two NPUs: latency and bandwidth as measured, or as the datasheet has them."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.calibrations import made_up

from simastra import CollectiveType
from simastra.calibration import BandEdge, Calibration, Knowledge
from simastra.calibration.document import LinkClass
from simastra.calibration.fit.links import fitted_links
from simastra.calibration.measurements import Measurement, Measurements, SendMeasurement
from simastra.calibration.systems import system_named

SIZES = (8, 4096, 1 << 20, 1 << 26, 1 << 30)


def sends(latency: float, gb_s: float, *, same_node: bool = True) -> list[SendMeasurement]:
    return [
        SendMeasurement(size, latency + size / gb_s / 1000, same_node=same_node) for size in SIZES
    ]


@given(st.floats(0.1, 1000), st.floats(1, 2000))
def test_latency_and_bandwidth_are_found_again(latency: float, gb_s: float) -> None:
    (link,) = fitted_links(sends(latency, gb_s))
    assert link.latency_us == pytest.approx(latency, rel=1e-6)
    assert link.gb_s == pytest.approx(gb_s, rel=1e-6)
    assert (link.link, link.situation) == (LinkClass.NODE, Knowledge.MEASURED)


def test_bands_are_as_wide_as_what_was_measured_is_off() -> None:
    exact = sends(10, 100)
    noisy = [
        SendMeasurement(it.size, it.us * (1.3 if index % 2 else 0.8), same_node=True)
        for index, it in enumerate(exact)
    ]
    widths = [fitted_links(each)[0].half_width or 0 for each in (exact, noisy)]
    assert widths[0] == pytest.approx(0.05)
    assert widths[1] > 0.2


def test_latency_is_never_negative() -> None:
    (link,) = fitted_links(
        [SendMeasurement(1000, 1.0, same_node=True), SendMeasurement(10_000, 100.0, same_node=True)]
    )
    assert link.latency_us == 0
    assert link.gb_s > 0


def test_one_size_tells_nothing() -> None:
    assert fitted_links([SendMeasurement(8, 1.0, same_node=True)] * 3) == ()


def test_a_fit_takes_measured_links_and_keeps_the_datasheet_for_others() -> None:
    logs = Measurements(made_up_rows(), sends=tuple(sends(15, 40, same_node=False)))
    calibration = Calibration.fit(logs, system_named("h100"), library=False)
    assert calibration.send(40_000, same_node=False) == 16_000
    known = {it.link: it.situation for it in calibration.file.p2p}
    assert known[LinkClass.NIC] is Knowledge.MEASURED
    low, high = (
        calibration.send(40_000, same_node=False, edge=it) for it in (BandEdge.LOW, BandEdge.HIGH)
    )
    assert high / low == pytest.approx(1.05**2, rel=1e-3)


def made_up_rows() -> tuple[Measurement, ...]:
    knots = made_up().file.collectives["all-reduce"].curves[2]
    return tuple(
        Measurement(CollectiveType.ALL_REDUCE, size, 8, 1, us)
        for size, us in zip(knots.bytes, knots.us, strict=True)
    )


def test_what_reads_logs_is_imported_by_nobody_who_has_a_calibration() -> None:
    code = (
        "import sys; from simastra.calibration import Calibration; Calibration.load('h100');"
        "print([it for it in sys.modules if 'measurements' in it or it == 'numpy'])"
    )
    words = [sys.executable, "-c", code]
    assert subprocess.run(words, capture_output=True, text=True, check=True).stdout == "[]\n"
