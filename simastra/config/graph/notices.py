"""What is allowed in a graph, but probably not meant."""

from collections.abc import Iterator
from pathlib import Path

from simastra.network_graph import NetworkGraph
from simastra.notices import Notice, Severity
from simastra.view.phrases import listed

_MOST_NAMED = 3


def graph_notices(graph: NetworkGraph, source: Path | str) -> Iterator[Notice]:
    """What was noticed when it was read, and nodes that nothing is linked to: isolated-nodes."""
    yield from graph.remarks
    alone = [
        node.name
        for node, out, into in zip(graph.nodes, graph.out_links, graph.in_links, strict=True)
        if not (out or into or node.is_npu)
    ]
    if alone:
        yield Notice(
            code="isolated-nodes",
            where=f"{source}: graph",
            message=f"no link leads to or from {listed(alone, _MOST_NAMED)}, so that no message "
            "passes there",
            fix="link it, or leave it out",
            severity=Severity.INFO,
        )
