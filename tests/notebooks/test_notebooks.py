"""Every notebook runs in a clean kernel, and each of its exercises can be solved, and failed."""

import re
import shutil
import sys
from ast import literal_eval
from pathlib import Path

import pytest
from support.notebooks import (
    NOTEBOOKS,
    ROOT,
    NotebookError,
    code_cells,
    execute,
    exercises,
    is_exercise,
    nbformat,
    printed,
    read,
    shown,
    solutions,
    with_cells,
)

from simastra.notebook.course import mark

LEAST_EXERCISES = 90
each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a notebook is executed: beside traces/, as in a checkout, with no user's settings."""
    monkeypatch.setenv("JUPYTER_PLATFORM_DIRS", "1")
    for setting in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR"):
        monkeypatch.setenv(setting, str(tmp_path / setting.lower()))
    monkeypatch.delenv("MPLBACKEND", raising=False)
    shutil.copytree(ROOT / "traces", tmp_path / "traces")
    (tmp_path / "notebooks").mkdir()
    return tmp_path / "notebooks"


@each_notebook
def test_a_notebook_runs_and_its_exercises_tell_right_from_wrong(path: Path, folder: Path) -> None:
    notebook = read(path)
    stored, answered = len(notebook.cells), answered_cells(path)

    played = execute(with_cells(notebook, [source for source, _ in answered]), folder)

    warned = [text for cell in code_cells(played) if (text := printed(cell, "stderr"))]
    assert not warned
    blank = [shown(cell)[:1] for cell in played.cells[:stored] if is_exercise(cell)]
    assert blank == ["○"] * len(exercises(read(path)))
    assert [(cell.source, shown(cell)[:1]) for cell in played.cells[stored:]] == answered
    (student,) = mark([folder.parent / "executed.ipynb"]).students
    assert student.right(solutions(path)) == len(solutions(path))


def answered_cells(path: Path) -> list[tuple[str, str]]:
    """Each exercise with its wrong answers and its right one, and the sign of the verdict."""
    answers = solutions(path)
    return [
        (exercise.answered(answer), sign)
        for exercise in exercises(read(path))
        for sign, given in (
            ("✗", answers[exercise.name].wrong),
            ("✓", (answers[exercise.name].right,)),
        )
        for answer in given
    ]


@each_notebook
def test_a_notebook_is_stored_without_what_running_it_adds(path: Path) -> None:
    notebook = read(path)
    nbformat.validate(notebook)
    ran = [cell.source for cell in code_cells(notebook) if cell.outputs or cell.execution_count]
    assert not ran
    assert notebook.metadata.kernelspec.name == "python3"
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)


@each_notebook
def test_a_notebook_asserts_its_claims_and_ends_in_exercises(path: Path) -> None:
    sources = [cell.source for cell in code_cells(read(path))]
    given = exercises(read(path))
    assert re.search(r"^assert ", "\n".join(sources), re.MULTILINE)
    assert len(given) >= 3
    names = [f"{int(path.stem[:2])}.{number}" for number in range(1, len(given) + 1)]
    assert [exercise.name for exercise in given] == names
    assert sources[-1] == given[-1].source


@each_notebook
def test_every_exercise_has_one_blank_a_right_answer_and_a_wrong_one(path: Path) -> None:
    given = exercises(read(path))
    assert [exercise.name for exercise in given if exercise.blanks != 1] == []
    answers = solutions(path)
    assert list(answers) == [exercise.name for exercise in given]
    assert [name for name, answer in answers.items() if not answer.wrong] == []


def test_there_are_enough_exercises() -> None:
    assert sum(len(exercises(read(path))) for path in NOTEBOOKS) >= LEAST_EXERCISES


def test_the_list_of_notebooks_is_complete() -> None:
    text = (ROOT / "notebooks" / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"\]\(([\w.]+\.ipynb)\)", text) == [path.name for path in NOTEBOOKS]


def test_a_claim_that_is_wrong_fails_the_test(folder: Path) -> None:
    notebook = nbformat.v4.new_notebook()
    with pytest.raises(NotebookError, match="AssertionError: so it isn't"):
        execute(with_cells(notebook, ['assert 1 + 1 == 3, "so it isn\'t"']), folder)


def test_a_notebook_is_executed_by_the_python_that_runs_the_tests(folder: Path) -> None:
    notebook = nbformat.v4.new_notebook()
    code = ["import os, sys", "sys.prefix, os.getcwd()"]
    played = execute(with_cells(notebook, code), folder)
    assert literal_eval(shown(played.cells[-1])) == (sys.prefix, str(folder))
