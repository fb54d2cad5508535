"""Tables with a name for each column: CSV, and JSON objects that are rows.

Columns are recognised by usual names, whatever their case: those of rccl-tests' files, of
``simastra bandwidth --csv``, and what people write. Others are named by an option.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from simastra.errors import InputError, OptionError
from simastra.suggestions import unknown_name
from simastra.trace.nccl_tests import letters

from .problems import Problems
from .rows import LogRow, MeasuredRun, Printed

FIELDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "collective": ("collective", "name", "test", "operation", "coll"),
        "npus": ("gpus", "npus", "ngpus", "numgpus", "ranks", "nranks", "worldsize"),
        "bytes": ("bytes", "size", "sizebytes", "msgsize", "messagesize", "sizeb"),
        "us": ("us", "timeus", "time", "latencyus", "latency"),
        "ns": ("ns", "timens", "latencyns"),
        "ms": ("ms", "timems", "latencyms"),
        "nodes": ("nodes", "nnodes", "numnodes"),
        "dtype": ("dtype", "type", "datatype", "nccldtype"),  # nothing depends on it
        "library": ("library", "nccl", "ncclversion", "rcclversion", "ncclorfwversion", "version"),
        "algbw": ("algbw", "algbwgbps", "algbwgbpers"),
        "busbw": ("busbw", "busbwgbps", "busbwgbpers"),
        "wrong": ("wrong", "nwrong"),
        "in-place": ("inplace",),
        "gpus-per-rank": ("gpusperrank",),
        "system": ("system",),
    }
)
"""What a column may be, and names by which it is recognised: letters and digits alone."""

_UNITS: Mapping[str, float] = MappingProxyType({"us": 1.0, "ns": 1e-3, "ms": 1e3})
_DELIMITERS = (",", ";", "\t")
_SOURCE_TOOL = "table"
_NOT_IN_PLACE = ("", "0", "f", "false", "n", "no", "none", "out", "out-of-place", "out_of_place")


def looks_like_table(text: str) -> bool:
    """Whether a text is CSV: its first line has names of columns for sizes and times."""
    header = next(iter(_table_lines(text)), "")
    tables = (_recognised(header.split(delimiter), {}) for delimiter in _DELIMITERS)
    return any("bytes" in found and _UNITS.keys() & found.keys() for found in tables)


def read_csv(
    text: str, source: str, problems: Problems, columns: Mapping[str, str], *, in_place: bool
) -> Iterator[LogRow]:
    """Read CSV.

    Args:
        text: the content; its first line names the columns.
        source: the file, for messages.
        problems: hears of rows that can't be read.
        columns: what a column is by its name in the file, where that isn't recognised.
        in_place: whether in-place times count, where the table has both.

    Raises:
        InputError: it isn't CSV with columns for sizes and times, or is of several systems.
        OptionError: there is no such column, or field.
    """
    lines = _table_lines(text)
    delimiter = max(_DELIMITERS, key=lines[0].count) if lines else _DELIMITERS[0]
    reader = csv.DictReader(lines, delimiter=delimiter)
    above = len(text.splitlines()) - len(lines)
    rows: dict[int, Mapping[str, object]] = {}
    try:
        for entry in reader:
            named = {key or "": value for key, value in entry.items()}
            rows[above + reader.line_num] = named
    except csv.Error as error:
        raise InputError(f"{source}: is no CSV: {error}") from None
    _checked(reader.fieldnames or (), source, columns)  # a table without rows has columns too
    yield from _read(rows, source, problems, columns, in_place=in_place)


def _table_lines(text: str) -> Sequence[str]:
    """Lines from a table's header on: before it, there may be empty ones and comments."""
    lines = text.splitlines()
    is_before = (not it.strip() or it.lstrip().startswith("#") for it in lines)
    return lines[next((at for at, before in enumerate(is_before) if not before), len(lines)) :]


def read_rows(
    rows: Sequence[Mapping[str, object]],
    source: str,
    problems: Problems,
    columns: Mapping[str, str],
    *,
    in_place: bool,
) -> Iterator[LogRow]:
    """Read rows of named fields, as `read_csv` does; the first is on line 2."""
    yield from _read(dict(enumerate(rows, 2)), source, problems, columns, in_place=in_place)


