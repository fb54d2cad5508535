"""What the notebooks of the course call: check, hint, solution, progress, keep.

An answer is checked as `simastra.notebook.exercises.check` does it. On top of that, the task's hint
is shown with a wrong answer, and the verdict is recorded.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from simastra.errors import InputError
from simastra.notebook import exercises
from simastra.notebook.exercises import Judge, Outcome, Verdict
from simastra.view.html import element

from . import keeping
from .keeping import session
from .overview import Overview
from .progress import Standing
from .tasks import CourseTask, task_named, tasks

_MANY = 3  # wrong answers, after which it is said that there is a solution


@dataclass(frozen=True, slots=True)
class Help:
    """A hint or a solution, as a notebook shows it.

    Attributes:
        heading: what it is, and for which task.
        text: it.
        is_code: whether it is Python.
    """

    heading: str
    text: str
    is_code: bool = False

    def __repr__(self) -> str:
        return f"{self.heading}:{_LINES if self.is_code else ' '}{self.text}"

    def _repr_html_(self) -> str:
        """For a notebook."""
        shown = element("pre", self.text) if self.is_code else f" {self.text}"
        style = "border-left: 4px solid #5b8def; padding: 0.3em 0.8em"
        return element("div", element("b", self.heading), shown, style=style)


_LINES = "\n"


def check(name: str, answer: object, right: str | Judge) -> Verdict:
    """Say whether an answer to a task of the course is right, and record it.

    Args:
        name: the task's, such as ``"3.2"``.
        answer: the reader's; ``...`` if still blank, which isn't recorded.
        right: the seal of the right answer, or a function that judges, as for `exercises.check`.
    """
    task = tasks().get(name)
    verdict = exercises.check(name, answer, right, hint=task.hint if task else "")
    return record(verdict)


def record(verdict: Verdict) -> Verdict:
    """Add a verdict to the progress; return it, and what there is to say about that.

    An answer is judged whatever becomes of the file in which progress is kept: where it can't be
    written, the verdict says so.
    """
    trouble = _changed(verdict.name, lambda it: it.tried(verdict))
    remarks = [verdict.remark, _offer(verdict), trouble]
    return replace(verdict, remark=" ".join(filter(None, remarks)))


def hint(name: str) -> Help:
    """Show a task's hint.

    Raises:
        InputError: the course has no such task.
    """
    task = task_named(name)
    trouble = _changed(task.name, lambda it: it.helped(hint=True))
    return Help(f"hint for {task.name}", " ".join(filter(None, (task.hint, trouble))))


def solution(name: str, *, anyway: bool = False) -> Help:
    """Show a solution of a task that was tried: code for the place of the blank's line.

    Of a task that wasn't answered before, half the points are left.

    Args:
        name: the task's.
        anyway: whether it is shown though nothing was tried.

    Raises:
        InputError: the course has no such task.
    """
    task = task_named(name)
    if not (anyway or session().progress.of(task.name).tries):
        return _not_yet(task)
    trouble = _changed(task.name, lambda it: it.helped(solution=True))
    heading = f"a solution of {task.name}"
    return Help(" ".join(filter(None, (heading, trouble))), task.right, is_code=True)


def progress() -> Overview:
    """What was answered so far, in this session and in the file that it is kept in.

    It shows itself as tables; `Overview.progress` has it as data.
    """
    return Overview(session().progress)


def keep(path: Path | str, student: str = "") -> Overview:
    """Keep the progress in a file from now on; what was answered already counts.

    Args:
        path: the file. It is made if there is none, and brought up to date with each answer.
        student: who answers, for the teacher.

    Raises:
        InputError: the file can't be read or written, or is something else, which is left alone.
    """
    keeping.keep(path, student)
    return progress()


def _not_yet(task: CourseTask) -> Help:
    return Help(
        f"no answer to {task.name} was checked yet",
        f'try one first; hint("{task.name}") helps, and'
        f' solution("{task.name}", anyway=True) shows a solution, for half the points.',
    )


def _offer(verdict: Verdict) -> str:
    tries = session().progress.of(verdict.name).tries
    if verdict.outcome is not Outcome.WRONG or tries < _MANY or verdict.name not in tasks():
        return ""
    return f'(solution("{verdict.name}") shows one.)'


def _changed(name: str, change: Callable[[Standing], Standing]) -> str:
    """Change a task's standing; return what went wrong with keeping it, in words."""
    try:
        session().change(lambda it: it.with_standing(name, change(it.of(name))))
    except InputError as error:
        return f"(Your progress isn't kept: {error}.)"
    return ""
