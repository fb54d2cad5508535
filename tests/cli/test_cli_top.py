"""`run --explain --top`: how many rows, of what; what is left out is summed up."""

from pathlib import Path

import pytest
from command_line import Inputs

from simastra import TraceBuilder
from simastra.cli import main

WORDS = ("run", "--workload=wl", "--system=sys.json", "--network=net.yml", "--quiet")


@pytest.fixture
def here(ring: Inputs, monkeypatch: pytest.MonkeyPatch) -> Path:
    """30 computations of three kinds, one after the other, alike on all NPUs."""
    et = TraceBuilder()
    before = None
    for number in range(30):
        after = () if before is None else (before,)
        name = f"layer{number}.{'abc'[number % 3]}"
        before = et.compute(name, micros=1 + number % 3, on_cpu=False, after=after)
    et.write(ring.folder / "wl", npus=8)
    monkeypatch.chdir(ring.folder)
    return ring.folder


def path(capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    """The lines about the critical path."""
    assert main([*WORDS, "--explain", *words]) == 0
    lines = capsys.readouterr().out.splitlines()
    (start,) = [at for at, line in enumerate(lines) if line.startswith("critical path")]
    return lines[start + 1 :]


@pytest.mark.usefixtures("here")
def test_a_long_path_is_shown_by_names(capsys: pytest.CaptureFixture[str]) -> None:
    said, *table = path(capsys)
    assert said == ("its 30 segments, by the names of their nodes; --top all lists them in order")
    assert [line.split() for line in table] == [
        ["ns", "share", "times", "node", "spent", "on"],
        ["30,000", "50.0", "%", "10", "layer#.c", "compute", "30000"],
        ["20,000", "33.3", "%", "10", "layer#.b", "compute", "20000"],
        ["10,000", "16.7", "%", "10", "layer#.a", "compute", "10000"],
        ["60,000", "100.0", "%", "30", "all", "compute", "60000"],
    ]


@pytest.mark.usefixtures("here")
def test_what_is_left_out_is_a_row(capsys: pytest.CaptureFixture[str]) -> None:
    *_, others, whole = path(capsys, "--top", "1")
    assert others.split() == ["30,000", "50.0", "%", "20", "and", "2", "others", "compute", "30000"]
    assert whole.split()[0] == "60,000"


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("top", ["all", "ALL", "30", "31"])
def test_a_path_that_fits_is_in_order(top: str, capsys: pytest.CaptureFixture[str]) -> None:
    lines = path(capsys, "--top", top)
    assert [line.split()[2] for line in lines[1:]] == [
        f"layer{number}.{'abc'[number % 3]}" for number in range(30)
    ]


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["--explain", "--top=0"], "--top: must be a whole number from 1 on, or all, not '0'"),
        (["--explain", "--top=x"], "--top: must be a whole number from 1 on, or all, not 'x'"),
        (["--top=3"], "--top: is for the tables of --explain; give that, too"),
    ],
)
def test_a_wrong_number_of_rows_is_refused(
    words: list[str], problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*WORDS, *words]) == 2
    assert capsys.readouterr().err == f"simastra: {problem}\n"
