"""What is unlike most nodes, told from columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from simastra.trace.marks import Mark

from .node_columns import NodeColumns
from .tables import Flags, Int64s


def marked(columns: NodeColumns, mark: Mark) -> Flags:
    """For each node whether it has the mark."""
    return _TOLD[mark](columns)


def _rows(columns: NodeColumns, rows: Int64s) -> Flags:
    flags = np.zeros(len(columns), np.bool_)
    flags[rows] = True
    return flags


def _repeating(columns: NodeColumns) -> Flags:
    lists = columns.data_deps
    several = np.flatnonzero(lists.counts > 1)
    told = [row for row in several.tolist() if len(set(lists[row].tolist())) < len(lists[row])]
    return _rows(columns, np.array(told, np.int64))


def _nanoseconds(columns: NodeColumns) -> Flags:
    flags: Flags = columns.number("duration_nanos") != columns.duration
    return flags & columns.has("duration_nanos")


def _grouped(columns: NodeColumns) -> Flags:
    numbers = columns.number("pg_name")
    distinct = np.unique(numbers)
    named = [number for number in distinct.tolist() if columns.value(number)]
    flags: Flags = np.isin(numbers, named)
    return flags


_TOLD: Mapping[Mark, Callable[[NodeColumns], Flags]] = {
    Mark.UNPLACED: lambda it: ~it.has("is_cpu_op"),
    Mark.ON_CPU: lambda it: it.is_true("is_cpu_op"),
    Mark.CONTROLLED: lambda it: it.ctrl_deps.counts > 0,
    Mark.REPEATING: _repeating,
    Mark.NANOSECONDS: _nanoseconds,
    Mark.UNSIZED: lambda it: ~(it.has("num_ops") & it.has("tensor_size")),
    Mark.UNDIRECTED: lambda it: ~it.has("involved_dim"),
    Mark.GROUPED: _grouped,
    Mark.NOTED: lambda it: _rows(it, np.array(list(it.metadata), np.int64)),
}
