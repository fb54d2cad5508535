"""The nodes of each NPU made anew, once for NPUs that have the same; and what was done, logged."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from simastra.on_demand import kept
from simastra.trace.annotations import Annotations
from simastra.trace.edit.selection import Selection
from simastra.trace.nodes import Node
from simastra.trace.trace import Trace


def changed_nodes(
    trace: Trace, where: Selection, change: Callable[[Node], Node]
) -> tuple[Sequence[Node], ...]:
    """The nodes of each NPU, with the selected ones changed.

    NPUs that had the same nodes, all of which are selected or none, have the same ones again; and
    so have nodes that several NPUs share. A change that returns an equal node is none.
    """
    picks = where.picker()
    made: dict[int, Node] = {}

    def anew(node: Node) -> Node:
        if not picks(node):
            return node
        known = made.get(id(node))
        if known is None:
            new = change(node)
            known = made[id(node)] = node if new == node else new
        return known

    def of_npu(nodes: Sequence[Node]) -> Sequence[Node]:
        new = tuple(map(anew, nodes))
        return nodes if all(map(_is_same, new, nodes)) else new

    return each_distinct(trace, where, of_npu)


def each_distinct(
    trace: Trace,
    where: Selection,
    change: Callable[[Sequence[Node]], Sequence[Node]],
) -> tuple[Sequence[Node], ...]:
    """The nodes of each NPU, changed where some may be selected, once for NPUs that share them."""
    made: dict[int, Sequence[Node]] = {}
    npus = []
    for npu, nodes in enumerate(trace.npus):
        if where.of_npu(npu):
            if id(nodes) not in made:
                kept(nodes)  # what changes them tells them apart by identity
                made[id(nodes)] = change(nodes)
            npus.append(made[id(nodes)])
        else:
            npus.append(nodes)
    return tuple(npus)


def with_dependencies(node: Node, data: Iterable[int], control: Iterable[int]) -> Node:
    """The node with these dependencies; itself where they are those that it has."""
    data_deps, ctrl_deps = tuple(data), tuple(control)
    if (data_deps, ctrl_deps) == (node.data_deps, node.ctrl_deps):
        return node
    return replace(node, data_deps=data_deps, ctrl_deps=ctrl_deps)


def edited(
    trace: Trace,
    npus: Sequence[Sequence[Node]],
    edit: str,
    where: Selection | None = None,
    annotations: tuple[Annotations, ...] | None = None,
) -> Trace:
    """The trace with these nodes, and what was done in its log; itself where nothing was.

    Args:
        trace: as it was.
        npus: the nodes of each NPU.
        edit: what was done.
        where: to which nodes; None for all.
        annotations: of each NPU; None for those that it has.
    """
    said = trace.annotations if annotations is None else annotations
    is_same = len(npus) == len(trace.npus) and all(map(_is_same, npus, trace.npus))
    if is_same and said == trace.annotations:
        return trace
    selected = str(where or "")
    text = f"{edit} of {selected}" if selected else edit
    return replace(trace, npus=tuple(npus), annotations=said, edits=(*trace.edits, text))


def _is_same(new: object, old: object) -> bool:
    return new is old
