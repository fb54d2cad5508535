"""What is wrong with the schedule of a collective, and where."""

from pathlib import Path

from simastra.errors import InputError
from simastra.legible import one_line


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
        places = [one_line(str(it)) for it in (source, where) if it is not None]
        super().__init__(f"{', '.join(places)}: {problem}")
