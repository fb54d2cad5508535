"""All rows of a data set as one table, in the order of their numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from simastra.errors import ConfigError

from .fields import Field, Row, arrow, fields_of
from .identity import Identity
from .parts import POINTS, Parts, read_part, rows_of


@dataclass(frozen=True)
class SweepTable:
    """Rows of a sweep.

    Attributes:
        arrow: the same as a table of pyarrow, which says what columns mean in its schema.
    """

    arrow: Any

    def __len__(self) -> int:
        return int(self.arrow.num_rows)

    @property
    def names(self) -> tuple[str, ...]:
        """Of the columns."""
        return tuple(self.arrow.column_names)

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        """The columns' kinds, units and meanings, by their names."""
        return {it.name: it for it in fields_of(self.arrow.schema)}

    def values(self, name: str) -> list[Any]:
        """A column's values, row by row."""
        found: list[Any] = self.arrow.column(name).to_pylist()
        return found

    def rows(self) -> Iterator[Row]:
        """All rows, one after the other."""
        return rows_of(self.arrow)

    def row(self, at: int) -> Row:
        """One of them, by its place in the table."""
        return next(rows_of(self.arrow.slice(at, 1)))


def read_table(folder: Path | str) -> SweepTable:
    """Read all rows that a sweep has written so far; it may go on meanwhile.

    Args:
        folder: its ``--output``.

    Raises:
        ConfigError: if it is none of a sweep, or has no rows yet.
    """
    path = Path(folder)
    Identity.read(path)
    parts = Parts(path / POINTS).paths()
    if not parts:
        raise ConfigError("it has no rows yet", source=path)
    # Metadata says how a part was made; all say the same of their columns.
    read = [read_part(it) for it in parts]
    table = arrow().concat_tables([it.cast(read[0].schema) for it in read])
    return SweepTable(table.sort_by("number"))
