"""``simastra plan``, and what ``--set`` changes."""

import json
import re
from pathlib import Path

import pytest

from simastra.cli import main

PLAN = ["plan", "--model", "gpt2-xl", "--network", "@hgx-h100:2", "--batch", "4", "--quiet"]
PLAN += ["--engine", "serial", "--set", "generate.layers=4"]


def test_the_fastest_come_first_and_every_way_is_counted(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    answer = tmp_path / "answer.json"
    assert main([*PLAN, "--json", str(answer)]) == 0
    printed = capsys.readouterr().out
    document = json.loads(answer.read_text())
    steps = [row["makespan_ns"] for row in document["best"]]
    assert steps == sorted(steps)
    ways = re.search(r"(\d+) ways to divide it: (\d+) ran", printed)
    assert ways is not None
    assert int(ways[1]) == 7  # two each of 1x2 and 2x1 without a pipeline, three with one
    assert int(ways[2]) == len(steps)
    assert int(ways[1]) == len(steps) + document["too_large"] + document["indivisible"]


def test_the_command_that_comes_next_writes_the_traces_of_the_fastest(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(PLAN) == 0
    words = capsys.readouterr().out.partition("next: simastra ")[2].split()
    words[-1] = str(tmp_path / "fastest")
    assert main(words) == 0
    assert (tmp_path / "fastest.1.et").exists()


def test_rows_are_kept_where_they_are_asked_for(tmp_path: Path) -> None:
    folder = tmp_path / "rows"
    assert main([*PLAN, "--output", str(folder)]) == 0
    assert list((folder / "points").iterdir())


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["plan"], "--model: is required"),
        (["plan", "--model", "gpt2-xl"], "--network: is required"),
        ([*PLAN, "--batch", "0"], "--batch: must be 1 or more, not 0"),
        ([*PLAN, "--network", "net.yml"], "--system: is required"),
        ([*PLAN, "--model", "gpt2"], "unknown model 'gpt2'; did you mean 'gpt2-xl'"),
        (["plan", "--model", "gpt3-175b", "--network", "@hgx-h100:8"], "doesn't fit on 8 NPUs"),
        ([*PLAN, "--set", "generate.zero"], "--set: must be KEY=VALUE, not 'generate.zero'"),
        ([*PLAN, "--set", "generate.zeroo=1"], "unknown key 'zeroo'; did you mean 'zero'?"),
        ([*PLAN, "--set", "generate.zero=4"], "zero: is 4; 0 to 3 is wanted"),
        ([*PLAN, "--network", "@hgx-h100:7x3"], "has 7 along NVLink"),
    ],
)
def test_what_is_wrong_is_told(
    words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    assert told in capsys.readouterr().err


def test_a_ready_study_runs_with_other_keys(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    words = ["sweep", "@topology-cost", "--output", str(tmp_path / "rows"), "--quiet"]
    assert main([*words, "--set", "network.npus_count[0]=4", "--set", "generate.size=1MiB"]) == 0
    assert "135 points" in capsys.readouterr().out
