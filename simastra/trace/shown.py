"""A trace as a notebook shows it: which NPUs do the same, and their nodes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from simastra.display import MOST_ROWS, numbers, table, title
from simastra.units import micros_to_ns

from .nodes import Node, NodeType

if TYPE_CHECKING:
    from .trace import Trace

_MOST_LISTS = 4
_NS_PER_MICROSECOND = micros_to_ns(1)


def trace_html(trace: Trace) -> str:
    """NPUs that do the same, and what they do, list by list."""
    groups: dict[int, list[int]] = {}  # by the identity of their nodes, which alike NPUs share
    for npu, nodes in enumerate(trace.npus):
        groups.setdefault(id(nodes), []).append(npu)
    npus = len(trace.npus)
    alike = "all alike" if len(groups) == 1 else f"of {len(groups):,} kinds"
    shown = [
        title(f"NPU{'' if len(group) == 1 else 's'} {numbers(group)}")
        + nodes_html(trace.npus[group[0]])
        for group in list(groups.values())[:_MOST_LISTS]
    ]
    if len(groups) > _MOST_LISTS:
        shown.append(title("", aside=f"and {len(groups) - _MOST_LISTS:,} more kinds of NPU"))
    words = f"{npus:,} NPUs, {alike}" if npus > 1 else "1 NPU"
    return title("Trace", aside=words) + "".join(shown)


def nodes_html(nodes: Sequence[Node]) -> str:
    """A table of nodes, the first ones of many."""
    rows = ((it.id, it.name, _what(it), _after(it)) for it in nodes[:MOST_ROWS])
    return table(("#node", "name", "does", "after"), rows, total=len(nodes))


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
        yield f"{node.exact_duration / _NS_PER_MICROSECOND:,g} µs"
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
    return numbers(sorted({*node.data_deps, *node.ctrl_deps}))
