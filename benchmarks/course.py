"""``python -m benchmarks.course [--run]``: how long the course's notebooks take, and their readers.

It prints what docs/teaching.md has. With ``--run``, each notebook is executed in a new kernel, as
it is stored, and its seconds are measured; without, what stands in the notebooks is counted.
"""

import argparse
import json
import math
import re
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from simastra.notebook.course import Notebook, course
from simastra.view.table import Table, left, right

from .process import run_process

ROOT = Path(__file__).parent.parent
PLAYER = ROOT / "tests" / "support" / "notebook_player.py"

WORDS_A_MINUTE = 150
"""Of prose, read with care."""

MINUTES_A_CELL = 0.75
"""To run a cell, look at what it shows, and go back to the code."""

MINUTES_A_TASK = 4

STEP = 5
"""Minutes are rounded up to a multiple."""

TIME_LIMIT = 600
"""Seconds that a notebook may run."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What stands in a notebook.

    Attributes:
        words: of its prose.
        cells: of code, tasks left out.
        tasks: cells that check an answer.
    """

    words: int
    cells: int
    tasks: int

    @property
    def minutes(self) -> int:
        """How long a student takes who answers most of the tasks."""
        exactly = (
            self.words / WORDS_A_MINUTE + self.cells * MINUTES_A_CELL + self.tasks * MINUTES_A_TASK
        )
        return STEP * math.ceil(exactly / STEP)


def contents(notebook: Notebook) -> Contents:
    """Count what stands in a notebook of the checkout."""
    text = (ROOT / "notebooks" / f"{notebook.file}.ipynb").read_text(encoding="utf-8")
    sources = [(cell["cell_type"], "".join(cell["source"])) for cell in json.loads(text)["cells"]]
    code = [source for kind, source in sources if kind == "code"]
    tasks = sum(bool(re.search(r"^check\(", source, re.MULTILINE)) for source in code)
    words = sum(len(source.split()) for kind, source in sources if kind == "markdown")
    return Contents(words, len(code) - tasks, tasks)


def seconds(notebook: Notebook) -> float:
    """Execute a notebook in a copy of its surroundings; how long that takes, with its kernel."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(ROOT / "traces", folder / "traces")
        (folder / "notebooks").mkdir()
        played = folder / "played.ipynb"
        shutil.copy(ROOT / "notebooks" / f"{notebook.file}.ipynb", played)
        words = (sys.executable, str(PLAYER), str(played), str(folder / "notebooks"))
        run = run_process(words, ROOT, TIME_LIMIT)
    if run.code:
        sys.exit(f"{notebook.file}: {run.errors}")
    return run.wall


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="How long the course takes.")
    parser.add_argument("--run", action="store_true", help="execute each notebook, and time it")
    is_run = parser.parse_args().run
    columns = (*left("notebook"), *right("words", "cells", "tasks", "minutes", "runs in, s"))
    rows = []
    for it in course().notebooks:
        found = contents(it)
        took = round(seconds(it), 1) if is_run else None
        rows.append((it.file, found.words, found.cells, found.tasks, found.minutes, took))
    print(Table(columns, tuple(rows)))


if __name__ == "__main__":
    main()
