"""Graphs in the languages of drawing programs: DOT (Graphviz) and GraphML (yEd, Gephi, networkx).

Like Chakra's visualizer, data dependencies have a normal arrowhead and control dependencies a tee
(docs/chakra.md 2.6).
"""

import re
from collections.abc import Iterator
from xml.sax.saxutils import escape

from simastra.palette.nodes import node_colour
from simastra.units import ns_to_micros
from simastra.view.colours import CRITICAL

from .graph_view import Graph, GraphEdge, ViewNode

_LONGEST_LABEL = 60  # letters; C++ kernels have names of hundreds
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_KEYS = {
    "name": "string",
    "type": "string",
    "duration_ns": "long",
    "colour": "string",
    "critical": "boolean",
}


def to_dot(graph: Graph, name: str) -> str:
    """Return the graph in DOT; `name` is its title."""
    lines = [
        f"digraph {_quoted(name)} {{",
        '  node [shape=box, style="rounded,filled", fontname="sans-serif", fontsize=10];',
        *map(_dot_node, graph.nodes),
        *map(_dot_edge, graph.edges),
        "}",
    ]
    return "\n".join(lines) + "\n"


def to_graphml(graph: Graph) -> str:
    """Return the graph in GraphML, with the nodes' types and durations as data."""
    return "\n".join(_graphml_lines(graph)) + "\n"


def _dot_node(node: ViewNode) -> str:
    label = f"{node.id}: {_short(node.label)}"
    if node.duration:
        label += f"\n{ns_to_micros(node.duration):g} µs"
    marked = f', color="{CRITICAL}", penwidth=3' if node.critical else ""
    tooltip = f"{node.type.name} {node.label}"
    return (
        f"  {node.id} [label={_quoted(label)}, tooltip={_quoted(tooltip)}, "
        f'fillcolor="{node_colour(node.type)}"{marked}];'
    )


def _dot_edge(edge: GraphEdge) -> str:
    head = "tee" if edge.control else "normal"
    marked = f', color="{CRITICAL}", penwidth=3' if edge.critical else ""
    return f"  {edge.parent} -> {edge.child} [arrowhead={head}{marked}];"


def _quoted(text: str) -> str:
    # Graphviz reads bytes as C does: nothing may follow a null character.
    escaped = text.replace("\0", "\ufffd").replace("\\", "\\\\").replace('"', '\\"')
    return '"' + escaped.replace("\r", "").replace("\n", "\\n") + '"'


def _short(label: str) -> str:
    return label if len(label) <= _LONGEST_LABEL else label[: _LONGEST_LABEL - 1] + "…"


def _graphml_lines(graph: Graph) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
    for key, kind in _KEYS.items():
        yield f'  <key id="{key}" for="node" attr.name="{key}" attr.type="{kind}"/>'
    for key, kind in (("dependency", "string"), ("on_critical_path", "boolean")):
        yield f'  <key id="{key}" for="edge" attr.name="{key}" attr.type="{kind}"/>'
    yield '  <graph edgedefault="directed">'
    for node in graph.nodes:
        yield f'    <node id="{node.id}">{_graphml_data(node)}</node>'
    for edge in graph.edges:
        kind = "control" if edge.control else "data"
        yield (
            f'    <edge source="{edge.parent}" target="{edge.child}">'
            f'<data key="dependency">{kind}</data>'
            f'<data key="on_critical_path">{str(edge.critical).lower()}</data></edge>'
        )
    yield "  </graph>"
    yield "</graphml>"


def _graphml_data(node: ViewNode) -> str:
    values = {
        "name": escape(_NOT_XML.sub("\ufffd", node.label), {"\r": "&#13;"}),
        "type": node.type.name,
        "duration_ns": str(node.duration),
        "colour": node_colour(node.type),
        "critical": str(node.critical).lower(),
    }
    return "".join(f'<data key="{key}">{value}</data>' for key, value in values.items())
