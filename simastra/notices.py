"""Notices: what is allowed but probably not what the user means.

A notice is data. The parts that notice something return notices; the command line prints them,
``--strict`` refuses to run with a warning among them, a Result keeps them, and a program hears of
those that are warnings through Python's ``warnings``.
"""

import sys
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum

from simastra.legible import legible, one_line
from simastra.quick_dataclass import dataclass


class Severity(StrEnum):
    """How much a notice matters."""

    WARNING = "warning"
    """The result is probably not what the user means; ``--strict`` refuses to run."""
    INFO = "info"
    """Worth knowing once; nothing is wrong."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One doubt about an input.

    Attributes:
        code: short stable name of the kind of doubt, such as "no-effect-key".
        where: file, key, node or link concerned, for a person to find it.
        message: what is doubtful and what it does to the result.
        fix: what to write instead.
        severity: how much it matters.
    """

    code: str
    where: str
    message: str
    fix: str
    severity: Severity = Severity.WARNING

    def __str__(self) -> str:
        return legible(one_line(f"{self.where}: {self.message} ({self.fix})"))


class SimastraWarning(UserWarning):
    r"""A notice that matters, as Python's ``warnings`` show and filter it.

    >>> import warnings
    >>> warnings.filterwarnings("error", category=SimastraWarning)  # as --strict
    >>> warnings.filterwarnings("ignore", r".*\[free-reductions\]", SimastraWarning)

    Args:
        notice: what it is about.
    """

    def __init__(self, notice: Notice) -> None:
        super().__init__(notice)
        self.notice = notice

    def __str__(self) -> str:
        return f"{self.notice} [{self.notice.code}]"


_IS_HEARD = ContextVar("_IS_HEARD", default=True)
"""Whether anybody hears warnings: of a context, since threads share Python's filters."""


def warn_of(notices: Iterable[Notice]) -> None:
    """Issue a `SimastraWarning` for each that is a warning, at the caller's line outside simastra.

    Python shows it once for each such line, unless it is told otherwise.
    """
    if not _IS_HEARD.get():
        return
    for notice in notices:
        if notice.severity is Severity.WARNING:
            warnings.warn(SimastraWarning(notice), stacklevel=_steps_outside())


@contextmanager
def unheard() -> Iterator[None]:
    """Issue no `SimastraWarning` meanwhile: all of it is said elsewhere."""
    before = _IS_HEARD.set(False)
    try:
        yield
    finally:
        _IS_HEARD.reset(before)


def _steps_outside() -> int:
    """How many frames up from the caller somebody else's code is."""
    frame, steps = sys._getframe(1), 1  # as warnings does, without making a stack
    while frame.f_back is not None and _is_ours(frame.f_globals.get("__name__", "")):
        frame, steps = frame.f_back, steps + 1
    return steps


def _is_ours(module: str) -> bool:
    return module.partition(".")[0] == __name__.partition(".")[0]
