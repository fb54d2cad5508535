"""A copy of simastra with some lines more, and Python with that copy."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import simastra


class Edit(NamedTuple):
    """Lines that follow `before`, which stands once in a file of the package."""

    file: str
    before: str
    lines: str


def changed_copy(folder: Path, edits: Iterable[Edit]) -> Path:
    """Make it in `folder`, which is returned."""
    unwanted = shutil.ignore_patterns("__pycache__")
    shutil.copytree(Path(simastra.__file__).parent, folder / "simastra", ignore=unwanted)
    for file, before, lines in edits:
        path = folder / "simastra" / file
        text = path.read_text()
        assert text.count(before) == 1
        path.write_text(text.replace(before, before + lines))
    return folder


def python(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run Python in the folder of a copy."""
    return subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "MPLBACKEND": "agg"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
