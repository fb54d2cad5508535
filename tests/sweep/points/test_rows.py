"""From a point to its row: what it shares, and what comes of one that can't run."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from support.sweeps import NETWORK, SYSTEM, some_study

from simastra import NetworkConfig, Simulation, SystemConfig
from simastra.sweep import Study
from simastra.sweep.points import PointRunner, SweepPoint
from simastra.trace import load_trace


def test_a_row_has_what_a_run_of_its_own_comes_to(tmp_path: Path) -> None:
    study = Study.load(some_study(tmp_path))
    runner = PointRunner(study)
    for number in range(12):
        setting = study.space.setting(number)
        topology = setting["network.topology[0]"]
        npus = setting["network.npus_count[0]"]
        bandwidth = setting["network.bandwidth[0]"]
        if topology == "Klein bottle":
            continue
        network = NetworkConfig.parse(
            {**NETWORK, "topology": [topology], "npus_count": [npus], "bandwidth": [bandwidth]}
        )
        trace = load_trace(tmp_path / "together", int(str(npus)))
        alone = Simulation(trace, SystemConfig.parse(SYSTEM), network).run()
        row = runner.row(number)
        assert row["makespan_ns"] == alone.makespan
        assert row["cost"] == npus * bandwidth  # type: ignore[operator]


@given(st.lists(st.integers(0, 35), min_size=1, max_size=12))
def test_what_came_before_changes_no_row(numbers: list[int]) -> None:
    runner = PointRunner(_STUDY)
    for number in numbers:
        row = runner.row(number)
        assert {**row, "wall_s": 0} == {**_ALONE[number], "wall_s": 0}


def test_a_point_that_cannot_finish_says_who_waits(tmp_path: Path) -> None:
    row = PointRunner(Study.load(some_study(tmp_path))).row(18)
    assert (row["workload"], row["status"]) == ("waiting", "deadlock")
    assert "NPU 0, node 2 ('never sent')" in str(row["error"])
    assert row.get("makespan_ns") is None


def test_a_point_that_makes_no_sense_says_why(tmp_path: Path) -> None:
    study = Study.load(some_study(tmp_path))
    row = PointRunner(study).row(12)
    assert row["status"] == "error"
    assert "unknown topology 'Klein bottle'" in str(row["error"])
    assert row["point"] == SweepPoint.of(study, 12).digest != SweepPoint.of(study, 13).digest
    assert len(str(row["point"])) == 16


def test_too_few_traces_are_an_error_of_that_point_only(tmp_path: Path) -> None:
    axes = {"network.npus_count[0]": [8, 16, 4]}
    runner = PointRunner(Study.load(some_study(tmp_path, axes=axes)))
    rows = [runner.row(number) for number in range(3)]
    assert [row["status"] for row in rows] == ["ok", "error", "ok"]
    assert "together.8.et" in str(rows[1]["error"])


def test_points_of_one_content_are_one_point(tmp_path: Path) -> None:
    axes = {"generate.size": ["1MiB", 2**20, "2MiB"]}
    generate = {"kind": "collective", "size": "1MiB"}
    study = Study.load(some_study(tmp_path, workload=None, generate=generate, axes=axes))
    digests = [SweepPoint.of(study, number).digest for number in range(3)]
    assert digests[0] == digests[1] != digests[2]


def _made() -> tuple[Study, list[dict[str, object]]]:
    """A study without files, and the rows of its points, each made alone."""
    study = Study(
        title="Without files",
        generate={"kind": "collective", "size": "1MiB"},
        system=SYSTEM,
        network=NETWORK,
        axes={
            "generate.size": ["64KiB", "1MiB"],
            "system.preferred-dataset-splits": [1, 4],
            "network.topology[0]": ["Ring", "Switch", "Klein bottle"],
            "network.bandwidth[0]": [25, 50, 400],
        },
    )
    return study, [PointRunner(study).row(number) for number in range(study.space.size)]


_STUDY, _ALONE = _made()
