"""A table of which algorithm runs what: CSV, as the tuner plugin that comes with NCCL reads it.

Columns are ``collective_type``, ``min_bytes``, ``max_bytes``, ``algorithm``, ``protocol``,
``channels``, ``nNodes``, ``nRanks`` and two more; -1 stands for any number, and 4294967295 for no
limit. The first row that fits decides. Protocols and channels are of no matter here.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from simastra.config.load import read_text
from simastra.errors import ConfigError, OptionError
from simastra.trace import CollectiveType
from simastra.trace.nccl_tests import collective_named
from simastra.units import Bytes

COLUMNS = ("collective_type", "min_bytes", "max_bytes", "algorithm")
_WITH_MEMBERS = (*COLUMNS, "protocol", "channels", "nNodes", "nRanks")
_NO_LIMIT = 2**32 - 1
_ANY = -1


@dataclass(frozen=True, slots=True)
class TunerRow:
    """A row: which collectives it is for, and what runs them.

    Attributes:
        collective: which.
        least: of the sizes that it is for, in bytes as nccl-tests counts them.
        most: likewise; None for no limit.
        algorithm: its name.
        nodes: of how many nodes members are; None for any.
        npus: how many members there are; None for any.
        line: in the file, from 1.
    """

    collective: CollectiveType
    least: Bytes
    most: Bytes | None
    algorithm: str
    nodes: int | None
    npus: int | None
    line: int

    def suits(self, collective: CollectiveType, npus: int, nodes: int) -> bool:
        """Whether it is for that collective among so many."""
        return (
            self.collective is collective
            and self.npus in {None, npus}
            and self.nodes in {None, nodes}
        )

    def covers(self, size: Bytes) -> bool:
        """Whether it is for so many bytes."""
        return self.least <= size and (self.most is None or size <= self.most)


def read_tuner_table(path: Path) -> Sequence[TunerRow]:
    """Read a table.

    Raises:
        ConfigError: it can't be read, or a row makes no sense; it names the line.
    """
    rows = tuple(_rows(read_text(path), path))
    if not rows:
        columns = ", ".join(_WITH_MEMBERS)
        raise ConfigError(f"has no rows; a row has {columns}", source=path)
    return rows


def _rows(text: str, path: Path) -> Iterator[TunerRow]:
    reader = csv.reader(text.splitlines(), strict=True)
    try:
        for cells in reader:
            row = [cell.strip() for cell in cells]
            if not any(row) or row[0].startswith("#") or tuple(row[:4]) == COLUMNS:
                continue
            try:
                yield _row(row, reader.line_num)
            except ValueError as wrong:
                key = f"line {reader.line_num}"
                raise ConfigError(str(wrong), source=path, key=key) from None
    except csv.Error as error:
        key = f"line {reader.line_num}"
        raise ConfigError(f"isn't CSV: {error}", source=path, key=key) from None


def _row(cells: Sequence[str], line: int) -> TunerRow:
    """Raises ValueError if it makes no sense."""
    if len(cells) < len(COLUMNS):
        raise ValueError(f"has {len(cells)} cells; a row begins with {', '.join(COLUMNS)}")
    told = dict(zip(_WITH_MEMBERS, cells, strict=False))
    least, most = (_number(told, column) for column in ("min_bytes", "max_bytes"))
    if most < least:
        raise ValueError(f"has max_bytes {most} below min_bytes {least}")
    nodes, npus = (_number(told, column) for column in ("nNodes", "nRanks"))
    return TunerRow(
        _collective(told["collective_type"]),
        least,
        None if most >= _NO_LIMIT else most,
        told["algorithm"],
        None if nodes == _ANY else nodes,
        None if npus == _ANY else npus,
        line,
    )


def _number(told: dict[str, str], column: str) -> int:
    text = told.get(column, str(_ANY))
    least = _ANY if column in {"nNodes", "nRanks"} else 0
    if not text.removeprefix("-").isdecimal() or int(text) < least:
        raise ValueError(f"has {text!r} for {column}; write a whole number from {least} on")
    return int(text)


def _collective(name: str) -> CollectiveType:
    try:
        return collective_named(name)
    except OptionError as unknown:
        raise ValueError(unknown.problem) from None
