"""What is wrong with the schedule of a collective, and where."""

from pathlib import Path

from simastra.errors import InputError
from simastra.legible import located


class ScheduleError(InputError):
    """A schedule of a collective can't be read, or makes no sense.

    Attributes:
        source: the file, or what stands for it.
        where: line and element, or line and key, if one is concerned.
        problem: what is wrong, and what would be right.
    """

    def __init__(self, problem: str, *, source: Path | str, where: str | None = None) -> None:
        self.source = source
        self.where = where
        self.problem = problem
        super().__init__(located(problem, source, where))
