"""Nodes as columns, made in Python of nodes: what files are where numba decodes them."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from typing import Any

import numpy as np

from simastra.on_demand import OnDemand
from simastra.trace import Node, Trace
from simastra.trace.nodes import ATTRIBUTE_FIELDS


class Lists:
    """Dependencies (NodeLists)."""

    def __init__(self, lists: Sequence[tuple[int, ...]]) -> None:
        self.counts = np.array(list(map(len, lists)), np.int64)
        self.flat = np.array([number for each in lists for number in each], np.int64)


class Table:
    """Nodes as arrays (NodeTable)."""

    def __init__(self, nodes: Sequence[Node]) -> None:
        self._nodes = nodes
        self._values: dict[tuple[str, object], int] = {}
        self.id = self._column("id")
        self.type = self._column("type").astype(np.uint8)
        self.duration = self._column("duration")
        self.data_deps = Lists([node.data_deps for node in nodes])
        self.ctrl_deps = Lists([node.ctrl_deps for node in nodes])
        self.given = np.zeros(len(nodes), np.uint32)
        for place, name in enumerate(ATTRIBUTE_FIELDS):
            told = np.array([getattr(node, name) is not None for node in nodes], np.uint32)
            self.given |= told << np.uint32(place)

    def has(self, attribute: str) -> Any:
        """As of NodeTable."""
        return (self.given & np.uint32(1 << ATTRIBUTE_FIELDS.index(attribute))) != 0

    def is_true(self, flag: str) -> Any:
        """As of NodeTable."""
        return np.array([getattr(node, flag) is True for node in self._nodes], np.bool_)

    def number(self, attribute: str) -> Any:
        """As of NodeTable."""
        return self._column(attribute)

    def _column(self, name: str) -> Any:
        return np.array([self._number(name, getattr(it, name)) for it in self._nodes], np.int64)

    def _number(self, name: str, value: Any) -> int:
        if isinstance(value, str | tuple):
            return self._values.setdefault((name, value), len(self._values) + 1)
        return int(value or 0)


class NodesInColumns(OnDemand[Node]):
    """Nodes that are made anew each time they are asked for."""

    def __init__(self, nodes: tuple[Node, ...]) -> None:
        self._nodes = nodes
        self.columns = Table(nodes)

    def __len__(self) -> int:
        return len(self._nodes)

    def _make(self, index: int) -> Node:
        return copy(self._nodes[index])


def in_columns(trace: Trace) -> Trace:
    """The same trace, of nodes in columns; NPUs share theirs as before."""
    made = {id(nodes): NodesInColumns(tuple(nodes)) for nodes in trace.distinct}
    return replace(trace, npus=tuple(made[id(nodes)] for nodes in trace.npus))
