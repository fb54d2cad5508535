"""Pictures of dependencies: what is in them, and that drawing programs can read them."""

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simastra.errors import TraceError
from simastra.palette.nodes import NODE_TYPES
from simastra.report.graph_export import to_dot, to_graphml
from simastra.report.graph_view import Graph, GraphWindow, graph_of
from simastra.trace import Node, NodeType

GRAPHML = "{http://graphml.graphdrawing.org/xmlns}"


def chain(length: int) -> list[Node]:
    return [Node(1, "n1", NodeType.COMP, duration=1000)] + [
        Node(id, f"n{id}", NodeType.COMP, data_deps=(id - 1,)) for id in range(2, length + 1)
    ]


def ids(graph: Graph) -> list[int]:
    return [node.id for node in graph.nodes]


def test_both_kinds_of_dependency_on_one_node_are_edges() -> None:
    nodes = [
        Node(1, "a", NodeType.COMP, duration=5000),
        Node(2, "b", NodeType.COMM_SEND, data_deps=(1, 1), ctrl_deps=(1, 99)),
    ]
    graph = graph_of(nodes, GraphWindow(), "t")
    assert [(edge.parent, edge.child, edge.control) for edge in graph.edges] == [
        (1, 2, False),
        (1, 2, True),
    ]
    dot = to_dot(graph, 'a "title"')
    assert dot.startswith('digraph "a \\"title\\"" {\n')
    assert f'fillcolor="{NODE_TYPES[NodeType.COMM_SEND]}"' in dot
    assert '1 [label="1: a\\n5 µs"' in dot
    assert "1 -> 2 [arrowhead=normal" in dot
    assert "1 -> 2 [arrowhead=tee" in dot


def test_the_critical_path_is_marked_and_the_rest_is_not() -> None:
    nodes = [
        Node(1, "a", NodeType.COMP, duration=5000),
        Node(2, "b", NodeType.COMP, data_deps=(1,), duration=5000),
        Node(3, "c", NodeType.COMP, data_deps=(1,), duration=1000),
    ]
    graph = graph_of(nodes, GraphWindow(), "t")
    assert [node.critical for node in graph.nodes] == [True, True, False]
    assert [edge.critical for edge in graph.edges] == [True, False]
    lines = to_dot(graph, "t").splitlines()
    assert [line.split()[0] for line in lines if "penwidth" in line] == ["1", "2", "1"]
    assert [line.split()[2] for line in lines if "penwidth" in line and "->" in line] == ["2"]


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        (GraphWindow(), [1, 2, 3, 4, 5, 6]),
        (GraphWindow(max_nodes=2), [1, 2]),
        (GraphWindow(around=4, depth=1), [3, 4, 5]),
        (GraphWindow(around=4, depth=0), [4]),
        (GraphWindow(around=6, depth=2), [4, 5, 6]),
        (GraphWindow(around=4, depth=9, max_nodes=3), [3, 4, 5]),
    ],
)
def test_a_window_shows_a_part(window: GraphWindow, expected: list[int]) -> None:
    graph = graph_of(chain(6), window, "t")
    assert ids(graph) == expected
    assert graph.total == 6
    assert all({edge.parent, edge.child} <= set(expected) for edge in graph.edges)
    assert len(graph.edges) == len(expected) - 1


def test_a_node_that_is_not_there_can_not_be_in_the_middle() -> None:
    with pytest.raises(TraceError, match=r"no node 9 to show; its ids lie between 1 and 6"):
        graph_of(chain(6), GraphWindow(around=9), "t")
    with pytest.raises(TraceError, match="it is empty"):
        graph_of([], GraphWindow(around=9), "t")


@given(st.text())
def test_any_name_makes_a_sound_picture(name: str) -> None:
    graph = graph_of([Node(1, name, NodeType.COMP)], GraphWindow(), "t")
    root = ET.fromstring(to_graphml(graph).encode("utf-8", "replace"))
    (node,) = root.iter(f"{GRAPHML}node")
    (shown,) = [data.text or "" for data in node if data.get("key") == "name"]
    sound = all(letter.isprintable() and letter != "\ufffd" for letter in name)
    assert shown == name or not sound
    lines = to_dot(graph, name).split("\n")  # other ends of lines are letters to Graphviz
    quoted = r'"(?:[^"\\]|\\.)*"'
    assert re.fullmatch(rf"digraph {quoted} {{", lines[0])
    assert re.fullmatch(rf"  1 \[label={quoted}, tooltip={quoted}, .*\];", lines[2])


def test_graphml_has_types_durations_and_kinds_of_dependency() -> None:
    nodes = [
        Node(1, "a", NodeType.MEM_LOAD, duration=7000),
        Node(2, "b", NodeType.COMP, ctrl_deps=(1,)),
    ]
    root = ET.fromstring(to_graphml(graph_of(nodes, GraphWindow(), "t")))
    load = next(root.iter(f"{GRAPHML}node"))
    assert {data.get("key"): data.text for data in load} == {
        "name": "a",
        "type": "MEM_LOAD",
        "duration_ns": "7000",
        "colour": NODE_TYPES[NodeType.MEM_LOAD],
        "critical": "true",
    }
    (edge,) = root.iter(f"{GRAPHML}edge")
    assert (edge.get("source"), edge.get("target")) == ("1", "2")
    assert [data.text for data in edge] == ["control", "true"]
