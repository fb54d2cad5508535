"""A class's files and notebooks become a table of marks."""

import csv
import json
from pathlib import Path

import pytest

from simastra.errors import InputError
from simastra.notebook.course import mark, tasks
from simastra.notebook.course.progress import CourseProgress, Standing
from simastra.notebook.exercises import Outcome, Verdict

RIGHT = Standing(1, is_right=True, points=1)


def notebook(*verdicts: Verdict) -> str:
    """An executed one, with what Jupyter stores of each verdict."""
    outputs = [
        {
            "output_type": "execute_result",
            "data": {"text/plain": repr(it), **it._repr_mimebundle_()},
            "metadata": {},
            "execution_count": 1,
        }
        for it in verdicts
    ]
    cells = [{"cell_type": "code", "source": "", "outputs": [it]} for it in outputs]
    return json.dumps({"cells": [{"cell_type": "markdown", "source": "# 1"}, *cells]})


@pytest.fixture
def handed_in(tmp_path: Path) -> list[Path]:
    """Of Ada a file with her name, of bob an executed notebook, of carl a folder with both."""
    ada = CourseProgress(
        "Ada", {"1.1": RIGHT, "5.2": Standing(2, is_right=True, points=1, solution=True)}
    )
    (tmp_path / "a1.json").write_text(ada.to_json())
    verdicts = [
        Verdict("1.1", Outcome.WRONG),
        Verdict("1.2", Outcome.OPEN),
        Verdict("1.3", Outcome.RIGHT, points=0.25),
    ]
    (tmp_path / "bob.ipynb").write_text(notebook(*verdicts))
    carl = tmp_path / "carl"
    carl.mkdir()
    (carl / "progress.json").write_text(CourseProgress("", {"1.1": Standing(3)}).to_json())
    (carl / "01.ipynb").write_text(notebook(Verdict("1.1", Outcome.RIGHT, points=1)))
    (carl / ".hidden.json").write_text("nothing")
    return [tmp_path / "a1.json", tmp_path / "bob.ipynb", carl]


def test_a_class_is_a_table_with_a_row_for_each_student(handed_in: list[Path]) -> None:
    rows = list(csv.DictReader(mark(handed_in).to_csv().splitlines()))
    assert [(row["student"], row["right"], float(row["points"])) for row in rows] == [
        ("Ada", "2", 1.5),
        ("bob", "1", 0.25),
        ("carl", "1", 1),
    ]
    assert [row["of"] for row in rows] == [f"{len(tasks())}"] * 3
    assert [float(row["5"]) for row in rows] == [0.5, 0, 0]


def test_it_may_have_a_column_for_each_task(handed_in: list[Path]) -> None:
    rows = list(csv.DictReader(mark(handed_in).to_csv(by_task=True).splitlines()))
    assert set(tasks()) < set(rows[0])
    assert [float(row["1.1"]) for row in rows] == [1, 0, 1]


def test_a_summary_says_how_the_class_did(handed_in: list[Path]) -> None:
    rows = {row["task"]: row for row in mark(handed_in).summary().to_dicts()}
    assert list(rows) == ["1.1", "1.3", "5.2"]
    assert list(rows["1.1"].values()) == ["1.1", 3, 2, 1.0, 0, 0]
    assert list(rows["5.2"].values()) == ["5.2", 1, 1, 2.0, 0, 1]


def test_as_json_it_has_all_that_is_known(handed_in: list[Path]) -> None:
    ada, bob, _ = json.loads(mark(handed_in).to_json())
    assert ada["tasks"]["5.2"]["solution"] is True
    assert bob["tasks"]["1.1"] == {
        "right": False,
        "points": 0,
        "tries": 1,
        "hint": False,
        "solution": False,
    }
    assert "1.2" not in bob["tasks"]
    assert mark(handed_in)._repr_html_().count("<tr>") == 1 + 3


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("it.ipynb", "{}", "is no notebook of Jupyter"),
        ("it.ipynb", "[", "is no notebook of Jupyter"),
        ("it.ipynb", '{"cells": [3]}', "is no notebook of Jupyter"),
        ("it.json", "{}", "is no progress of the course"),
        ("it.txt", "hello", "it isn't JSON"),
        ("it.json", "[" * 100_000, "it isn't JSON"),
        ("it.ipynb", "[" * 100_000, "is no notebook of Jupyter"),
    ],
)
def test_what_is_neither_is_named(tmp_path: Path, name: str, content: str, said: str) -> None:
    path = tmp_path / name
    path.write_text(content)
    with pytest.raises(InputError, match=f"{name}: {said}"):
        mark([path])


def test_points_that_are_none_make_no_marks(tmp_path: Path) -> None:
    path = tmp_path / "it.ipynb"
    path.write_text(notebook(Verdict("1.1", Outcome.RIGHT, points=50)))
    with pytest.raises(InputError, match=r"it\.ipynb: is no notebook"):
        mark([path])


def test_nothing_is_told_as_such(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nothing to mark"):
        mark([])
    with pytest.raises(InputError, match="has neither progress"):
        mark([tmp_path])
    with pytest.raises(InputError, match=r"gone\.json: file not found"):
        mark([tmp_path / "gone.json"])


def handed(folder: Path, name: str, student: str) -> Path:
    path = folder / name
    path.write_text(CourseProgress(student, {"1.1": RIGHT}).to_json(), encoding="utf-8")
    return path


NAMES = ("=cmd|' /c calc'!A1", "+1", "-1", "@SUM(1)", "\t=1", 'O"Neill, Ada\nMay', "Žofie 李")


def test_a_spreadsheet_reads_names_and_no_formulas(tmp_path: Path) -> None:
    grades = mark([handed(tmp_path, f"{at}.json", name) for at, name in enumerate(NAMES)])
    rows = list(csv.reader(grades.to_csv().splitlines()))
    names = [row[0] for row in rows[1:]]
    assert names == ["'=cmd|' /c calc'!A1", "'+1", "'-1", "'@SUM(1)", "'=1", *names[5:]]
    assert names[5:] == ['O"Neill, Ada May', "Žofie 李"]
    assert {len(row) for row in rows} == {len(rows[0])}
    assert json.loads(grades.to_json())[0]["student"] == NAMES[0]


def test_two_of_one_name_are_told_apart(tmp_path: Path) -> None:
    first, second = (handed(tmp_path, name, "Ada") for name in ("first.json", "second.json"))
    grades = mark([first, second, handed(tmp_path, "bob.json", "Bob")])
    names = [row["student"] for row in grades.table().to_dicts()]
    assert names == [f"Ada ({first})", f"Ada ({second})", "Bob"]
    assert grades.namesakes == ("Ada",)


def test_a_folder_is_one_students(tmp_path: Path) -> None:
    handed(tmp_path, "first.json", "Ada")
    handed(tmp_path, "second.json", " ada ")
    assert [it.student for it in mark([tmp_path]).students] in (["Ada"], ["ada"])
    handed(tmp_path, "third.json", "Bob")
    with pytest.raises(InputError, match=r"has files of Bob and of ada; give a folder, or files"):
        mark([tmp_path])
