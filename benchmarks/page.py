"""Fills docs/performance.md from the records: its tables, and the plot beside it."""

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from simastra.writing import write_file

from .catalogue import WORKS
from .golden import answers
from .one_run import AUTO, PLAIN
from .places import PageError, filled, markdown_table
from .plot import Line, draw
from .record import Row, read_record
from .scale import ASTRA_SIM

DOCS = Path(__file__).parent.parent / "docs"
RECORDED = Path(__file__).parent / "astra_sim_recorded.json"

Record: TypeAlias = dict[str, Any]
_NOTHING = "-"


def write_page(results: Path, docs: Path = DOCS) -> list[Path]:
    """Write the plot and the tables from the records in `results`, and return what was written.

    Raises:
        PageError: if a record or a place for a table is missing.
    """
    page, picture = docs / "performance.md", docs / "performance.svg"
    text = page.read_text(encoding="utf-8")
    for name, table in TABLES.items():
        record = read_record(results, name)
        if record is None:
            raise PageError(f"{results} has no record of {name}: python -m benchmarks {name}")
        text = filled(text, name, f"{table(record['rows'])}\n\n{_conditions(record)}", page.name)
    scale = read_record(results, "scale")
    draw(picture, lines(scale["rows"] if scale else []))
    write_file(page, text.encode())
    return [picture, page]


def lines(rows: Sequence[Row]) -> list[Line]:
    """What the plot shows: rings, in each way, and ASTRA-sim as it was recorded."""
    shown = []
    for way in (PLAIN, AUTO, ASTRA_SIM):
        points = [
            (int(row["npus"]), float(row["cpu_seconds"]))
            for row in rows
            if row.get("family") == "ring" and row.get("way") == way and "cycles_equal" in row
        ]
        if points:
            shown.append(Line(f"simastra, {way}" if way != ASTRA_SIM else way, tuple(points)))
    if all(line.name != ASTRA_SIM for line in shown):
        recorded = json.loads(RECORDED.read_text(encoding="utf-8"))["ring"]
        points = [(it["npus"], sum(it["seconds"]) / 2) for it in recorded]
        shown.append(Line(f"{ASTRA_SIM}, recorded", tuple(points)))
    return shown


def _scale_table(rows: Sequence[Row]) -> str:
    by_work: dict[str, dict[str, Row]] = {}
    for row in rows:
        if "work" in row:
            by_work.setdefault(str(row["work"]), {})[str(row["way"])] = row
    cells = [_scale_cells(work, by_way) for work, by_way in by_work.items()]
    headings = (
        *("work", "NPUs", "messages", "plain", "auto", ASTRA_SIM, f"{ASTRA_SIM} ÷ auto"),
        "MB: plain, auto",
    )
    slopes = [row for row in rows if "exponent" in row]
    growth = [(str(row["family"]), str(row["way"]), str(row["exponent"])) for row in slopes]
    return (
        markdown_table(headings, cells)
        + "\n\nExponents e of seconds ~ NPUs<sup>e</sup>, of simulating alone:\n\n"
        + markdown_table(("family", "way", "e"), growth)
    )


def _scale_cells(work: str, by_way: dict[str, Row]) -> tuple[str, ...]:
    some = next(iter(by_way.values()))
    memory = [_cell(by_way.get(way), "peak_megabytes") for way in (PLAIN, AUTO)]
    reference = _reference_cell(work, by_way)
    return (
        f"`{work}`",
        f"{some['npus']:,}",
        f"{some['messages']:,}" if "messages" in some else _NOTHING,
        _cell(by_way.get(PLAIN), "cpu_seconds"),
        _cell(by_way.get(AUTO), "cpu_seconds"),
        reference,
        _ratio_cell(reference, by_way.get(AUTO)),
        ", ".join(memory),
    )


def _reference_cell(work: str, by_way: dict[str, Row]) -> str:
    """Seconds in the same run, or in brackets those that were recorded with the golden case."""
    if ASTRA_SIM in by_way:
        row = by_way[ASTRA_SIM]
        return str(row.get("outcome") or row["cpu_seconds"])
    answer = answers().get(work)
    if answer is not None:
        return f"({answer.seconds})"
    recorded = json.loads(RECORDED.read_text(encoding="utf-8"))["ring"]
    known = WORKS.get(work)
    for it in recorded if known is not None and known.family == "ring" else ():
        if known is not None and it["npus"] == known.npus:
            low, high = it["seconds"]
            return f"({low})" if low == high else f"({low} to {high})"
    return _NOTHING


def _ratio_cell(reference: str, row: Row | None) -> str:
    """How many times as fast as the reference we are; by the least of the recorded seconds."""
    seconds = re.search(r"[0-9.]+", reference)
    if seconds is None or row is None or "cpu_seconds" not in row or reference.startswith("not"):
        return _NOTHING
    return f"{float(seconds[0]) / float(row['cpu_seconds']):.2g}"


def _cell(row: Row | None, column: str) -> str:
    if row is None:
        return _NOTHING
    return str(row.get(column) or row.get("outcome") or _NOTHING)


def _plain_table(rows: Sequence[Row]) -> str:
    """A row's first column names it; the others, whose names say what they are, go below it."""
    cells = [
        (str(next(iter(row.values()))), column.replace("_", " "), str(value))
        for row in rows
        for column, value in list(row.items())[1:]
    ]
    return markdown_table(("what", "measure", "value"), cells)


def _wide_table(rows: Sequence[Row]) -> str:
    """Rows as they are, side by side; some lack a value."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    return markdown_table(columns, [[str(row.get(it, _NOTHING)) for it in columns] for row in rows])


TABLES: dict[str, Callable[[Sequence[Row]], str]] = {
    "scale": _scale_table,
    "loading": _plain_table,
    "long_trace": _plain_table,
    "start_up": _plain_table,
    "probes": _plain_table,
    "choice": _wide_table,
    "beside": _wide_table,
}
"""By record: what its part of the page looks like."""


def _conditions(record: Record) -> str:
    return (
        f"Measured on {record['when'][:10]}, {record['machine']}, Python {record['python']}: "
        f"`{record['command']}`"
    )
