"""A part of an NPU's trace as a table, with one node in focus."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from simastra.trace import Node
from simastra.units import NpuId
from simastra.view.blocks import Block, Text, Tone
from simastra.view.phrases import listed, time_words
from simastra.view.table import Table, left, right

from .state import State
from .trace_state import NodeStatus, TracedNode, traced_nodes
from .views import operation_words

AROUND = 5
"""Nodes before and behind the one in focus that are shown."""
_NAMED = 3  # dependencies in a cell
_STYLES = {
    NodeStatus.FINISHED: "dim",
    NodeStatus.UNDER_WAY: "bold cyan",
    NodeStatus.READY: "green",
    NodeStatus.BLOCKED: "none",
}


def trace_view(state: State, npu: NpuId, focus: int, around: int = AROUND) -> Iterator[Block]:
    """The trace of an NPU round a node: what each node does, depends on, and how far it has come.

    Raises:
        CommandError: if there is no such NPU.
    """
    count = len(state.process(npu).program.graph.nodes)
    shown = range(max(0, focus - around), min(count, focus + around + 1))
    nodes = traced_nodes(state, npu, shown)
    columns = (*left(""), *right("node"), *left("name", "does", "state", "waits for", "before"))
    rows = tuple(
        (
            "->" if it.index == focus else "",
            str(it.node.id),
            it.node.name,
            operation_words(it.operation),
            status_words(it),
            _ids(it.parents) or None,
            _ids(it.children) or None,
        )
        for it in nodes
    )
    styles = tuple(_STYLES[it.status] for it in nodes)
    yield Table(columns, rows, f"trace of NPU {npu}", styles)
    if len(nodes) < count:
        words = f"    nodes {shown.start + 1:,} to {shown.stop:,} of {count:,}"
        yield Text(words, Tone.ASIDE)


def status_words(it: TracedNode) -> str:
    """How far a node has come, and since when."""
    match it.status, it.time:
        case NodeStatus.UNDER_WAY, int(time):
            return f"under way since {time_words(time)}"
        case NodeStatus.FINISHED, int(time):
            return f"finished at {time_words(time)}"
        case NodeStatus.FINISHED, None:
            return "passed over"
        case _:
            return f"{it.status}"


def _ids(nodes: Sequence[Node]) -> str:
    return listed([node.id for node in nodes], _NAMED)
