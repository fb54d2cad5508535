"""``simastra calibrate``: from logs to a file, and a file held against logs."""

from pathlib import Path

import pytest
from support.calibrations import MADE_UP, made_up
from support.nccl_logs import log

from simastra import CollectiveType
from simastra.calibration import Calibration, Knowledge
from simastra.cli import ExitCode, main

pytest.importorskip("numpy", reason="no numpy, which fits calibrations")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a log of all-reduces among 2 and 8 GPUs."""
    (tmp_path / "some.log").write_text(log("all_reduce", 2) + log("all_reduce", 8))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def as_made_up(times: float) -> str:
    """A log of what the made-up calibration says, so many times as long."""

    def time(size: int, npus: int) -> float:
        return times * made_up().collective(CollectiveType.ALL_REDUCE, size, npus).mid / 1000

    return log("all_reduce", 8, time=time)


def test_logs_become_a_calibration(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["some.log", "--system", "h100", "--npus", "2,4,8", "--output", "h100.json"]
    assert main(["calibrate", *words]) == ExitCode.OK
    shown = capsys.readouterr().out
    assert "h100.json: written" in shown
    assert "14 measurements: MAPE" in shown
    assert "which the fit has seen" in shown
    calibration = Calibration.load(here / "h100.json")
    source = calibration.file.sources[0]
    assert (source.file, source.tool, source.rows) == ("some.log", "nccl-tests", 14)
    assert {it.npus for it in calibration.file.collectives["all-reduce"].curves} >= {2, 4, 8}
    assert calibration.compute == Calibration.load("h100").compute
    # What was measured is inside its band.
    assert main(["calibrate", "--check", "h100.json", "some.log"]) == ExitCode.OK


def test_numbers_of_nodes_are_written_out(here: Path) -> None:
    words = ["some.log", "--system", "h100", "--nodes", "1,2,4", "--output", "h100.json"]
    assert main(["calibrate", *words]) == ExitCode.OK
    written = Calibration.load(here / "h100.json")
    curves = {(it.npus, it.nodes): it for it in written.file.collectives["all-reduce"].curves}
    assert {(16, 2), (32, 4)} <= curves.keys()
    assert set(curves[32, 4].situations) == {Knowledge.DATASHEET}
    assert main(["calibrate", *words[:3], "--output", "plain.json"]) == ExitCode.OK
    plain = Calibration.load(here / "plain.json")
    for size in curves[32, 4].bytes:
        of_file = written.collective(CollectiveType.ALL_REDUCE, size, 32, 4)
        estimated = plain.collective(CollectiveType.ALL_REDUCE, size, 32, 4)
        assert of_file.mid == pytest.approx(estimated.mid, rel=1e-5)
        assert of_file.high == pytest.approx(estimated.high, rel=1e-5)


def test_without_a_log_relatives_and_the_datasheet_are_all_there_is(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["calibrate", "--system", "h200", "--output", "h200.json"]) == ExitCode.OK
    assert "relative" in capsys.readouterr().out
    priced = Calibration.load(here / "h200.json").collective(CollectiveType.ALL_REDUCE, 1024, 8)
    assert priced.situation is Knowledge.RELATIVE
    words = ["--system", "h200", "--no-library", "--output", "none.json"]
    assert main(["calibrate", *words]) == ExitCode.INPUT_ERROR


def test_a_fit_is_the_same_each_time(here: Path) -> None:
    for name in ("a.json", "b.json"):
        words = ["some.log", "--system", "h100", "--no-library", "--output", name]
        assert main(["calibrate", *words]) == ExitCode.OK
    assert (here / "a.json").read_bytes() == (here / "b.json").read_bytes()


def test_the_exact_mode_is_calibrated_against_itself(here: Path) -> None:
    words = ["bandwidth", "all-reduce", "--system", "@hgx-h100", "--network", "@hgx-h100:8"]
    assert main([*words, "-b", "1K", "-e", "4M", "-f", "4", "--csv", "exact.csv"]) == ExitCode.OK
    given = ["exact.csv", "--collective", "all-reduce", "--npus", "8"]
    fitted = [*given, "--system", "h100", "--no-library", "--output", "exact.json"]
    assert main(["calibrate", *fitted]) == ExitCode.OK
    assert main(["calibrate", "--check", "exact.json", *given]) == ExitCode.OK


@pytest.mark.parametrize(("times", "code"), [(1.0, ExitCode.OK), (1.5, ExitCode.COVERAGE)])
def test_a_check_says_whether_bands_hold(
    here: Path, times: float, code: ExitCode, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "new.log").write_text(as_made_up(times))
    assert main(["calibrate", "--check", str(MADE_UP), "new.log"]) == code
    shown = capsys.readouterr().out
    assert ("100.0 % inside" if code is ExitCode.OK else " 0.0 % inside") in shown
    assert "MAPE 33.3 %" in shown or code is ExitCode.OK


def test_collectives_that_a_calibration_has_not_are_told(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "new.log").write_text(as_made_up(1.0) + log("reduce", 8))
    assert main(["calibrate", "--check", str(MADE_UP), "new.log"]) == ExitCode.OK
    assert "collectives.reduce: isn't in this calibration" in capsys.readouterr().err


def test_a_system_that_nobody_knows_is_described(here: Path) -> None:
    words = ["some.log", "--system", "mine", "--no-library", "--output", "mine.json"]
    own = ["--gpus-per-node", "4", "--link-bandwidth", "200GB/s", "--nic-bandwidth", "200Gb/s"]
    assert main(["calibrate", *words, *own, "--generation", "new"]) == ExitCode.OK
    system = Calibration.load(here / "mine.json").file.system
    assert (system.name, system.generation, system.gpus_per_node) == ("mine", "new", 4)
    assert (system.link_gb_s, system.nic_gb_s) == (200, 25)
    assert Calibration.load(here / "mine.json").compute is None


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("some.log --system h100", "--output is required, or --check"),
        ("some.log --output a.json", "--system: is required: one of v100, a100"),
        ("some.log --output a.json --system h1000", "did you mean 'h100'? (of another one, --gpus"),
        ("some.log --output a.json --system h100 --nic-bandwidth 0", "--nic-bandwidth: must be"),
        ("some.log --output a.json --system h100 --columns bytes", "--columns: must be pairs"),
        ("some.log --output some.log --system h100", "some.log is an input"),
        ("none.log --output a.json --system h100", "none.log: file not found"),
        ("some.log --output a.json --system h100 --collective x", "--collective: unknown"),
        ("--check none.json some.log", "none.json: file not found"),
        (f"--check {MADE_UP}", "LOG is required"),
        (f"--check {MADE_UP} some.log --output a.json", "--output: --check writes nothing"),
    ],
)
def test_what_is_wrong_is_one_message(
    here: Path, words: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["calibrate", *words.split()]) == ExitCode.INPUT_ERROR
    error = capsys.readouterr().err
    assert told in error
    assert len(error.splitlines()) == 1
    assert not (here / "a.json").exists()


@pytest.mark.parametrize("rate", ["1e300GB/s", "1e-300GB/s"])
@pytest.mark.parametrize("link", ["link", "nic"])
def test_bandwidths_that_nothing_has_are_refused(
    link: str, rate: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["some.log", "--system", "h100", f"--{link}-bandwidth", rate, "--output", "x.json"]
    assert main(["calibrate", *words]) == ExitCode.INPUT_ERROR
    assert f"--{link}-bandwidth: must be from 1e-06 to 1e+09 GB/s" in capsys.readouterr().err


def test_times_that_jump_from_nothing_to_days_are_fitted(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = (f"all-reduce,8,{8 << at},{(1e-3, 1e9)[at % 2]}\n" for at in range(12))
    (here / "wild.csv").write_text("collective,gpus,bytes,us\n" + "".join(rows))
    words = ["wild.csv", "--system", "h100", "--no-library", "--output", "wild.json"]
    assert main(["calibrate", *words]) == ExitCode.OK
    assert "12 measurements" in capsys.readouterr().out