def _read(
    numbered: Mapping[int, Mapping[str, object]],
    source: str,
    problems: Problems,
    columns: Mapping[str, str],
    *,
    in_place: bool,
) -> Iterator[LogRow]:
    rows = [*numbered.values()]
    if not rows:
        return
    names = list(dict.fromkeys(key for row in rows for key in row))
    found = _checked(names, source, columns)
    _check_one_system(rows, found, source)
    other_way = {
        number for number, row in numbered.items() if _is_other(row, found, in_place=in_place)
    }
    if len(other_way) == len(rows):
        way, fix = ("out-of-place", "without") if in_place else ("in-place", "with")
        raise InputError(f"{source}: has {way} times alone; calibrate {fix} --in-place")
    for number, row in numbered.items():
        if number in other_way:
            continue
        cells = {field: _cell(row.get(name)) for field, name in found.items()}
        read = _row(cells, number)
        if isinstance(read, str):
            problems.drop("damaged-row", number, f"the row {read}", "write a number there")
        else:
            yield read


def _is_other(row: Mapping[str, object], found: Mapping[str, str], *, in_place: bool) -> bool:
    """Whether a row says that it is of the way to run that doesn't count."""
    if "in-place" not in found:
        return False
    return (_cell(row.get(found["in-place"])).lower() not in _NOT_IN_PLACE) != in_place


def _checked(names: Sequence[str], source: str, columns: Mapping[str, str]) -> dict[str, str]:
    for field, name in columns.items():
        if field not in FIELDS:
            raise OptionError("columns", unknown_name("field", field, FIELDS))
        if name not in names:
            raise OptionError("columns", f"{source}: {unknown_name('column', name, names)}")
    found = _recognised(names, columns)
    missing = [] if "bytes" in found else ["bytes"]
    if not _UNITS.keys() & found.keys():
        missing.append("us")
    if missing:
        raise InputError(
            f"{source}: has no column for {' and '.join(missing)} among {', '.join(names[:20])}; "
            f"say which it is, as in --columns {missing[0]}=NAME"
        )
    return found


def _recognised(names: Iterable[str], columns: Mapping[str, str]) -> dict[str, str]:
    """Field to name of the column; what was said goes before what is recognised."""
    plain = {letters(name): name for name in reversed([*names])}
    found = {
        field: next(plain[it] for it in usual if it in plain)
        for field, usual in FIELDS.items()
        if any(it in plain for it in usual)
    }
    if _UNITS.keys() & columns.keys():
        found = {field: name for field, name in found.items() if field not in _UNITS}
    return {**found, **columns}


def _check_one_system(
    rows: Sequence[Mapping[str, object]], found: Mapping[str, str], source: str
) -> None:
    column = found.get("system")
    systems = dict.fromkeys(_cell(row.get(column)) for row in rows) if column else {}
    if len(systems) > 1:
        listed = ", ".join(list(systems)[:5])
        raise InputError(
            f"{source}: has rows of {len(systems)} systems ({listed}); keep those of one"
        )


def _cell(value: object) -> str:
    return "" if value is None else str(value).strip()


@dataclass(frozen=True, slots=True)
class _CellError(Exception):
    problem: str


def _row(cells: Mapping[str, str], line: int) -> LogRow | str:
    """A row, or what is wrong with it."""
    try:
        wrong = Printed.read(cells.get("wrong", ""))
        return LogRow(
            line,
            _run(cells),
            _count(cells, "bytes"),
            _time(cells),
            Printed.read(cells.get("algbw", "")),
            Printed.read(cells.get("busbw", "")),
            None if wrong is None else wrong.value,
        )
    except _CellError as error:
        return error.problem


def _run(cells: Mapping[str, str]) -> MeasuredRun:
    npus = _count(cells, "npus") if cells.get("npus") else None
    if npus is not None and cells.get("gpus-per-rank"):
        npus *= _count(cells, "gpus-per-rank")
    nodes = _count(cells, "nodes") if cells.get("nodes") else None
    collective, library = cells.get("collective") or None, cells.get("library") or None
    return MeasuredRun(_SOURCE_TOOL, collective, npus, nodes, library)


def _time(cells: Mapping[str, str]) -> Printed:
    """In microseconds."""
    unit = next(field for field in _UNITS if field in cells)
    time = _number(cells, unit)
    return Printed(time.value * _UNITS[unit], time.slack * _UNITS[unit])


def _number(cells: Mapping[str, str], field: str) -> Printed:
    read = Printed.read(cells[field])
    if read is None or not abs(read.value) < float("inf"):
        raise _CellError(f"has {cells[field][:40]!r} for {field}")
    return read


def _count(cells: Mapping[str, str], field: str) -> int:
    value = _number(cells, field).value
    if value != int(value) or value < 0:
        raise _CellError(f"has {cells[field][:40]!r} for {field}")
    return int(value)
