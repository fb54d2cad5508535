"""What is wrong with a table of symbolic tensors, and where."""

from pathlib import Path

from simastra.errors import InputError
from simastra.legible import located


class TableError(InputError):
    """A table can't be read, or the graph that it describes makes no sense.

    Attributes:
        source: the table's file, or what stands for it.
        problem: what is wrong, and what would be right.
        tensor: id of the tensor concerned, if one is.
        column: of the table, if one is concerned.
    """

    def __init__(
        self,
        problem: str,
        *,
        source: Path | str,
        tensor: str | None = None,
        column: str | None = None,
    ) -> None:
        self.source = source
        self.problem = problem
        self.tensor = tensor
        self.column = column
        of = None if tensor is None else f"tensor {tensor!r}"
        super().__init__(located(problem, source, of, column))
