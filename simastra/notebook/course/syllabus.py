"""The notebooks of the course and the tracks through them, as course.toml has them."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from simastra.errors import InputError
from simastra.suggestions import unknown_name

from .tasks import CourseTask, tasks


@dataclass(frozen=True, slots=True)
class Notebook:
    """One notebook.

    Attributes:
        file: its name, without the ending.
        title: its heading, without the number.
        goal: what one can do afterwards, as the end of "you can ...".
        minutes: how long a student takes: `python -m benchmarks.course` works it out.
        needs: the numbers of the notebooks that it builds on.
        reading: pages of docs/ that go with it.
    """

    file: str
    title: str
    goal: str
    minutes: int
    needs: tuple[int, ...]
    reading: tuple[str, ...]

    @property
    def number(self) -> int:
        """Its number, which its tasks' names begin with."""
        return int(self.file[:2])

    @property
    def tasks(self) -> tuple[CourseTask, ...]:
        """Its tasks, in order."""
        return tuple(task for task in tasks().values() if task.notebook == self.number)


@dataclass(frozen=True, slots=True)
class CourseTrack:
    """A way through the course.

    Attributes:
        name: a word, such as ``"newcomer"``.
        title: the same for people.
        audience: whom it is for.
        goal: what one can do afterwards, as the end of "you can ...".
        notebooks: in order; each comes after those that it needs.
    """

    name: str
    title: str
    audience: str
    goal: str
    notebooks: tuple[Notebook, ...]

    @property
    def tasks(self) -> tuple[CourseTask, ...]:
        """Those of its notebooks, in order."""
        return tuple(task for notebook in self.notebooks for task in notebook.tasks)

    @property
    def minutes(self) -> int:
        """How long a student takes for all of it."""
        return sum(notebook.minutes for notebook in self.notebooks)


@dataclass(frozen=True, slots=True)
class Course:
    """All notebooks, by number, and all tracks.

    Attributes:
        notebooks: all of them, in order.
        tracks: ways through them.
    """

    notebooks: tuple[Notebook, ...]
    tracks: tuple[CourseTrack, ...]

    def track(self, name: str) -> CourseTrack:
        """Return the track of that name.

        Raises:
            InputError: there is none.
        """
        found = {track.name: track for track in self.tracks}
        if name not in found:
            raise InputError(unknown_name("track", name, found))
        return found[name]


@cache
def course() -> Course:
    """The course that comes with simastra."""
    text = files(__package__).joinpath("course.toml").read_text(encoding="utf-8")
    given = tomllib.loads(text)
    notebooks = tuple(
        Notebook(
            it["file"],
            it["title"],
            it["goal"],
            it["minutes"],
            tuple(it["needs"]),
            tuple(it["reading"]),
        )
        for it in given["notebook"]
    )
    by_number = {notebook.number: notebook for notebook in notebooks}
    tracks = tuple(
        CourseTrack(
            it["name"],
            it["title"],
            it["audience"],
            it["goal"],
            tuple(by_number[number] for number in it["notebooks"]),
        )
        for it in given["track"]
    )
    return Course(notebooks, tracks)
