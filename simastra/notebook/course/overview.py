"""Progress as tables: by track and by notebook."""

from collections.abc import Sequence
from dataclasses import dataclass

from simastra.view.html import joined, notebook_table, title
from simastra.view.table import Column, Table, left, right

from .progress import CourseProgress
from .syllabus import CourseTrack, Notebook, course
from .tasks import CourseTask, tasks

_COUNTS = right("tasks", "right", "points")


def _track_table(progress: CourseProgress) -> Table:
    """A row for each track: how much of it is done, and which task comes next."""
    rows = tuple(
        (track.title, *_counts(progress, track.tasks), _next(progress, track))
        for track in course().tracks
    )
    return Table((*left("track"), *_COUNTS, *left("next")), rows, title="tracks")


def _notebook_table(progress: CourseProgress) -> Table:
    """A row for each notebook: tasks, right answers, points, and how many tries and helps."""
    columns = (Column("", is_number=True), *left("notebook"), *_COUNTS, *right("tries", "helped"))
    rows = tuple(_notebook_row(progress, notebook) for notebook in course().notebooks)
    return Table(columns, rows, title="notebooks")


@dataclass(frozen=True, slots=True)
class Overview:
    """Progress that shows itself, as tables.

    Attributes:
        progress: it.
    """

    progress: CourseProgress

    @property
    def tables(self) -> tuple[Table, Table]:
        """By track and by notebook."""
        return (_track_table(self.progress), _notebook_table(self.progress))

    @property
    def summary(self) -> str:
        """One line: how many tasks of all, and the points."""
        names, student = tuple(tasks()), self.progress.student
        answered, points = self.progress.right(names), self.progress.score(names)
        whose = f"{student}: " if student else ""
        return f"{whose}{answered} of {len(names)} tasks right, {points:g} points"

    def __repr__(self) -> str:
        return "\n\n".join([self.summary, *map(str, self.tables)])

    def _repr_html_(self) -> str:
        """For a notebook."""
        shown = (notebook_table(table, most=len(table.rows)) for table in self.tables)
        return joined(title(self.summary), *shown)


def _notebook_row(progress: CourseProgress, notebook: Notebook) -> tuple[int | str | float, ...]:
    standings = [progress.of(task.name) for task in notebook.tasks]
    tries = sum(it.tries for it in standings)
    helped = sum(it.hint or it.solution for it in standings)
    counts = _counts(progress, notebook.tasks)
    return (notebook.number, notebook.title, *counts, tries, helped)


def _counts(progress: CourseProgress, of: Sequence[CourseTask]) -> tuple[int, int, float]:
    names = tuple(task.name for task in of)
    return (len(names), progress.right(names), progress.score(names))


def _next(progress: CourseProgress, track: CourseTrack) -> str:
    """The first task of the track that isn't answered."""
    return next((it.name for it in track.tasks if not progress.of(it.name).is_right), "done")
