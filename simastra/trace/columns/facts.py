"""Attributes of many nodes out of their columns, without the nodes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import repeat
from typing import Any

import numpy as np

from simastra.trace.nodes import CollectiveType, NodeType

from .node_columns import Lists, NodeColumns
from .tables import FLAGS, NUMBERS, PLACES, Int64s

_COLLECTIVES = sorted(CollectiveType)
_TYPES = {int(it): it for it in NodeType}


def values(columns: NodeColumns, rows: Int64s, name: str) -> Iterable[Any]:
    """What some nodes have.

    Args:
        columns: of nodes.
        rows: of those that are asked about.
        name: of a field of `Node`; not ``name``, which is in no column.
    """
    if name in PLACES:
        return _attribute(columns, rows, name)
    return _OWN[name](columns, rows)


_OWN: Mapping[str, Callable[[NodeColumns, Int64s], Iterable[Any]]] = {
    "id": lambda columns, rows: columns.id[rows].tolist(),
    "duration": lambda columns, rows: columns.duration[rows].tolist(),
    "type": lambda columns, rows: map(_TYPES.__getitem__, columns.type[rows].tolist()),
    "metadata": lambda columns, rows: [columns.metadata.get(row, "") for row in rows.tolist()],
    "data_deps": lambda columns, rows: _lists(columns.data_deps, rows),
    "ctrl_deps": lambda columns, rows: _lists(columns.ctrl_deps, rows),
}
"""Of the fields that aren't attributes in a file."""


def _attribute(columns: NodeColumns, rows: Int64s, name: str) -> Iterable[Any]:
    given = columns.given[rows]
    has = (given & np.uint32(1 << PLACES[name])) != 0
    if not has.any():
        return repeat(None, len(rows))
    if name in FLAGS:
        told: list[Any] = ((given & np.uint32(FLAGS[name])) != 0).tolist()
    else:
        told = columns.number(name)[rows].tolist()
        if name == "comm_type":
            told = list(map(_COLLECTIVES.__getitem__, told))
        elif name not in NUMBERS:
            known = {number: columns.value(number) for number in set(told)}
            told = list(map(known.__getitem__, told))
    if has.all():
        return told
    return [value if is_given else None for value, is_given in zip(told, has, strict=True)]


def _lists(lists: Lists, rows: Int64s) -> Iterable[tuple[int, ...]]:
    if not len(lists.flat):
        return repeat((), len(rows))
    ends = zip(lists.starts[rows].tolist(), lists.starts[rows + 1].tolist(), strict=True)
    flat: memoryview[int] = lists.flat.data
    return [tuple(flat[first:end]) for first, end in ends]
