"""What is wrong with a text workload, and where."""

from pathlib import Path

from simastra.errors import InputError
from simastra.legible import located


class TextError(InputError):
    """A text workload can't be read, or what it says can't be converted.

    Attributes:
        source: the file, or what stands for it.
        problem: what is wrong, and what would be right.
        line: number of the line concerned, from 1, if one is.
        column: number of the character in it at which the problem begins, from 1, if known.
    """

    def __init__(
        self,
        problem: str,
        *,
        source: Path | str,
        line: int | None = None,
        column: int | None = None,
    ) -> None:
        self.source = source
        self.problem = problem
        self.line = line
        self.column = column
        row = None if line is None else f"line {line}"
        letter = None if column is None else f"column {column}"
        super().__init__(located(problem, source, row, letter))
