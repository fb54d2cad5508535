"""The progress of a class as a table: of the files, or the notebooks, that students hand in."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import reduce
from pathlib import Path
from typing import Any

from simastra.errors import InputError
from simastra.file_content import ContentError, whole_content
from simastra.notebook.exercises import VERDICT_TYPE, Marks, Outcome, Verdict
from simastra.view.html import notebook_table
from simastra.view.table import Cell, Table, left, right

from .progress import CourseProgress, Standing, read_progress
from .syllabus import course
from .tasks import tasks

_FORMULAS = ("=", "+", "-", "@")  # what a formula of a spreadsheet begins with


@dataclass(frozen=True, slots=True)
class Grades:
    """The marks of a class; a notebook shows them as a table.

    Attributes:
        students: each one's progress, in the order in which they were given.
        namesakes: names that several of what was handed in have; there, it is said which is whose.
    """

    students: tuple[CourseProgress, ...]
    namesakes: tuple[str, ...] = ()

    def table(self, *, by_task: bool = False) -> Table:
        """A row for each student: right answers, points, and the points by notebook, or by task."""
        groups = _by_task() if by_task else _by_notebook()
        columns = (*left("student"), *right("right", "of", "points"), *right(*groups))
        return Table(columns, tuple(_row(it, groups) for it in self.students), title="marks")

    def summary(self) -> Table:
        """A row for each task that anybody tried: how the class did, and what help it took."""
        columns = (*left("task"), *right("tried", "right", "mean tries", "hints", "solutions"))
        found = (
            (name, [it.standings[name] for it in self.students if name in it.standings])
            for name in tasks()
        )
        rows = tuple((name, *_summed(standings)) for name, standings in found if standings)
        return Table(columns, rows, title="tasks")

    def beside(self) -> tuple[str, ...]:
        """Names of tasks that aren't the course's: they are in the JSON, and bring no points."""
        names = {name for it in self.students for name in it.standings}
        return tuple(sorted(names - set(tasks())))

    def to_csv(self, *, by_task: bool = False) -> str:
        """The table as CSV. No name is a formula to a spreadsheet: an apostrophe goes before it."""
        table = self.table(by_task=by_task)
        rows = ((_no_formula(name), *points) for name, *points in table.rows)
        return replace(table, rows=tuple(rows)).to_csv()

    def to_json(self) -> str:
        """A list of students, each with everything that is known of each task."""
        return json.dumps([json.loads(it.to_json()) for it in self.students], indent=1) + "\n"

    def _repr_html_(self) -> str:
        return notebook_table(self.table(), most=len(self.students))


def mark(handed_in: Iterable[Path | str]) -> Grades:
    """Read what students have handed in.

    Args:
        handed_in: for each student a progress file, an executed notebook, or a folder of these,
            of which each task's best counts. A student is called what the file says, or as the file
            or folder is.

    Raises:
        InputError: something can't be read, or is neither; a folder has files of several students;
            or there is nothing.
    """
    given = [Path(path) for path in handed_in]
    if not given:
        raise InputError("nothing to mark; give a file or a folder for each student")
    students = [_student(path) for path in given]
    counts = Counter(it.student for it in students)
    told_apart = (
        it if counts[it.student] == 1 else replace(it, student=f"{it.student} ({path})")
        for it, path in zip(students, given, strict=True)
    )
    return Grades(tuple(told_apart), tuple(name for name in counts if counts[name] > 1))


def _student(path: Path) -> CourseProgress:
    files = sorted(_files_of(path)) if path.is_dir() else [path]
    if not files:
        raise InputError(f"{path}: has neither progress (*.json) nor notebooks (*.ipynb)")
    read = [_read(file) for file in files]
    names = {name.casefold(): name for it in read if (name := _one_line(it.student))}
    if len(names) > 1:
        raise InputError(
            f"{path}: has files of {' and of '.join(sorted(names.values())[:2])}; give a folder, or"
            " files, for each student"
        )
    name = next(iter(names.values()), path.name if path.is_dir() else path.stem)
    return CourseProgress(name, reduce(CourseProgress.merged, read).standings)


def _one_line(name: str) -> str:
    """A name for a row of a table."""
    return " ".join(name.split())


def _files_of(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        is_hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.suffix in (".json", ".ipynb") and path.is_file() and not is_hidden:
            yield path


def _read(path: Path) -> CourseProgress:
    return _read_notebook(path) if path.suffix == ".ipynb" else read_progress(path)


def _read_notebook(path: Path) -> CourseProgress:
    """The verdicts that are stored in a notebook; of hints and solutions nothing is known."""
    try:
        cells = json.loads(whole_content(path))["cells"]
        outputs = [output for cell in cells for output in cell.get("outputs", ())]
        stored = [it.get("data", {}).get(VERDICT_TYPE) for it in outputs]
        verdicts = [_verdict(it) for it in stored if it is not None]
    except ContentError as error:
        raise InputError(f"{path}: {error}") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise InputError(f"{path}: is no notebook of Jupyter") from None
    progress = CourseProgress()
    for verdict in verdicts:
        standing = progress.of(verdict.name).tried(verdict)
        progress = progress.with_standing(verdict.name, standing)
    return progress


def _verdict(stored: dict[str, Any]) -> Verdict:
    points = Marks(stored["points"]).points  # which are from 0 to 1
    return Verdict(f"{stored['exercise']}", Outcome(stored["outcome"]), points=points)


def _by_notebook() -> dict[str, tuple[str, ...]]:
    return {f"{it.number}": tuple(task.name for task in it.tasks) for it in course().notebooks}


def _by_task() -> dict[str, tuple[str, ...]]:
    return {name: (name,) for name in tasks()}


def _row(student: CourseProgress, groups: dict[str, tuple[str, ...]]) -> tuple[Any, ...]:
    names = tuple(tasks())
    points = (student.score(group) for group in groups.values())
    return (student.student, student.right(names), len(names), student.score(names), *points)


def _no_formula(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULAS) else cell


def _summed(standings: list[Standing]) -> tuple[int | float, ...]:
    tried = [it for it in standings if it.tries]
    mean = sum(it.tries for it in tried) / len(tried) if tried else 0.0
    flags = zip(*((it.is_right, it.hint, it.solution) for it in standings), strict=True)
    right_ones, hints, solutions = map(sum, flags)
    return (len(tried), right_ones, mean, hints, solutions)
