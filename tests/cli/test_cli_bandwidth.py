"""``simastra bandwidth``: nccl-tests' table, its sizes and its refusals."""

import json
from pathlib import Path

import pytest
from command_line import RING_CYCLES, Inputs

from simastra.calibration import Calibration
from simastra.calibration.measurements import LogOptions, read_measurements
from simastra.cli import main
from simastra.trace import CollectiveType

MACHINE = ("--system=sys.json", "--network=net.yml")


@pytest.fixture(autouse=True)
def here(ring: Inputs, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of `ring`, as the current one."""
    monkeypatch.chdir(ring.folder)
    return ring.folder


def bandwidth(*words: str, collective: str = "all-reduce") -> int:
    return main(["bandwidth", collective, *MACHINE, *words])


def sizes(capsys: pytest.CaptureFixture[str]) -> list[int]:
    lines = capsys.readouterr().out.splitlines()
    return [int(line.split()[0]) for line in lines if not line.startswith("#")]


def test_a_line_a_size_with_time_and_both_bandwidths(capsys: pytest.CaptureFixture[str]) -> None:
    assert bandwidth("-b", "1M", "-e", "4M") == 0
    assert capsys.readouterr().out.splitlines() == [
        "# all-reduce among 8 NPUs, simulated",
        "#       size          time     algbw     busbw",
        "#        (B)          (us)    (GB/s)    (GB/s)",
        "     1048576        117.78      8.90     15.58",
        "     2097152        206.96     10.13     17.73",
        "     4194304        385.46     10.88     19.04",
        "# Avg bus bandwidth    : 17.4517",
    ]


def test_the_table_as_files_has_ns_and_all_digits(here: Path) -> None:
    assert bandwidth("-b", "1M", "-e", "1M", "--csv", "t.csv", "--json", "t.json") == 0
    rate = 2**20 / RING_CYCLES
    row = {
        "size": 2**20,
        "time_ns": RING_CYCLES,
        "algbw_gb_per_s": pytest.approx(rate),
        "busbw_gb_per_s": pytest.approx(rate * 2 * 7 / 8),
    }
    assert json.loads((here / "t.json").read_text()) == [row]
    heading, line = (here / "t.csv").read_text().splitlines()
    assert heading.split(",") == list(row)
    assert line.startswith(f"1048576,{RING_CYCLES},")


def test_one_npu_has_no_bandwidth(ring: Inputs, capsys: pytest.CaptureFixture[str]) -> None:
    ring.network(1)
    assert bandwidth("-b", "8", "-e", "8", "--json", "t.json") == 0
    out = capsys.readouterr().out.splitlines()
    assert out[-2].split()[2:] == ["-", "-"]
    assert out[-1] == "# Avg bus bandwidth    : 0"
    (row,) = json.loads((ring.folder / "t.json").read_text())
    assert (row["algbw_gb_per_s"], row["busbw_gb_per_s"]) == (None, None)


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (("-b", "8", "-e", "64"), [8, 16, 32, 64]),
        (("-b", "8", "-e", "63"), [8, 16, 32]),
        (("-b", "8", "-e", "80", "-f", "3"), [8, 24, 72]),
        (("-b", "8", "-e", "20", "-i", "6"), [8, 14, 20]),
        (("-b", "1k", "-e", "2KiB"), [1024, 2048]),
        (("-b", "1024", "-e", "1024B"), [1024]),
        (("-b", "1", "-e", "1"), [1]),
    ],
)
def test_sizes_are_multiplied_or_added_up(
    words: tuple[str, ...], wanted: list[int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert bandwidth(*words) == 0
    assert sizes(capsys) == wanted


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("-b", "0"), "--minbytes: must be at least 1"),
        (("-b", "9", "-e", "8"), "--maxbytes: is 8, less than --minbytes, 9"),
        (("-f", "1"), "--stepfactor: must be at least 2, not 1"),
        (("-f", "2", "-i", "3"), "--stepbytes: is given beside --stepfactor; give one of them"),
        (("-b", "1", "-e", "10001", "-i", "1"), "--stepbytes: makes more than 10000 sizes; give"),
        (("-b", "x"), "-b/--minbytes: must be a size such as 8, 32K or 128M"),
    ],
)
def test_sizes_that_make_no_sense(
    words: tuple[str, ...], problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bandwidth(*words) == 2
    captured = capsys.readouterr()
    assert captured.err.startswith(f"simastra: {problem}")
    assert captured.out == ""


def test_what_is_missing_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bandwidth"]) == 2
    assert "COLLECTIVE, --system, --network are required" in capsys.readouterr().err
    assert main(["bandwidth", "all-reduce", MACHINE[0]]) == 2
    assert "simastra: --network is required; see --help" in capsys.readouterr().err


def test_more_than_a_million_npus_are_refused(
    ring: Inputs, capsys: pytest.CaptureFixture[str]
) -> None:
    ring.network(2**20 + 1)
    assert bandwidth("-b", "8", "-e", "8") == 2
    assert "net.yml: npus_count: multiplies to 1048577 NPUs; at most 1048576 are" in (
        capsys.readouterr().err
    )


def test_a_table_replaces_no_file_that_the_system_names(
    ring: Inputs, capsys: pytest.CaptureFixture[str]
) -> None:
    ring.system(per_node_custom_implementation="nodes.yml")
    (ring.folder / "nodes.yml").write_text("{}\n")
    assert bandwidth("-b", "8", "-e", "8", "--csv", "nodes.yml") == 2
    assert "--csv" in capsys.readouterr().err
    assert (ring.folder / "nodes.yml").read_text() == "{}\n"
    ring.system(all_gather_implementation_custom=["wl"])
    before = (ring.folder / "wl.3.et").read_bytes()
    assert bandwidth("-b", "8", "-e", "8", "--json", "wl.3.et") == 2
    assert (ring.folder / "wl.3.et").read_bytes() == before


def test_calibrated_times_have_a_band_and_say_how_they_are_known(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["bandwidth", "all-reduce", "--calibration=h100", "--network=net.yml"]
    assert main([*words, "-b1M", "-e2M", "--csv=t.csv", "--json=t.json"]) == 0
    heading, *_ = capsys.readouterr().out.splitlines()
    assert heading.startswith("# all-reduce among 8 NPUs, as calibrated for H100")
    calibration = Calibration.load("h100")
    for row, size in zip(json.loads((here / "t.json").read_text()), (2**20, 2**21), strict=True):
        priced = calibration.collective(CollectiveType.ALL_REDUCE, size, 8)
        assert (row["low_ns"], row["time_ns"], row["high_ns"]) == (
            priced.low,
            priced.mid,
            priced.high,
        )
        assert row["situation"] == priced.situation
    measured = read_measurements(["t.csv"], LogOptions(CollectiveType.ALL_REDUCE, npus=8))
    assert [(it.npus, it.size) for it in measured.rows] == [(8, 2**20), (8, 2**21)]


def test_what_no_calibration_knows_is_told(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["bandwidth", "gather", "--network=net.yml", "--calibration"]
    for given, told in (("h100", "collectives.gather"), ("h1000", "did you mean 'h100'")):
        assert main([*words, given]) == 2
        assert told in capsys.readouterr().err


def test_that_not_all_npus_take_part_is_said(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    network = "topology: [Ring, Switch]\nnpus_count: [4, 2]\nbandwidth: [50, 50]\nlatency: [9, 9]\n"
    (here / "net.yml").write_text(network)
    assert bandwidth("-b", "1M", "-e", "2M") == 0
    said = capsys.readouterr().err
    assert said.count("each collective is among 4 NPUs, not all 8") == 1


def test_that_another_collective_is_timed_is_said(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = json.loads((here / "sys.json").read_text())
    tree = {**told, "all-gather-implementation": ["doubleBinaryTree"]}
    (here / "sys.json").write_text(json.dumps(tree))
    assert bandwidth("-b", "1M", "-e", "1M", collective="all-gather") == 0
    said = "doubleBinaryTree performs a whole ALL_REDUCE where ALL_GATHER is asked for"
    assert capsys.readouterr().err.count(said) == 1
