"""Tests that are left out are told in a line, failures in full."""

import subprocess
import sys
from pathlib import Path

TESTS = """\
import pytest

@pytest.mark.parametrize("needed", "aaabbcd")
def test_that_is_left_out(needed):
    pytest.skip(f"there is no {needed} here")

def test_that_fails():
    assert 1 == 2
"""


def told(folder: Path, *options: str) -> list[str]:
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options, str(folder)]
    return subprocess.run(
        words, capture_output=True, text=True, check=False, cwd=folder
    ).stdout.splitlines()


def test_a_line_says_what_is_left_out_and_why(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text((Path(__file__).parent / "conftest.py").read_text())
    (tmp_path / "support.py").write_text("")
    (tmp_path / "test_some.py").write_text(TESTS)
    lines = told(tmp_path, "-rfEX")
    assert (
        "7 left out: there is no a here (3), there is no b here (2), there is no c here (1), "
        "and so on; -rs lists all"
    ) in lines
    assert [line for line in lines if line.startswith("FAILED test_some.py::test_that_fails")]
    assert not [line for line in lines if line.startswith("SKIPPED")]
    listed = told(tmp_path, "-rs")
    assert len([line for line in listed if line.startswith("SKIPPED")]) == 4
    assert not [line for line in listed if "left out" in line]
