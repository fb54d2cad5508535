"""What is unlike most nodes, told from columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from simastra.trace.marks import NodeMark
from simastra.trace.nodes import NodeType

from .node_columns import NodeColumns
from .tables import Flags, Int64s


def marked(columns: NodeColumns, mark: NodeMark) -> Flags:
    """For each node whether it has the mark."""
    return _TOLD[mark](columns)


def computed_operations(columns: NodeColumns) -> int:
    """The sum of ``num_ops`` over computations, which may take more than 8 bytes."""
    numbers = columns.number("num_ops")[columns.type == NodeType.COMP]
    high, low = numbers >> _HALF, numbers & ((1 << _HALF) - 1)
    return (int(high.sum()) << _HALF) + int(low.sum())


_HALF = 32  # bits


def _rows(columns: NodeColumns, rows: Int64s) -> Flags:
    flags = np.zeros(len(columns), np.bool_)
    flags[rows] = True
    return flags


def _repeating(columns: NodeColumns) -> Flags:
    lists = columns.data_deps
    several = np.flatnonzero(lists.counts > 1)
    counts = lists.counts[several]
    rows = np.repeat(several, counts)
    # Where each of their lists begins, and the places from there.
    within = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
    deps = lists.flat[lists.starts[rows] + within]
    if counts.max(initial=0) > _PAIR:
        order = np.lexsort((deps, rows))
        rows, deps = rows[order], deps[order]
    return _rows(columns, rows[1:][(rows[1:] == rows[:-1]) & (deps[1:] == deps[:-1])])


_PAIR = 2  # which has no order to be sorted by


def _nanoseconds(columns: NodeColumns) -> Flags:
    flags: Flags = columns.number("duration_nanos") != columns.duration
    return flags & columns.has("duration_nanos")


def _has_some(columns: NodeColumns, attribute: str) -> Flags:
    """Whether a node has an attribute, and that isn't empty."""
    numbers = columns.number(attribute)
    if not numbers.any():
        return np.zeros(len(columns), np.bool_)
    some = [number for number in np.unique(numbers).tolist() if columns.value(number)]
    flags: Flags = np.isin(numbers, some)
    return flags


_TOLD: Mapping[NodeMark, Callable[[NodeColumns], Flags]] = {
    NodeMark.UNPLACED: lambda it: ~it.has("is_cpu_op"),
    NodeMark.ON_CPU: lambda it: it.is_true("is_cpu_op"),
    NodeMark.CONTROLLED: lambda it: it.ctrl_deps.counts > 0,
    NodeMark.REPEATING: _repeating,
    NodeMark.NANOSECONDS: _nanoseconds,
    NodeMark.UNSIZED: lambda it: ~(it.has("num_ops") & it.has("tensor_size")),
    NodeMark.UNDIRECTED: lambda it: ~it.has("involved_dim"),
    NodeMark.GROUPED: lambda it: _has_some(it, "pg_name"),
    NodeMark.PURPOSED: lambda it: it.has("purpose"),
    NodeMark.USING: lambda it: _has_some(it, "inputs") | _has_some(it, "outputs"),
    NodeMark.NOTED: lambda it: _rows(it, np.array(list(it.metadata), np.int64)),
}
