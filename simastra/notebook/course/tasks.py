"""The tasks of the course: a hint, a solution and common mistakes for each.

They are in tasks/<notebook>.toml, a table for each task::

    ["1.2"]
    hint = "with_network takes latency, too"
    right = "answer = with_network(latency=[0])"
    wrong = ["answer = 117_780 - 14 * 500"]

`right` and `wrong` are what stands in place of the blank's line; several lines are written between
three single quotes. The tests run them all. A task that is a mission says which (``mission``).
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from simastra.errors import InputError


@dataclass(frozen=True, slots=True)
class CourseTask:
    """One task.

    Attributes:
        name: the notebook's number and its own, such as ``"3.2"``.
        hint: a step towards the answer.
        right: code that answers it, in place of the blank's line.
        wrong: answers that aren't right, in the same form.
        mission: the mission that it is, by name (`simastra.notebook.missions`); None for others.
    """

    name: str
    hint: str
    right: str
    wrong: tuple[str, ...]
    mission: str | None = None

    @property
    def notebook(self) -> int:
        """The number of its notebook."""
        return notebook_of(self.name)


@cache
def tasks() -> Mapping[str, CourseTask]:
    """All tasks of the course by name, in the order of the notebooks."""
    return {task.name: task for task in _read()}


def task_named(name: str) -> CourseTask:
    """Return a task.

    Raises:
        InputError: there is none of that name; says which ones its notebook has.
    """
    found = tasks().get(f"{name}".strip())
    if found is None:
        raise InputError(f"the course has no task {name!r}; {_those_there_are(f'{name}')}")
    return found


def notebook_of(name: str) -> int:
    """The number of the notebook of a task that is called so; 0 if its name doesn't say."""
    number = name.strip().split(".")[0]
    return int(number) if number.isdecimal() else 0


def _those_there_are(name: str) -> str:
    beside = [task for task in tasks() if notebook_of(task) == notebook_of(name)]
    if beside:
        return f"notebook {notebook_of(name)} has {beside[0]} to {beside[-1]}"
    return f'tasks are called "{next(iter(tasks()))}" to "{list(tasks())[-1]}"'


def _read() -> Iterator[CourseTask]:
    folder = files(__package__).joinpath("tasks")
    for file in sorted(folder.iterdir(), key=lambda it: it.name):
        if file.name.endswith(".toml"):
            for name, it in tomllib.loads(file.read_text(encoding="utf-8")).items():
                right, wrong = it["right"].strip("\n"), tuple(it["wrong"])
                yield CourseTask(name, it["hint"], right, wrong, it.get("mission"))
