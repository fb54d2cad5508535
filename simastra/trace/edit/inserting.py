"""Further nodes, before or after others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from simastra.trace.edit.grouped import Grouped
from simastra.trace.edit.mapping import each_distinct, edited, with_dependencies
from simastra.trace.edit.partners import check_members, selected
from simastra.trace.edit.selection import Selection
from simastra.trace.nodes import Node, NodeType


def insert(given: Grouped, node: Node, where: Selection, *, before: bool = False) -> Grouped:
    """Insert a node after each of the selected ones, or before it.

    What waited for the selected node waits for the new one as well; or the selected node does, and
    the new one for what that waited for. New ids are beyond those that there are. A collective is
    of the process group of the node that it is inserted at, if that is one.

    Args:
        given: the trace and its groups.
        node: what is inserted; its id and dependencies don't count.
        where: at which nodes.
        before: whether it comes before them.

    Raises:
        TraceError: a collective would be inserted for some of its members only.
    """
    new = ((npu, _beside(node, it, it.id)) for npu, it in selected(given, where))
    check_members(given, new, "insert")
    picks = where.picker()

    def anew(nodes: Sequence[Node]) -> Sequence[Node]:
        chosen = [it for it in nodes if picks(it)]
        if not chosen:
            return nodes
        first = max(it.id for it in nodes) + 1
        new = {it.id: _beside(node, it, first + index) for index, it in enumerate(chosen)}
        return _before(nodes, new) if before else _after(nodes, new)

    npus = each_distinct(given.trace, where, anew)
    place = "before" if before else "after"
    text = f"insert {node.name} ({node.type.name}) {place} each"
    return given.with_trace(edited(given.trace, npus, text, where))


def _beside(node: Node, other: Node, id: int) -> Node:
    made = replace(node, id=id, data_deps=(), ctrl_deps=())
    if node.type is NodeType.COMM_COLL and node.pg_name is None:
        dims = other.involved_dim if node.involved_dim is None else node.involved_dim
        made = replace(made, pg_name=other.pg_name, involved_dim=dims)
    return made


def _before(nodes: Sequence[Node], new: Mapping[int, Node]) -> tuple[Node, ...]:
    made = []
    for node in nodes:
        inserted = new.get(node.id)
        if inserted is None:
            made.append(node)
            continue
        made.append(replace(inserted, data_deps=node.data_deps, ctrl_deps=node.ctrl_deps))
        made.append(replace(node, data_deps=(*node.data_deps, inserted.id)))
    return tuple(made)


def _after(nodes: Sequence[Node], new: Mapping[int, Node]) -> tuple[Node, ...]:
    made = []
    for node in nodes:
        data, control = _with_new(node.data_deps, new), _with_new(node.ctrl_deps, new)
        made.append(with_dependencies(node, data, control))
        if node.id in new:
            made.append(replace(new[node.id], data_deps=(node.id,)))
    return tuple(made)


def _with_new(needed: tuple[int, ...], new: Mapping[int, Node]) -> tuple[int, ...]:
    return needed + tuple(new[it].id for it in needed if it in new)
