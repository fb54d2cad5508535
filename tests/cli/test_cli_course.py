"""`simastra course`: its tracks are listed, and a class is marked."""

import csv
import json
import re
from pathlib import Path

import pytest

from simastra.cli import main
from simastra.notebook.course import course
from simastra.notebook.course.progress import CourseProgress, Standing


def run(*words: str) -> int:
    try:
        return main([*words])
    except SystemExit as ended:
        return int(ended.code or 0)


@pytest.fixture
def handed_in(tmp_path: Path) -> list[str]:
    for student, points in (("Ada", 1.0), ("Bob", 0.25)):
        standing = Standing(1, is_right=True, points=points)
        text = CourseProgress(student, {"1.1": standing}).to_json()
        (tmp_path / f"{student}.json").write_text(text)
    return [str(tmp_path / "Ada.json"), str(tmp_path / "Bob.json")]


def test_all_notebooks_and_tracks_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("course", "show") == 0
    said = capsys.readouterr().out
    assert [it.title for it in course().notebooks if it.title not in said] == []
    assert [it.name for it in course().tracks if it.audience not in said] == []


def test_a_track_is_shown_in_its_order(capsys: pytest.CaptureFixture[str]) -> None:
    for track in course().tracks:
        assert run("course", "show", track.name) == 0
        lines = capsys.readouterr().out.splitlines()
        numbers = [int(line.split()[0]) for line in lines[4:] if line[:2].strip().isdigit()]
        assert numbers[: len(track.notebooks)] == [it.number for it in track.notebooks]
        assert track.goal in lines[1]
        tasks, hours = re.findall(r"\d+", lines[-1])
        assert int(tasks) == sum(len(it.tasks) for it in track.notebooks)
        assert abs(60 * int(hours) - sum(it.minutes for it in track.notebooks)) <= 30


def test_a_class_is_marked_on_the_screen_and_in_files(
    handed_in: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("course", "mark", *handed_in) == 0
    rows = capsys.readouterr().out.splitlines()
    assert [row.split()[:2] for row in rows[1:]] == [["Ada", "1"], ["Bob", "1"]]

    marks = tmp_path / "marks.csv"
    assert run("course", "mark", *handed_in, "--by-task", "--output", str(marks)) == 0
    assert [row["1.1"] for row in csv.DictReader(marks.read_text().splitlines())] == ["1.0", "0.25"]

    assert run("course", "mark", *handed_in, "--summary") == 0
    assert capsys.readouterr().out.splitlines()[1].split() == ["1.1", "2", "2", "1", "0", "0"]

    everything = tmp_path / "marks.json"
    assert run("course", "mark", *handed_in, "--output", str(everything)) == 0
    assert [it["student"] for it in json.loads(everything.read_text())] == ["Ada", "Bob"]


def test_marks_replace_no_students_work(
    handed_in: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    before = Path(handed_in[0]).read_text()
    assert run("course", "mark", *handed_in, "--output", handed_in[0]) == 2
    assert Path(handed_in[0]).read_text() == before
    assert run("course", "mark", *handed_in, "--output", "marks.xlsx") == 2
    assert "ends in neither .csv nor .json" in capsys.readouterr().err


def test_what_isnt_a_students_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.json").write_text("{}")
    assert run("course", "mark", str(tmp_path / "x.json")) == 2
    assert "x.json: is no progress of the course" in capsys.readouterr().err
    assert run("course", "show", "newcomers") == 2
    assert "newcomer" in capsys.readouterr().err


def test_tasks_of_another_course_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    standing = Standing(1, is_right=True, points=1)
    path = tmp_path / "eve.json"
    path.write_text(CourseProgress("Eve", {"1.1": standing, "my.7": standing}).to_json())
    assert run("course", "mark", str(path)) == 0
    said = capsys.readouterr()
    assert said.out.splitlines()[1].split()[:2] == ["Eve", "1"]
    assert said.err == "simastra: notice: not of this course, and without points: my.7\n"


def test_who_handed_in_twice_is_named(
    handed_in: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    again = tmp_path / "again.json"
    again.write_text(Path(handed_in[0]).read_text())
    assert run("course", "mark", *handed_in, str(again)) == 0
    said = capsys.readouterr()
    assert "handed in more than once, a row each: Ada; a folder makes them one" in said.err
    assert len(said.out.splitlines()) == 1 + 3


@pytest.mark.parametrize("tables", [["--summary"], ["--by-task"]])
def test_json_has_everything_and_is_no_table(
    tables: list[str], handed_in: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "marks.json"
    assert run("course", "mark", *handed_in, *tables, "--output", str(output)) == 2
    assert f"{tables[0]}: is a table; {output} has all" in capsys.readouterr().err
    assert not output.exists()
    assert run("course", "mark", *handed_in, "--summary", "--by-task") == 2
    assert "two tables" in capsys.readouterr().err


def test_a_pattern_is_read_where_no_shell_has_done_it(
    handed_in: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert len(handed_in) == 2
    assert run("course", "mark", str(tmp_path / "*.json")) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1 + 2
    assert run("course", "mark", str(tmp_path / "*.ipynb")) == 2
    assert "*.ipynb: file not found" in capsys.readouterr().err
