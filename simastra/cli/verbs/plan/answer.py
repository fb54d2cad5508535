"""What ``simastra plan`` says: the fastest divisions, where their time goes, what isn't there."""

import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from simastra.sweep.columns import BANDS, PARTS
from simastra.sweep.planning import Division, SweepPlan
from simastra.sweep.status import Status
from simastra.view.human import human_size, human_time
from simastra.view.phrases import share_words
from simastra.view.table import Cell, Table, left, right

_EDGES = BANDS["makespan_ns"]
"""The columns of the edges of a step's band."""


def best_of(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Rows of points that have run, the fastest first."""
    ran = (row for row in rows if row["makespan_ns"] is not None and row["status"] == Status.OK)
    return sorted(ran, key=lambda row: (row["makespan_ns"], row["number"]))


def table(found: SweepPlan, rows: Sequence[Mapping[str, Any]]) -> Table:
    """The divisions of some points, a row each, without parts of the makespan that none has."""
    degrees = right("tp", "pp", "dp", "micro-batches")
    parts = [name for name in PARTS if any(row[name] for row in rows)]
    words = (PARTS[name] for name in parts)
    edges = ("low", "high") if any(row[_EDGES[0]] is not None for row in rows) else ()
    worth = right("step", *edges, "tokens/s", "MFU", "memory", *words, "bubble")
    shown = tuple(
        _row(found.divisions[row["number"]], row, _EDGES if edges else (), parts) for row in rows
    )
    return Table((*degrees, *left("recompute"), *worth), shown)


def _row(
    division: Division, row: Mapping[str, Any], edges: Iterable[str], parts: Iterable[str]
) -> tuple[Cell, ...]:
    tokens, mfu, memory = row["tokens_per_s"], row["mfu"], row["memory_per_npu"]
    return (
        division.tp,
        division.pp,
        division.dp,
        division.micro_batches,
        division.recompute,
        human_time(row["makespan_ns"]),
        *("" if row[it] is None else human_time(row[it]) for it in edges),
        "" if tokens is None else f"{tokens:,.0f}",
        "" if mfu is None else share_words(mfu),
        "" if memory is None else human_size(memory),
        *(share_words((row[part] or 0) / row["makespan_ns"]) for part in parts),
        share_words(division.ideal_bubble),
    )


def lines(
    found: SweepPlan, best: Sequence[Mapping[str, Any]], failed: Sequence[Mapping[str, Any]]
) -> Iterator[str]:
    """What stands below the table.

    Args:
        found: what was run.
        best: rows of points that ran, the fastest first.
        failed: rows of points that didn't.
    """
    there = len(found.divisions) + found.too_large + found.indivisible
    yield f"{there} ways to divide it: {len(best)} ran" + "".join(
        f", {it}" for it in _others(found)
    )
    for row in failed[:1]:
        yield f"{len(failed)} failed, the first since {row['error']}"
    if not best:
        return
    first = best[0]
    most = max(PARTS, key=lambda part: first[part] or 0)
    limit = f"; bound by {first['bound_limit']}" if first["bound_limit"] else ""
    yield f"most of the fastest's time: {PARTS[most]}{limit}"


def _others(found: SweepPlan) -> Iterator[str]:
    if found.too_large:
        yield f"{found.too_large} too large for {human_size(found.capacity)} of memory"
    if found.indivisible:
        yield f"{found.indivisible} not possible: the model or the batch can't be cut so"


def traces_command(found: SweepPlan, row: Mapping[str, Any]) -> str:
    """The command line that writes the traces of a point."""
    inputs = found.study.inputs(found.study.space.setting(row["number"]))
    asked = inputs.documents["generate"]
    assert isinstance(asked, Mapping)
    words = ["simastra", "generate", str(asked["kind"])]
    for key, value in asked.items():
        if key != "kind" and value is not False:
            words += [f"--{key}", *([] if value is True else [_word(value)])]
    return shlex.join([*words, "--output", "PREFIX"])


def _word(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)
