"""Notebooks under test: read, taken apart into exercises, executed in a kernel of this Python.

An exercise cell has one blank, a line such as ``answer = ...  # in ns``, and ends in a call of
``check("<name>", answer, ...)``. Its solutions are in tests/notebooks/solutions/<notebook>.toml::

    ["1.2"]
    right = "answer = 14"
    wrong = ["answer = 7", "answer = 8"]

Each is what replaces the blank's line; several lines are written between three single quotes.
"""

import re
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import nbformat
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbformat import NotebookNode

ROOT = Path(__file__).parents[2]
NOTEBOOKS = tuple(sorted((ROOT / "notebooks").glob("*.ipynb")))
SOLUTIONS = ROOT / "tests" / "notebooks" / "solutions"

_CHECK = re.compile(r'^check\(\s*"([\d.]+)"', re.MULTILINE)
_BLANK = re.compile(r"^\w+ = \.\.\.(?: *#.*)?$", re.MULTILINE)
_SECONDS_A_CELL = 120  # a kernel that hangs is given up; far more than any cell takes


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
        return _BLANK.sub(lambda _: statements.rstrip("\n"), self.source, count=1)


@dataclass(frozen=True, slots=True)
class Solution:
    """What a reader might write in place of the blank: once right, and some times wrong."""

    right: str
    wrong: tuple[str, ...]


def read(path: Path) -> NotebookNode:
    return nbformat.read(path, as_version=nbformat.NO_CONVERT)


def exercises(notebook: NotebookNode) -> list[Exercise]:
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    return [Exercise(found[1], source) for source in code if (found := _CHECK.search(source))]


def solutions(path: Path) -> dict[str, Solution]:
    """Those for the notebook at `path`, by exercise."""
    text = (SOLUTIONS / f"{path.stem}.toml").read_text(encoding="utf-8")
    tables = tomllib.loads(text).items()
    return {name: Solution(it["right"], tuple(it["wrong"])) for name, it in tables}


class _ThisPython(KernelSpecManager):
    """Knows one kernel, by any name: that of the environment which runs the tests."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        launch = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        return KernelSpec(argv=launch, display_name=kernel_name, language="python")


def execute(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Execute a notebook in a new kernel, whose working directory is `folder`; return it.

    Raises:
        CellExecutionError: if a cell ends with an exception.
    """
    manager = AsyncKernelManager(kernel_spec_manager=_ThisPython())
    client = NotebookClient(
        notebook,
        km=manager,
        timeout=_SECONDS_A_CELL,
        resources={"metadata": {"path": str(folder)}},
    )
    client.execute()
    return notebook


def printed(cell: NotebookNode, stream: str) -> str:
    """What a cell has written to stdout or stderr."""
    return "".join(it.text for it in cell.outputs if it.get("name") == stream)


def shown(cell: NotebookNode) -> str:
    """The cell's value, as text."""
    return "".join(
        it.data["text/plain"] for it in cell.outputs if it.output_type == "execute_result"
    )
