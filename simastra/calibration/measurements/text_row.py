"""One row of nccl-tests' or rccl-tests' table, of any version, whatever stands before it."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from simastra.units import Bytes

from .rows import Printed

_ROW = re.compile(
    r"(?<![\w.+-])(?P<size>[0-9]{1,19})\s+(?P<count>[0-9]{1,19})\s+[a-z][a-z0-9_]*\s+(?P<rest>\S.*)"
)
_BEGINS = re.compile(r"[0-9]\s+[a-z][a-z0-9_]*\s")
"""In each row: found or not in a third of the time."""

_OPERATION = re.compile(r"[a-z_]+\s+", re.IGNORECASE)
_TIMESTAMP = re.compile(r"\s+[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9:.]+\s*$")
_NO_OUT_OF_PLACE = re.compile(r"[0-9]\s{20,}[0-9]")
"""Between root and in-place columns, where a trace is replayed."""

_ROOT = re.compile(r"-?[0-9]{1,6}")
_MICROSECONDS = 1.0
_MILLISECONDS = 1000.0


class ColumnLayout(NamedTuple):
    """What the line above a table says of its columns.

    Attributes:
        block: how many columns a time, its bandwidths and so on have together.
        unit: of times, in microseconds.
        only_in_place: whether in-place times stand alone.
    """

    block: int
    unit: float = _MICROSECONDS
    only_in_place: bool = False


USUAL = ColumnLayout(4)
"""Time, algbw, busbw, and #wrong or error."""


class ColumnBlock(NamedTuple):
    """What a row says of one way to run, in place or not.

    Attributes:
        us: time in microseconds; None for N/A.
        algbw: as printed.
        busbw: as printed.
        wrong: elements that are wrong, or their relative error; None if nobody checked.
    """

    us: Printed | None
    algbw: Printed | None
    busbw: Printed | None
    wrong: float | None


class TextRow(NamedTuple):
    """A row.

    Attributes:
        size: bytes.
        blocks: out-of-place, then in-place; None for one that isn't there.
    """

    size: Bytes
    blocks: tuple[ColumnBlock | None, ColumnBlock | None]


def layout_of(header: Sequence[str], *, only_in_place: bool) -> ColumnLayout | None:
    """The layout of a table by the names of its columns; None if these are none.

    >>> layout_of("size count type time algbw busbw error time algbw busbw error".split(),
    ...     only_in_place=False)
    ColumnLayout(block=4, unit=1.0, only_in_place=False)
    """
    times = [
        index
        for index, name in enumerate(header)
        if name in ("time", "cputime") and [*header[index + 1 : index + 3]] == ["algbw", "busbw"]
    ]
    if not times or header[0] not in ("size", "bytes"):
        return None
    names = [name for name in header if name != "timestamp"]
    end = times[1] if len(times) > 1 else len(names)
    first = header[0] == "bytes" and "N" in header  # the first version had milliseconds
    unit = _MILLISECONDS if first else _MICROSECONDS
    return ColumnLayout(end - times[0], unit, only_in_place)


def text_row(line: str, layout: ColumnLayout) -> TextRow | str | None:
    """Read a line.

    Returns:
        the row; what is wrong with it; or None if the line is none.
    """
    match = _ROW.search(line) if _BEGINS.search(line) else None
    if match is None or "#" in line[: match.start()]:
        return None
    rest = _TIMESTAMP.sub("", match["rest"])
    operation = _OPERATION.match(rest)
    numbers = rest[operation.end() if operation else 0 :].split()
    if not numbers or not all(map(_is_number, numbers)):
        return "holds what is no number" if _looks_like_one(numbers) else None
    columns = _without_root(numbers, layout.block)
    if columns is None:
        return f"has {len(numbers)} numbers behind its type, which no version prints"
    blocks = [_block(it, layout.unit) for it in _cut(columns, layout.block)]
    alone = layout.only_in_place or _NO_OUT_OF_PLACE.search(match["rest"]) is not None
    first, second = (None, blocks[0]) if alone else (blocks[0], [*blocks, None][1])
    return TextRow(int(match["size"]), (first, second))


def _without_root(numbers: list[str], block: int) -> list[str] | None:
    """The columns of one or two blocks; None if there are others."""
    behind = len(numbers) % block
    if len(numbers) // block not in (1, 2) or behind > 1:
        return None
    if behind and not _ROOT.fullmatch(numbers[0]):
        return None
    return numbers[behind:]


def _cut(columns: list[str], block: int) -> list[list[str]]:
    return [columns[start : start + block] for start in range(0, len(columns), block)]


def _block(columns: list[str], unit: float) -> ColumnBlock:
    time, algbw, busbw, *more = map(Printed.read, columns)
    wrong = more[0].value if more and more[0] is not None else None
    us = time and Printed(time.value * unit, time.slack * unit)
    return ColumnBlock(us, algbw, busbw, wrong)


def _is_number(token: str) -> bool:
    return token == "N/A" or Printed.read(token) is not None


def _looks_like_one(numbers: list[str]) -> bool:
    """Whether most of it are numbers, so that something is broken, rather than another thing."""
    return sum(map(_is_number, numbers)) * 2 > len(numbers) > USUAL.block
