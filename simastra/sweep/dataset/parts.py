"""The files that a data set consists of: each is written whole, or isn't there."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

from simastra.errors import ConfigError
from simastra.writing import replacing, writing_to

from .fields import Row, Schema, arrow, parquet

POINTS = "points"
"""The folder of the parts, within that of the data set; DuckDB reads ``points/*.parquet``."""

_TAKEN = 10**9
_PART = re.compile(r"rows-[0-9a-f]{8}-\d{9,}\.parquet")


class Parts:
    """The parts in one folder.

    Args:
        folder: in which they are.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def paths(self) -> list[Path]:
        """All parts, in the order of their names; what else is in the folder is no part."""
        if not self.folder.is_dir():
            return []
        return sorted(it for it in self.folder.iterdir() if _PART.fullmatch(it.name))

    def write(self, revision: str, rows: Sequence[Row], schema: Schema) -> None:
        """Write rows as one more part, in one move.

        Args:
            revision: which revision of the study they are of.
            rows: 1 or more, none of which is in another part.
            schema: of their columns.

        Raises:
            WriteError: if that can't be done; nothing is left behind then.
        """
        table = arrow().Table.from_pylist(list(rows), schema=schema)
        first = min(int(str(row["number"])) for row in rows)
        while (path := self.folder / part_name(revision, first)).exists():
            first += _TAKEN  # by a part that has lost its first row, for this one to have it
        _write(table, path)

    def drop(self, statuses: Collection[str]) -> None:
        """Forget rows of some statuses; each part loses its own in one move.

        Raises:
            WriteError: if that can't be done.
        """
        for path in self.paths():
            table = read_part(path)
            is_kept = [it not in statuses for it in table.column("status").to_pylist()]
            if all(is_kept):
                continue
            with writing_to(self.folder):
                if any(is_kept):
                    _write(table.filter(arrow().array(is_kept)), path)
                else:
                    path.unlink()


def _write(table: Any, path: Path) -> None:
    with replacing(path) as file:
        parquet().write_table(table, file, compression="zstd", write_page_checksum=True)


def part_name(revision: str, first: int) -> str:
    """The name of a part: no number is in two parts of one revision of a study."""
    return f"rows-{revision[:8]}-{first:09}.parquet"


def is_of(revision: str, path: Path) -> bool:
    """Whether a part is of that revision of the study."""
    return path.name.split("-")[1] == revision[:8]


def read_part(path: Path, columns: Sequence[str] | None = None) -> Any:
    """A part as a table of pyarrow.

    Args:
        path: of the file.
        columns: those that are wanted; all by default.

    Raises:
        ConfigError: if it can't be read, or is no such part.
    """
    wanted = None if columns is None else list(columns)
    try:
        file = parquet().ParquetFile(path, page_checksum_verification=True)
        return file.read(columns=wanted)
    except (OSError, ValueError, KeyError, NotImplementedError) as error:
        problem = f"it can't be read as a part of a sweep's table: {error}; remove it"
        raise ConfigError(problem, source=path) from None


def rows_of(table: Any) -> Iterator[Row]:
    """The rows of a table, one after the other."""
    for batch in table.to_batches(max_chunksize=1024):
        yield from batch.to_pylist()
