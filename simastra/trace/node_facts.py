"""Some attributes of many nodes, as tuples, for who has no need of the nodes themselves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any, Protocol, TypeAlias, runtime_checkable

from .nodes import Node

NodeFacts: TypeAlias = tuple[Any, ...]
"""The values of two or more attributes of a node, in the order in which they are asked for."""


@runtime_checkable
class HasFacts(Protocol):
    """Nodes that are made of columns, where many attributes are quicker than one node."""

    def facts(self, places: Sequence[int], names: tuple[str, ...]) -> Iterable[NodeFacts]:
        """The values of these attributes of the nodes at these places."""


def node_facts(
    nodes: Sequence[Node], places: Sequence[int], names: tuple[str, ...]
) -> Iterable[NodeFacts]:
    """Return the values of attributes of nodes.

    Args:
        nodes: of an NPU.
        places: of those that are asked about, in any order.
        names: of two or more fields of `Node`.
    """
    if isinstance(nodes, HasFacts):
        return nodes.facts(places, names)
    return map(attrgetter(*names), map(nodes.__getitem__, places))
