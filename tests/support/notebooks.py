"""Notebooks under test: read, taken apart into exercises, executed in a kernel of this Python.

An exercise cell has one blank, a line such as ``answer = ...  # in ns``, and ends in a call of
``check("<name>", answer, ...)``. Its answers come with simastra: simastra/notebook/course/tasks.
"""

import re
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from simastra.notebook.course import CourseTask, course

# Who imports this file is skipped where notebooks can't be executed.
for _package in ("nbclient", "ipykernel", "ipywidgets", "matplotlib", "pandas"):
    if find_spec(_package) is None:
        pytest.skip(f"notebooks need {_package}, which isn't installed", allow_module_level=True)
nbformat: Any = pytest.importorskip("nbformat")

Notebook: TypeAlias = Any
Cell: TypeAlias = Any

ROOT = Path(__file__).parents[2]
NOTEBOOKS = tuple(sorted((ROOT / "notebooks").glob("*.ipynb")))

_CHECK = re.compile(r'^check\(\s*"([\d.]+)"', re.MULTILINE)
_BLANK = re.compile(r"^\w+ = \.\.\.(?: *#.*)?$", re.MULTILINE)
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_PLAYER = Path(__file__).with_name("notebook_player.py")


class NotebookError(AssertionError):
    """A cell has ended with an exception; the text has its traceback."""


@dataclass(frozen=True, slots=True)
class Exercise:
    """An exercise cell: its name, such as "3.2", and its source with the blank."""

    name: str
    source: str

    @property
    def blanks(self) -> int:
        return len(_BLANK.findall(self.source))

    def answered(self, statements: str) -> str:
        """The cell, with the blank's line replaced."""
        return _BLANK.sub(lambda _: statements.strip("\n"), self.source, count=1)


def read(path: Path) -> Notebook:
    return nbformat.read(path, as_version=nbformat.NO_CONVERT)


def code_cells(notebook: Notebook) -> list[Cell]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def with_cells(notebook: Notebook, sources: list[str]) -> Notebook:
    """Add code cells to the end of a notebook; return it."""
    notebook.cells.extend(map(nbformat.v4.new_code_cell, sources))
    return notebook


def is_exercise(cell: Cell) -> bool:
    return cell.cell_type == "code" and _CHECK.search(cell.source) is not None


def exercises(notebook: Notebook) -> list[Exercise]:
    sources = [cell.source for cell in code_cells(notebook)]
    return [Exercise(found[1], source) for source in sources if (found := _CHECK.search(source))]


def solutions(path: Path) -> dict[str, CourseTask]:
    """The tasks of the notebook at `path`, by name: what a reader might answer, right and wrong."""
    (notebook,) = (it for it in course().notebooks if it.file == path.stem)
    return {task.name: task for task in notebook.tasks}


def execute(notebook: Notebook, folder: Path) -> Notebook:
    """Execute a notebook in a new kernel whose working directory is `folder`; return it executed.

    Raises:
        NotebookError: if a cell ends with an exception.
    """
    path = folder.parent / "executed.ipynb"
    nbformat.write(notebook, path)
    words = [sys.executable, str(_PLAYER), str(path), str(folder)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotebookError(_COLOUR.sub("", done.stderr))
    return read(path)


def printed(cell: Cell, stream: str) -> str:
    """What a cell has written to stdout or stderr."""
    return "".join(it.text for it in cell.outputs if it.get("name") == stream)


def shown(cell: Cell) -> str:
    """The cell's value, as text."""
    return "".join(
        it.data["text/plain"] for it in cell.outputs if it.output_type == "execute_result"
    )
