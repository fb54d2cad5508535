"""A verb is one file with a `Command`, and one line in a table."""

import json
import re
from pathlib import Path

import pytest
from volume_verb import VOLUME

from simastra import MiB, TraceBuilder
from simastra.cli import COMMANDS
from simastra.cli.dispatch import carry_out

VERBS = {**COMMANDS, "volume": VOLUME}
INPUTS = ["--workload=wl", "--system=sys.json", "--network=net.yml"]


@pytest.fixture(autouse=True)
def _inputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    et = TraceBuilder()
    et.all_reduce("gradients", size=1 * MiB)
    et.all_gather("weights", size=48)
    et.write("wl", npus=2)
    Path("sys.json").write_text(
        '{"all-reduce-implementation": ["ring"], "all-gather-implementation": ["ring"],'
        ' "preferred-dataset-splits": 4, "local-mem-bw": 50}'
    )
    Path("net.yml").write_text(
        "topology: [Switch]\nnpus_count: [2]\nbandwidth: [50]\nlatency: [5]\n"
    )


def test_it_does_its_work_and_writes_its_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert carry_out(["volume", *INPUTS, "--json=v.json"], VERBS) == 0
    assert capsys.readouterr().out == f"NPU 0: {MiB + 48} bytes\nNPU 1: {MiB + 48} bytes\n"
    assert json.loads(Path("v.json").read_text()) == 2 * [MiB + 48]


def test_it_is_listed_and_has_help_without_asking_for_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert carry_out(["--help"], VERBS) == 0
    assert re.search(
        r"^  volume +bytes that each NPU asks to", capsys.readouterr().out, re.MULTILINE
    )
    assert carry_out(["volume", "--help"], VERBS) == 0
    told = capsys.readouterr().out
    assert told.startswith("usage: simastra volume --workload PREFIX")
    assert "-h, --help" in told
    assert "--json" in told


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--json=wl.0.et", *INPUTS], "simastra: --json: wl.0.et is an input; name another"),
        (["--jsn=v.json", *INPUTS], "unknown option '--jsn'; did you mean '--json'?"),
        (INPUTS[1:], "--workload is required"),
    ],
)
def test_what_every_verb_refuses_it_refuses(
    words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = Path("wl.0.et").read_bytes()
    assert carry_out(["volume", *words], VERBS) == 2
    assert message in capsys.readouterr().err
    assert Path("wl.0.et").read_bytes() == before


def test_a_mistyped_name_leads_to_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert carry_out(["volum"], VERBS) == 2
    assert "did you mean 'volume'?" in capsys.readouterr().err
