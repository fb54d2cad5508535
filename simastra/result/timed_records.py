"""The records of an NPU's nodes, kept as columns and made when somebody looks at them."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from operator import attrgetter
from typing import TypeAlias, final

from simastra.metrics import ACTIVITIES, NodeTimes
from simastra.number_column import NumberColumn, number_column
from simastra.on_demand import AT_ONCE, OnDemand
from simastra.trace import Node, ids_of
from simastra.trace.node_facts import NodeFacts, node_facts

from .records import NodeRecord, record_of

_MOST_BETWEEN = 4
"""How many nodes are made at most for each that is wanted, to make them one after the other."""

Told: TypeAlias = tuple[str, NodeFacts | None]
"""What a node is called, and attributes of it; None where the node isn't known."""


@final
class TimedRecords(OnDemand[NodeRecord]):
    """What an NPU did: 21 bytes a node.

    Args:
        nodes: of the NPU.
        order: the places among them of those that have a record.
        times: of these, in the same order.
    """

    def __init__(self, nodes: Sequence[Node], order: array[int], times: NodeTimes) -> None:
        self._nodes = nodes
        self._order = order
        self.times = times

    def facts(self, places: Sequence[int], names: tuple[str, ...]) -> Iterable[NodeFacts]:
        """Attributes of the nodes of some records, as `node_facts` tells them."""
        return node_facts(self._nodes, list(map(self._order.__getitem__, places)), names)

    @property
    def order(self) -> Sequence[int]:
        """The places among the NPU's nodes of those that have a record."""
        return self._order

    @cached_property
    def ids(self) -> NumberColumn:
        """Of the nodes."""
        return number_column(map(ids_of(self._nodes).__getitem__, self._order))

    def __len__(self) -> int:
        return len(self._order)

    def _make(self, index: int) -> NodeRecord:
        return self._record(index, self._nodes[self._order[index]])

    def _make_some(self, places: range) -> Sequence[NodeRecord]:
        return list(map(self._record, places, self._nodes_at(places)))

    def _record(self, index: int, node: Node) -> NodeRecord:
        times = self.times
        activity = ACTIVITIES[times.activities[index]]
        return record_of(node, activity, times.issued[index], times.finished[index])

    def _nodes_at(self, places: range) -> Sequence[Node]:
        """The nodes of records; they mostly finish about in order, and so are made in order."""
        order = [self._order[place] for place in places]
        first, end = min(order, default=0), max(order, default=-1) + 1
        if end - first > _MOST_BETWEEN * len(order):
            return list(map(self._nodes.__getitem__, order))
        among = self._nodes[first:end]
        return [among[index - first] for index in order]


def node_ids(records: Sequence[NodeRecord]) -> NumberColumn:
    """The ids of nodes, from their records."""
    if isinstance(records, TimedRecords):
        return records.ids
    return number_column(map(attrgetter("node"), records))


def node_places(records: Sequence[NodeRecord], nodes: Sequence[Node]) -> Iterable[int]:
    """The places of records' nodes among those of their NPU, in order of their ids."""
    if isinstance(records, TimedRecords):
        return records.order
    places = {node: place for place, node in enumerate(ids_of(nodes))}
    return map(places.__getitem__, node_ids(records))


def told_of(
    records: Sequence[NodeRecord], places: Sequence[int], names: tuple[str, ...]
) -> Iterator[Told]:
    """What some nodes are called, and some attributes of each.

    Args:
        records: of an NPU.
        places: of those that are asked about, in any order.
        names: of two or more fields of `Node`.
    """
    if isinstance(records, TimedRecords):
        if "name" in names:
            at = names.index("name")
            yield from ((facts[at], facts) for facts in records.facts(places, names))
            return
        for facts in records.facts(places, ("name", *names)):
            yield facts[0], facts[1:]
        return
    attributes = attrgetter(*names)
    for record in map(records.__getitem__, places):
        yield record.name, None if record.et_node is None else attributes(record.et_node)


def told_in_order(records: Sequence[NodeRecord], names: tuple[str, ...]) -> Iterator[Told]:
    """The same of all nodes of an NPU, some thousand at a time."""
    every = range(len(records))
    for first in every[::AT_ONCE]:
        yield from told_of(records, every[first : first + AT_ONCE], names)
