"""`run --timeline --limit`: whole if it fits; a cut is said in the file and on stderr."""

import gzip
import json
from pathlib import Path

import pytest
from command_line import Inputs

from simastra.cli import main

WORDS = ("run", "--workload=wl", "--system=sys.json", "--network=net.yml")


@pytest.fixture
def here(ring: Inputs, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(ring.folder)
    return ring.folder


def notices(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return [line for line in capsys.readouterr().err.splitlines() if "--timeline" in line]


def test_what_fits_is_whole_and_nothing_is_said(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*WORDS, "--timeline=t.json"]) == 0
    assert notices(capsys) == []
    content = (here / "t.json").read_text()
    assert "not all is shown" not in content
    # 4 chunks go round a ring of 8: 14 messages an NPU and chunk.
    assert content.count('"ph":"s"') == 4 * 14 * 8


@pytest.mark.parametrize("name", ["t.json", "t.json.gz"])
def test_a_cut_is_said(name: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*WORDS, f"--timeline={name}", "--limit=50KiB"]) == 0
    said = notices(capsys)
    raw = (here / name).read_bytes()
    content = gzip.decompress(raw) if name.endswith(".gz") else raw
    assert 40 * 1024 < len(content) <= 50 * 1024
    sent = content.count(b'"ph":"s"')
    start = "simastra: notice: --timeline: not all fits into 51,200 bytes; messages: "
    assert any(
        line.startswith(f"{start}{sent} of 448 are shown, those that began") for line in said
    )
    assert all(line.endswith("(give a larger --limit)") for line in said)
    cut = [it for it in json.loads(content)["traceEvents"] if it["ph"] == "i" and it["pid"] > 7]
    assert len(cut) == len(said)


@pytest.mark.usefixtures("here")
def test_quiet_is_quiet_about_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*WORDS, "--timeline=t.json", "--limit=50KiB", "--quiet"]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.usefixtures("here")
def test_a_limit_of_nothing_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*WORDS, "--limit=1MiB"]) == 2
    said = capsys.readouterr().err
    assert said == "simastra: --limit: is for the file of --timeline; give that, too\n"
