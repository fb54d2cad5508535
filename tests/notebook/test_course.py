"""The course's data agrees with its notebooks, pages and tasks."""

import json
import re
from pathlib import Path

import pytest

from benchmarks.course import contents
from simastra.errors import InputError
from simastra.notebook.course import CourseTrack, Notebook, course, task_named, tasks

ROOT = Path(__file__).parents[2]
each_notebook = pytest.mark.parametrize("notebook", course().notebooks, ids=lambda it: it.file)
each_track = pytest.mark.parametrize("track", course().tracks, ids=lambda it: it.name)


def prose(notebook: Notebook) -> list[str]:
    text = (ROOT / "notebooks" / f"{notebook.file}.ipynb").read_text(encoding="utf-8")
    cells = json.loads(text)["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]


def test_every_notebook_is_in_the_course_and_in_a_track() -> None:
    stored = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
    assert [notebook.file for notebook in course().notebooks] == stored
    in_tracks = {notebook.file for track in course().tracks for notebook in track.notebooks}
    assert in_tracks == set(stored)


@each_notebook
def test_a_notebook_says_what_the_course_says_of_it(notebook: Notebook) -> None:
    first = prose(notebook)[0]
    heading = first.splitlines()[0]
    assert heading.startswith(f"# {notebook.number} · {notebook.title}")
    said = re.search(r"You need notebooks? ([\d, and]+)", " ".join(prose(notebook)[:2]))
    needed = tuple(map(int, re.findall(r"\d+", said[1]))) if said else ()
    assert needed == notebook.needs
    assert notebook.minutes == contents(notebook).minutes  # python -m benchmarks.course
    assert len(notebook.tasks) == contents(notebook).tasks


@each_notebook
def test_what_goes_with_a_notebook_is_there(notebook: Notebook) -> None:
    assert notebook.reading
    assert [page for page in notebook.reading if not (ROOT / "docs" / page).is_file()] == []


@each_track
def test_a_track_has_each_notebook_once_after_those_that_it_needs(track: CourseTrack) -> None:
    numbers = [notebook.number for notebook in track.notebooks]
    assert len(numbers) == len(set(numbers))
    too_early = [
        (notebook.number, needed)
        for place, notebook in enumerate(track.notebooks)
        for needed in notebook.needs
        if needed not in numbers[:place]
    ]
    assert too_early == []


@each_track
def test_a_track_has_enough_to_do(track: CourseTrack) -> None:
    assert len(track.tasks) >= 20
    assert track.minutes == sum(notebook.minutes for notebook in track.notebooks)


def test_every_task_has_a_hint_that_says_something_and_no_solution_in_it() -> None:
    for task in tasks().values():
        assert len(task.hint.split()) >= 1
        assert task.right not in task.hint, task.name
        assert task.right not in task.wrong, task.name


def test_the_course_is_at_least_as_long_as_was_promised() -> None:
    assert len(tasks()) >= 90


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("5.22", "the course has no task '5.22'; notebook 5 has 5.1 to 5.6"),
        ("five", "the course has no task 'five'; tasks are called \"1.1\" to"),
        (5, "the course has no task 5; notebook 5 has 5.1 to 5.6"),
    ],
)
def test_a_task_that_isnt_there_is_told_with_those_that_are(name: str, said: str) -> None:
    with pytest.raises(InputError, match=re.escape(said)):
        task_named(name)


def test_a_track_that_isnt_there_is_told_with_those_that_are() -> None:
    with pytest.raises(InputError, match="unknown track 'sytems'; did you mean 'systems'"):
        course().track("sytems")


def test_exercises_import_nothing_but_the_public_package() -> None:
    """What a task needs of simastra's rooms is imported above, and so is what answers it."""
    deep = {
        task.name: found
        for task in tasks().values()
        for answer in (task.right, *task.wrong)
        if (found := re.findall(r"from simastra\.[\w.]+ import .*", answer))
    }
    assert deep == {}
    for notebook in course().notebooks:
        text = (ROOT / "notebooks" / f"{notebook.file}.ipynb").read_text(encoding="utf-8")
        for cell in json.loads(text)["cells"]:
            source = "".join(cell["source"])
            if re.search(r"^check\(", source, re.MULTILINE):
                assert "from simastra" not in source, source


@each_notebook
def test_help_is_imported_where_it_may_be_asked_for(notebook: Notebook) -> None:
    text = (ROOT / "notebooks" / f"{notebook.file}.ipynb").read_text(encoding="utf-8")
    (names,) = re.findall(r"from simastra\.notebook\.course import ([\w, ]+)", text)
    assert {"check", "hint", "progress", "solution"} <= set(names.strip().split(", "))


def rows(page: str, heading: str) -> list[list[str]]:
    """The cells of a page's table below a heading."""
    text = (ROOT / page).read_text(encoding="utf-8")
    lines = text[text.index(heading) :].splitlines()
    table = [line for line in lines[: lines.index("", 2)] if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table[2:]]


def test_pages_list_the_notebooks_as_the_course_has_them() -> None:
    notebooks = course().notebooks
    titles = [f"{it.number} · {it.title}" for it in notebooks]
    assert rows("notebooks/README.md", "| notebook |") == [
        [f"[{title}]({it.file}.ipynb)", it.goal]
        for title, it in zip(titles, notebooks, strict=True)
    ]
    taught = rows("docs/teaching.md", "| notebook |")
    assert [[*row[:5], row[6]] for row in taught] == [
        [
            f"[{title}](../notebooks/{it.file}.ipynb)",
            it.goal,
            ", ".join(map(str, it.needs)),
            f"{len(it.tasks)}",
            f"{it.minutes}",
            ", ".join(f"[{page.removesuffix('.md')}]({page})" for page in it.reading),
        ]
        for title, it in zip(titles, notebooks, strict=True)
    ]


def test_pages_list_the_tracks_as_the_course_has_them() -> None:
    tracks = course().tracks
    assert rows("notebooks/README.md", "| track |") == [
        [it.title, it.audience, it.goal, ", ".join(f"{one.number}" for one in it.notebooks)]
        for it in tracks
    ]
    assert rows("docs/teaching.md", "| track |") == [
        [it.title, it.audience, it.goal, f"{len(it.tasks)}", f"{it.minutes / 60:.0f}"]
        for it in tracks
    ]
