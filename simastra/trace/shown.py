"""A trace as a notebook shows it: which NPUs do the same, and their nodes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from simastra.units import ns_to_micros
from simastra.view.html import MOST_ROWS, Markup, joined, notebook_table, title
from simastra.view.phrases import left_out, npu_count, npu_ranges, ranges
from simastra.view.table import Table, left, right

from .nodes import Node, NodeType

_MOST_LISTS = 4


def trace_html(of_npus: Sequence[Sequence[Node]]) -> Markup:
    """NPUs that do the same, and what they do, list by list."""
    groups: dict[int, list[int]] = {}  # by the identity of their nodes, which alike NPUs share
    for npu, nodes in enumerate(of_npus):
        groups.setdefault(id(nodes), []).append(npu)
    npus = len(of_npus)
    alike = "all alike" if len(groups) == 1 else f"of {len(groups):,} kinds"
    words = f"{npu_count(npus)}, {alike}" if npus > 1 else npu_count(npus)
    shown = [title("Trace", aside=words)]
    for group in list(groups.values())[:_MOST_LISTS]:
        shown.append(title(npu_ranges(group)))
        shown.append(nodes_html(of_npus[group[0]]))
    if rest := left_out(len(groups) - _MOST_LISTS, "kinds of NPU"):
        shown.append(title("", aside=rest))
    return joined(*shown)


def nodes_html(nodes: Sequence[Node]) -> Markup:
    """A table of nodes, the first ones of many."""
    rows = tuple((it.id, it.name, _what(it), _after(it)) for it in nodes[:MOST_ROWS])
    table = Table((*right("node"), *left("name", "does", "after")), rows)
    return notebook_table(table, total=len(nodes))


def _what(node: Node) -> str:
    match node.type:
        case NodeType.COMM_COLL:
            return f"{_collective(node)}{_size(node.comm_size)}{_group(node)}"
        case NodeType.COMM_SEND:
            return f"COMM_SEND to NPU {node.comm_dst}{_size(node.comm_size)}{_tag(node)}"
        case NodeType.COMM_RECV:
            return f"COMM_RECV from NPU {node.comm_src}{_size(node.comm_size)}{_tag(node)}"
        case NodeType.MEM_LOAD | NodeType.MEM_STORE:
            return f"{node.type.name}{_size(node.tensor_size)}"
        case _:
            return ", ".join((node.type.name, *_costs(node)))


def _costs(node: Node) -> Iterator[str]:
    if node.is_cpu_op:
        yield "CPU"
    if node.exact_duration:
        yield f"{ns_to_micros(node.exact_duration):,g} µs"
    if node.num_ops:
        yield f"{node.num_ops:,} operations on {node.tensor_size or 0:,} B"


def _collective(node: Node) -> str:
    return "COMM_COLL" if node.comm_type is None else node.comm_type.name


def _size(size: int | None) -> str:
    return "" if size is None else f", {size:,} B"


def _tag(node: Node) -> str:
    return f", tag {node.comm_tag}" if node.comm_tag else ""


def _group(node: Node) -> str:
    return f", group {node.pg_name}" if node.pg_name else ""


def _after(node: Node) -> str:
    return ranges(sorted({*node.data_deps, *node.ctrl_deps}))
