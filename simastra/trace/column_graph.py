"""Dependencies of nodes that are columns: the graph of a file in the usual order, at once."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from simastra.trace.graph import Children, DependencyGraph
from simastra.trace.nodes import Node

if TYPE_CHECKING:
    from simastra.trace.columnar import Int64s, NodeLists, NodeTable


def graph_in_order(
    nodes: Sequence[Node], columns: NodeTable, *, with_ctrl_deps: bool
) -> DependencyGraph | None:
    """The graph of nodes of ascending ids, each of which waits for nodes before it only.

    Then all is well with it (`check_nodes`), and it is as `DependencyGraph` makes it.

    Args:
        nodes: as a sequence.
        columns: of the same nodes.
        with_ctrl_deps: whether control dependencies hold a node back too.

    Returns:
        None if nodes stand in another order, or their dependencies aren't sound.
    """
    count = len(nodes)
    if not (columns.id[1:] > columns.id[:-1]).all():
        return None
    listed = [columns.data_deps, columns.ctrl_deps] if with_ctrl_deps else [columns.data_deps]
    found = [_edges(columns.id, it) for it in listed]
    edges = [it for it in found if it is not None]
    if len(edges) < len(found):
        return None
    waiting, parents = map(np.concatenate, zip(*edges, strict=True))
    # By parent, then by who waits for it; each pair once.
    pairs = parents * count + waiting
    pairs.sort(kind="stable")
    pairs = pairs[np.append(True, pairs[1:] != pairs[:-1])[: len(pairs)]]
    parents, waiting = np.divmod(pairs, max(count, 1))
    starts = np.zeros(count + 1, np.int64)
    np.cumsum(np.bincount(parents, minlength=count), out=starts[1:])
    blocked = np.bincount(waiting, minlength=count)
    return DependencyGraph.between(
        nodes, Children(_array(starts), _array(waiting), come_later=True), _array(blocked)
    )


def _edges(ids: Int64s, needed: NodeLists) -> tuple[Int64s, Int64s] | None:
    """For each dependency which row waits and for which one; None if one isn't a row before it."""
    waiting = np.repeat(np.arange(len(ids)), needed.counts)
    if not len(waiting):
        return waiting, waiting
    is_dense = ids[-1] - ids[0] == len(ids) - 1  # an id says where its row is
    parents = needed.flat - ids[0] if is_dense else np.searchsorted(ids, needed.flat)
    if not ((parents >= 0) & (parents < waiting)).all():
        return None
    return (waiting, parents) if (ids[parents] == needed.flat).all() else None


def _array(numbers: Int64s) -> array[int]:
    return array("i", numbers.astype(np.int32).tobytes())
