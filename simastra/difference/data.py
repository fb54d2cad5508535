"""A difference as tables of plain numbers: for CSV, JSON and pandas."""

from __future__ import annotations

from collections.abc import Sequence

from simastra.view.table import Column, Table, left, right

from .changes import CostChange, used_causes
from .compared import ComparedRuns
from .keys import AnyKey, plain_cells
from .npus import NpuChange

DIFFERENCE_TABLES = ("causes", "work", "nodes", "collectives", "links", "npus")
"""Names of the tables of a difference."""


def difference_tables(difference: ComparedRuns) -> tuple[Table, ...]:
    """All rows; all times in ns, all differences B less A.

    After ``difference_ns`` follow the parts of it that causes make up, a column each; of an NPU,
    those of the time up to the end of the run. The first columns of a row are empty where it is
    what is for no node, no collective or on no link.
    """
    collective = (*left("name", "collective"), *right("size", "group"))
    return (
        _table("causes", left("cause"), difference.by_cause, has_causes=False),
        _table("work", left("work"), difference.by_work),
        _table("nodes", (*right("npu", "node"), *left("name")), difference.by_node),
        _table("collectives", collective, difference.by_collective),
        _table("links", left("from", "to"), difference.by_link),
        _npus_table(difference.npus),
    )


def _table(
    title: str,
    columns: Sequence[Column],
    rows: Sequence[CostChange[AnyKey]],
    *,
    has_causes: bool = True,
) -> Table:
    causes = used_causes(it.causes for it in rows) if has_causes else []
    times = right("a_ns", "b_ns", "difference_ns", *(f"{it}_ns" for it in causes))
    body = (
        (
            *(plain_cells(it.what) if it.what is not None else (None,) * len(columns)),
            it.a,
            it.b,
            it.difference,
            *(it.causes.get(cause, 0) for cause in causes),
        )
        for it in rows
    )
    return Table((*columns, *times), tuple(body), title)


def _npus_table(npus: Sequence[NpuChange]) -> Table:
    causes = used_causes(it.causes for it in npus)
    times = ("finish_a_ns", "finish_b_ns", "difference_ns", *(f"{it}_ns" for it in causes))
    rows = (
        (
            it.npu,
            None if it.a is None else it.a.finish,
            None if it.b is None else it.b.finish,
            it.finish,
            *(it.causes.get(cause, 0) for cause in causes),
        )
        for it in npus
    )
    return Table(right("npu", *times), tuple(rows), "npus")
