"""README.md opens, in one screen, with what nobody else does; examples for readers are short."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from simastra.cli import main
from tests.support.examples import ROOT, programs, sessions

README = (ROOT / "README.md").read_text(encoding="utf-8")
SCREEN = README.partition("\n## ")[0]
HANG = ROOT / "traces" / "hang_pipeline"
LONGEST_SCREEN, LONGEST_EXAMPLE, LONGEST_README = 40, 30, 360


def test_the_first_screen_is_one_and_has_a_hang_a_step_back_a_picture_and_two_commands() -> None:
    assert len(SCREEN.splitlines()) <= LONGEST_SCREEN
    assert len(README.splitlines()) <= LONGEST_README
    assert "likely cause:" in SCREEN
    assert "back" in SCREEN
    assert "](docs/pictures/" in SCREEN
    assert all(f"\nmake {target} " in SCREEN for target in ("demo", "test", "course", "docs"))


def test_each_kind_of_reader_has_one_example_of_thirty_lines() -> None:
    page = ROOT / "docs" / "examples.md"
    found = [it for it in [*programs(), *sessions()] if it.page == page]
    heads = re.findall(r"^## (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(heads) == len(found)
    assert all(len(it.code.splitlines()) <= LONGEST_EXAMPLE for it in found)
    anchors = {re.sub(r"\W+", "-", it.lower()).strip("-") for it in heads}
    assert set(re.findall(r"docs/examples\.md#([\w-]+)", SCREEN)) == anchors


def test_the_script_makes_the_committed_hang_byte_for_byte(tmp_path: Path) -> None:
    shutil.copy(HANG / "make_trace.py", tmp_path)
    subprocess.run([sys.executable, "make_trace.py"], cwd=tmp_path, check=True, capture_output=True)
    made = {it.name: it.read_bytes() for it in tmp_path.glob("*.et")}
    assert len(made) == 4
    assert made == {it.name: it.read_bytes() for it in HANG.glob("*.et")}


@pytest.mark.parametrize("verb", ["run", "check"])
def test_the_hang_is_told_with_its_cause(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = [f"--workload={HANG}/stage", f"--system={HANG}/system.json"]
    assert main([verb, *words, f"--network={HANG}/network.yml", "--quiet"]) == 3
    assert "NPU 0's send, node 2, is of 6,291,456 bytes" in capsys.readouterr().err
