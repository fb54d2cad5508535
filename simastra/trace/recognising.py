"""Saying what a file is that can't be read as the trace that is wanted."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from simastra.errors import TraceError
from simastra.foreign import InputRole, foreign_problem, instead_of


@contextmanager
def recognising(
    source: Path | str,
    wanted: InputRole = InputRole.TRACE,
    *,
    start: bytes | None = None,
    unless: Collection[str] = (),
) -> Iterator[None]:
    """Around the reading of a file.

    Args:
        source: the file.
        wanted: what it should be.
        start: its first bytes; None to look into the file.
        unless: problems that say already what it is.

    Raises:
        TraceError: in place of another that comes out of the block, if the file is known.
    """
    try:
        yield
    except TraceError as error:
        if error.problem in unless:
            raise
        problem = (
            instead_of(source, wanted) if start is None else foreign_problem(start, wanted, source)
        )
        if problem is None:
            raise
        raise TraceError(problem, source=source) from error
