"""Studies of measured times: calibrations by name, by file and as axes, with bands in rows."""

import json
import pickle
from pathlib import Path

import pytest

from simastra import ConfigError, Simulation, TraceBuilder
from simastra.calibration import Calibration, Knowledge
from simastra.sweep import Study
from simastra.sweep.planning import planned
from simastra.sweep.points import PointRunner
from simastra.trace import CollectiveType
from simastra.units import MiB

RING = {"topology": ["Ring"], "npus_count": [8], "bandwidth": [50], "latency": [500]}
SIZES = {"generate.size": ["1MiB", "2MiB"]}


def study(**keys: object) -> Study:
    base = {"generate": {"kind": "collective"}, "network": RING, "axes": SIZES}
    return Study(**{**base, **keys})


def rows(given: Study) -> list[dict[str, object]]:
    runner = PointRunner(given)
    return [dict(runner.row(number)) for number in given.space.numbers()]


def test_rows_are_what_the_calibration_says_with_its_band() -> None:
    calibration = Calibration.load("h100")
    for row, size in zip(rows(study(calibration="h100")), (MiB, 2 * MiB), strict=True):
        priced = calibration.collective(CollectiveType.ALL_REDUCE, size, 8)
        assert (row["status"], row["known_by"]) == ("ok", priced.situation)
        edges = row["makespan_low_ns"], row["makespan_ns"], row["makespan_high_ns"]
        assert edges == (priced.low, priced.mid, priced.high)


def test_what_is_simulated_has_no_band() -> None:
    for row in rows(study(system="@demo")):
        edges = row["makespan_low_ns"], row["makespan_high_ns"], row["known_by"]
        assert edges == (None, None, None)


def test_an_axis_of_calibrations_is_each_of_them() -> None:
    given = study(axes={"calibration": ["h100", "b200"], **SIZES})
    found = [(row["calibration"], row["makespan_ns"]) for row in rows(given)]
    expected = [
        (name, Calibration.load(name).collective(CollectiveType.ALL_REDUCE, size, 8).mid)
        for name in ("h100", "b200")
        for size in (MiB, 2 * MiB)
    ]
    assert found == expected


def test_what_is_known_least_is_said() -> None:
    two_nodes = {**RING, "npus_count": [16]}
    for row in rows(study(calibration="h100", network=two_nodes)):
        assert row["known_by"] == Knowledge.DATASHEET


def test_a_key_path_leads_into_a_calibration() -> None:
    two_nodes = {**RING, "npus_count": [16]}
    axes = {"calibration.system.nic_gb_s": [5, 10, 20], "generate.size": ["1GiB"]}
    times = [
        row["makespan_ns"] for row in rows(study(calibration="h100", network=two_nodes, axes=axes))
    ]
    assert times == sorted(times, reverse=True)
    assert len(set(times)) == 3


def test_points_are_found_by_a_files_content_wherever_it_is(tmp_path: Path) -> None:
    digests = set()
    for folder in ("one", "other"):
        (tmp_path / folder).mkdir()
        Calibration.load("h100").save(tmp_path / folder / "here.json")
        given = Study.of(
            {
                "generate": {"kind": "collective"},
                "network": RING,
                "axes": SIZES,
                "calibration": "here.json",
            },
            tmp_path / folder,
        )
        digests |= {given.inputs(given.space.setting(0)).digest}
        assert given.files == (str(tmp_path / folder / "here.json"),)
        (tmp_path / folder / "here.json").unlink()
        for again in (
            Study.of(json.loads(json.dumps(given.document()))),
            pickle.loads(pickle.dumps(given)),
        ):
            assert (
                rows(again)[0]["makespan_ns"] == rows(study(calibration="h100"))[0]["makespan_ns"]
            )
    named = study(calibration="h100")
    assert digests == {named.inputs(named.space.setting(0)).digest}
    other = study(calibration="b200")
    assert other.inputs(other.space.setting(0)).digest not in digests


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("h1000", "study: calibration: h1000: unknown calibration 'h1000'; did you mean 'h100'"),
        ("nowhere.json", "nowhere.json"),
        (3, "calibration: must be a calibration's file, the name of a ready one such as h100"),
        ({"format": "x"}, "is no calibration file"),
    ],
)
def test_what_is_no_calibration_is_told(written: object, told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        study(calibration=written)
    assert told in str(caught.value)


def test_a_key_that_calibrations_lack_is_told_with_its_place() -> None:
    axes = {"calibration.system.nic": [5, 10], "generate.size": ["1GiB"]}
    told = r"^study: calibration\.system: unknown key 'nic', and no key of this file looks like it$"
    with pytest.raises(ConfigError, match=told):
        study(calibration="h100", axes=axes)


def test_a_plan_takes_computations_and_collectives_as_measured() -> None:
    asked = {"generate.layers": "2", "generate.sequence": "1024"}
    found = planned("llama3-8b", "@hgx-h100:8", batch=8, calibration="h100", changes=asked)
    row = PointRunner(found.study).row(0)
    low, mid, high = (row[it] for it in ("makespan_low_ns", "makespan_ns", "makespan_high_ns"))
    assert isinstance(low, int)
    assert isinstance(mid, int)
    assert isinstance(high, int)
    assert low < mid < high
    datasheet = planned("llama3-8b", "@hgx-h100:8", batch=8, changes=asked)
    assert mid > 1.2 * float(str(PointRunner(datasheet.study).row(0)["makespan_ns"]))


def test_a_duration_comes_before_the_roofline_where_computations_are_calibrated() -> None:
    trace = TraceBuilder()
    trace.compute("gemm", micros=7, num_ops=10**9, tensor_size=10**6)
    simulation = Simulation(trace, "@hgx-h100", "@hgx-h100:8", calibration="h100")
    assert simulation.run().makespan == 7_000
