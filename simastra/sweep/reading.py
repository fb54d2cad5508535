"""What a sweep's folder holds, for people to look at."""

from __future__ import annotations

import shlex
from pathlib import Path

from .dataset import Identity, read_table
from .results import ColumnFacts, SweepResults


def read_results(folder: Path | str) -> SweepResults:
    """All rows that a sweep has written so far.

    Args:
        folder: its ``--output``.

    Raises:
        ConfigError: if it is none of a sweep, or has no rows yet.
        MissingPackageError: if pyarrow isn't installed, which the extra ``sweep`` brings.
    """
    table = read_table(folder)
    return SweepResults(
        {name: table.values(name) for name in table.names},
        Identity.read(Path(folder)).document,
        {name: ColumnFacts(it.unit, it.meaning) for name, it in table.fields.items()},
        f"simastra sweep --replay {shlex.quote(str(folder))}",
    )
