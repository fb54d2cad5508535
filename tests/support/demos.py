"""The demos of the checkout, played once for all tests of a run: that takes a while."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .once import folder_of_run, locked

TRACES = Path(__file__).parents[2] / "traces"


def shown_by_demos(factory: pytest.TempPathFactory) -> str:
    """What ``traces/demo.py`` prints in a copy in which no trace has been made yet."""
    shared = folder_of_run(factory, "demos")
    shown = shared / "shown.txt"
    with locked(shared):
        if not shown.exists():
            shutil.copytree(TRACES, shared / "traces", ignore=shutil.ignore_patterns("*.et"))
            words = [sys.executable, "traces/demo.py"]
            done = subprocess.run(words, cwd=shared, capture_output=True, text=True, check=False)
            shown.write_text(f"{done.stdout}exit code {done.returncode}\n")
    text, end, code = shown.read_text().rpartition("exit code ")
    assert (end, code) == ("exit code ", "0\n"), text
    return text
