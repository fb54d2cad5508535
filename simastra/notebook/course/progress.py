"""What a reader has answered so far, and the file that it is kept in."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

from simastra.errors import InputError
from simastra.file_content import ContentError, whole_text
from simastra.notebook.exercises import Outcome, Verdict

WITH_SOLUTION = 0.5
"""The part of a task's points that is left when its solution was looked at first."""

_FORMAT = "simastra-progress"
_VERSION = 1
_MOST_TRIES = 1_000_000
_LARGEST = 2**24  # bytes; a whole course's takes some kB


@dataclass(frozen=True, slots=True)
class Standing:
    """What has become of one task.

    Attributes:
        tries: how many answers were given until one was right.
        is_right: whether one was.
        points: what the right answer counts, from 0 to 1; help hasn't been taken off.
        hint: whether the hint was asked for before.
        solution: whether the solution was looked at before.
    """

    tries: int = 0
    is_right: bool = False
    points: float = 0.0
    hint: bool = False
    solution: bool = False

    @property
    def score(self) -> float:
        """The points that it brings, half of them if the solution was looked at first."""
        return self.points * (WITH_SOLUTION if self.solution else 1)

    def tried(self, verdict: Verdict) -> Self:
        """This, after one answer more. What was right once stays so; more points are kept."""
        if verdict.outcome is Outcome.OPEN:
            return self
        if verdict.outcome is Outcome.WRONG:
            return self if self.is_right else replace(self, tries=self.tries + 1)
        if self.is_right:
            return replace(self, points=max(self.points, verdict.points))
        return replace(self, tries=self.tries + 1, is_right=True, points=verdict.points)

    def helped(self, *, hint: bool = False, solution: bool = False) -> Self:
        """This, after help was asked for. Who has answered already may look at anything."""
        if self.is_right:
            return self
        return replace(self, hint=self.hint or hint, solution=self.solution or solution)

    def merged(self, other: Self) -> Self:
        """The one that brings more, of equal ones that with fewer tries.

        Before there is a right answer, what is known of either happened: the more tries, all help.
        """
        if self.is_right or other.is_right:
            return max(self, other, key=_merit)
        most = self if self.tries >= other.tries else other
        return most.helped(hint=self.hint or other.hint, solution=self.solution or other.solution)


@dataclass(frozen=True, slots=True)
class CourseProgress:
    """A reader's tasks.

    Attributes:
        student: who it is, if that was said.
        standings: of the tasks that were tried, or asked about, by name.
    """

    student: str = ""
    standings: Mapping[str, Standing] = field(default_factory=dict)

    def of(self, task: str) -> Standing:
        """The standing of the task of that name."""
        return self.standings.get(task, Standing())

    def with_standing(self, task: str, standing: Standing) -> Self:
        """This, with a task's standing replaced, unless it says nothing."""
        if standing == Standing():
            return self
        return replace(self, standings={**self.standings, task: standing})

    def score(self, names: Iterable[str]) -> float:
        """The points of these tasks together."""
        return sum(self.of(name).score for name in names)

    def right(self, names: Iterable[str]) -> int:
        """How many of these tasks are answered."""
        return sum(self.of(name).is_right for name in names)

    def merged(self, other: "CourseProgress") -> "CourseProgress":
        """Of each task the better standing, or, where neither has an answer, all help and tries."""
        both = dict(self.standings)
        for name, theirs in other.standings.items():
            both[name] = both.get(name, Standing()).merged(theirs)
        return CourseProgress(self.student or other.student, both)

    def to_json(self) -> str:
        """As its file has it: a line for each task."""
        lines = (
            f"  {json.dumps(name)}: {json.dumps(_entry(standing))}"
            for name, standing in self.standings.items()
        )
        inner = ",\n".join(lines)
        head = f'{{"{_FORMAT}": {_VERSION}, "student": {json.dumps(self.student)}, "tasks": {{'
        return f"{head}\n{inner}\n}}}}\n"


def read_progress(path: Path | str) -> CourseProgress:
    """Read a file that `CourseProgress.to_json` has written.

    Raises:
        InputError: it can't be read, or is something else; says what is wrong.
    """
    try:
        document = json.loads(whole_text(path, _LARGEST, "a progress is wanted"))
    except ContentError as error:
        raise InputError(f"{path}: {error}") from None
    except (ValueError, RecursionError) as error:  # the latter, if it is nested deeply
        raise InputError(f"{path}: it isn't JSON: {error}") from None
    return _parsed(document, path)


def _parsed(document: object, path: Path | str) -> CourseProgress:
    version = document.get(_FORMAT) if isinstance(document, dict) else None
    if not isinstance(document, dict) or type(version) is not int:
        raise InputError(
            f'{path}: is no progress of the course; one has "{_FORMAT}": {_VERSION} at its top'
        )
    if version != _VERSION:
        raise InputError(
            f"{path}: {_FORMAT} is {version}, and this simastra reads {_VERSION}; read it with the"
            " simastra that has written it"
        )
    student, entries = document.get("student", ""), document.get("tasks", {})
    if not isinstance(student, str) or not isinstance(entries, dict):
        raise InputError(f"{path}: student is a text, and tasks an object of one object a task")
    return CourseProgress(
        student, {name: _standing(it, f"{path}: {name}") for name, it in entries.items()}
    )


def _standing(entry: object, where: str) -> Standing:
    problem = InputError(
        f"{where}: wanted are tries, a whole number up to {_MOST_TRIES:,}, points from 0 to 1, and"
        " right, hint and solution, true or false"
    )
    if not isinstance(entry, dict):
        raise problem
    tries, points = entry.get("tries", 0), entry.get("points", 0)
    flags = [entry.get(key, False) for key in ("right", "hint", "solution")]
    is_whole = isinstance(tries, int) and not isinstance(tries, bool) and 0 <= tries <= _MOST_TRIES
    is_part = isinstance(points, int | float) and not isinstance(points, bool) and 0 <= points <= 1
    if not (is_whole and is_part and all(isinstance(flag, bool) for flag in flags)):
        raise problem
    is_right, hint, solution = flags
    return Standing(tries, is_right, float(points) if is_right else 0.0, hint, solution)


def _entry(standing: Standing) -> dict[str, object]:
    return {
        "right": standing.is_right,
        "points": standing.points,
        "tries": standing.tries,
        "hint": standing.hint,
        "solution": standing.solution,
    }


def _merit(standing: Standing) -> tuple[float, bool, int]:
    return (standing.score, standing.is_right, -standing.tries)
