"""``simastra bandwidth --compare``: its table, its files and its refusals."""

import json
from pathlib import Path

import pytest
from command_line import RING_CYCLES, Inputs

from simastra.cli import main

MACHINE = ("--system=sys.json", "--network=net.yml")


@pytest.fixture(autouse=True)
def here(ring: Inputs, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of `ring`, as the current one."""
    monkeypatch.chdir(ring.folder)
    return ring.folder


def compare(*words: str, collective: str = "all-reduce") -> int:
    return main(["bandwidth", collective, *MACHINE, *words])


def test_a_column_an_algorithm_and_the_fastest(capsys: pytest.CaptureFixture[str]) -> None:
    assert compare("--compare", "--algorithms=ring,bruck,direct", "-b", "1M", "-e", "1M") == 0
    assert capsys.readouterr().out.splitlines() == [
        "# all-reduce among 8 NPUs, simulated: times in us",
        "#   size (B)        ring      direct  fastest",
        "     1048576      117.78       57.90  direct",
        "# Fastest at all sizes: direct",
        "# Can't run it here: bruck (--json says why)",
    ]


def test_none_is_timed_that_performs_another_collective(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = "--algorithms=ring,doubleBinaryTree"
    assert compare("--compare", names, "--json=t.json", collective="all-gather") == 0
    assert "# Can't run it here: doubleBinaryTree" in capsys.readouterr().out
    why = json.loads((here / "t.json").read_text())["unable"]
    assert why == {"doubleBinaryTree": "performs ALL_REDUCE where ALL_GATHER is asked for"}


def test_files_have_all_of_it(here: Path) -> None:
    files = ("--csv", "t.csv", "--json", "t.json", "--svg", "t.svg")
    sizes = ("-b", "16K", "-e", "1M", "-f", "64")
    assert compare("--compare", "--algorithms=ring,recursiveDoubling,pat", *sizes, *files) == 0
    told = json.loads((here / "t.json").read_text())
    assert (told["collective"], told["npus"], [*told["unable"]]) == ("all-reduce", 8, ["pat"])
    (crossover,) = told["crossovers"]
    assert (crossover["before"], crossover["after"]) == ("recursiveDoubling", "ring")
    assert 16 * 1024 < crossover["size"] <= 2**20
    by_algorithm = {(it["size"], it["algorithm"]): it for it in told["rows"]}
    assert by_algorithm[2**20, "ring"]["time_ns"] == RING_CYCLES
    assert by_algorithm[2**20, "ring"]["fastest"] == 1
    assert len((here / "t.csv").read_text().splitlines()) == 1 + len(told["rows"]) == 5
    assert (here / "t.svg").read_text().startswith("<svg")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--algorithms=ring"], "--algorithms: is for a comparison of algorithms; give --compare"),
        (["--svg=x.svg"], "--svg: is for a comparison of algorithms; give --compare"),
        (["--compare", "--algorithms=ring,,"], "must be names such as ring,direct"),
        (["--compare", "--algorithms=ringo"], "--algorithms: unknown algorithm 'ringo'"),
        (["--compare", "--calibration=h100"], "leave it out, or --calibration"),
        (["--compare", "--svg=net.yml"], "net.yml is an input"),
    ],
)
def test_what_makes_no_sense_is_refused(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert compare(*words) == 2
    assert said in capsys.readouterr().err
