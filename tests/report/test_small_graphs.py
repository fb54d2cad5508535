"""Small graphs in full: as DOT, as GraphML, in windows; and traces summed up."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from simastra.report.critical_path import critical_path
from simastra.report.graph_export import to_dot, to_graphml
from simastra.report.graph_view import GraphWindow, graph_of
from simastra.report.inspect import NpuFile, inspect_trace
from simastra.trace import CollectiveType, Node, NodeType
from simastra.trace.contents import TraceContents
from simastra.trace.decoding import Form

GRAPH = [
    Node(1, "a", NodeType.COMP, duration=1500),
    Node(2, 'say "b"\nand c', NodeType.COMM_SEND, data_deps=(1,)),
    Node(3, "l" * 61, NodeType.MEM_LOAD, data_deps=(9,), ctrl_deps=(1,), duration=2),
]


def test_a_small_graph_in_dot() -> None:
    assert to_dot(graph_of(GRAPH, GraphWindow(), "t"), "t") == (
        'digraph "t" {\n'
        '  node [shape=box, style="rounded,filled", fontname="sans-serif", fontsize=10];\n'
        '  1 [label="1: a\\n1.5 µs", tooltip="COMP a", fillcolor="#a6c6f4", color="#cb181d", '
        "penwidth=3];\n"
        '  2 [label="2: say \\"b\\"\\nand c", tooltip="COMM_SEND say \\"b\\"\\nand c", '
        'fillcolor="#c99ad4"];\n'
        f'  3 [label="3: {"l" * 59}…\\n0.002 µs", tooltip="MEM_LOAD {"l" * 61}", '
        'fillcolor="#d0c9de", color="#cb181d", penwidth=3];\n'
        "  1 -> 2 [arrowhead=normal];\n"
        '  1 -> 3 [arrowhead=tee, color="#cb181d", penwidth=3];\n'
        "}\n"
    )
    sixty = graph_of([Node(1, "l" * 60, NodeType.COMP)], GraphWindow(), "t")
    assert f'label="1: {"l" * 60}"' in to_dot(sixty, "t")


def test_a_small_graph_in_graphml() -> None:
    keys = (("name", "string"), ("type", "string"), ("duration_ns", "long"), ("colour", "string"))
    edges = (("dependency", "string"), ("on_critical_path", "boolean"))
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
        *(
            f'  <key id="{key}" for="node" attr.name="{key}" attr.type="{kind}"/>'
            for key, kind in (*keys, ("critical", "boolean"))
        ),
        *(
            f'  <key id="{key}" for="edge" attr.name="{key}" attr.type="{kind}"/>'
            for key, kind in edges
        ),
        '  <graph edgedefault="directed">',
        '    <node id="1"><data key="name">a</data><data key="type">COMP</data>'
        '<data key="duration_ns">1500</data><data key="colour">#a6c6f4</data>'
        '<data key="critical">true</data></node>',
        '    <node id="2"><data key="name">b</data><data key="type">COMM_SEND</data>'
        '<data key="duration_ns">0</data><data key="colour">#c99ad4</data>'
        '<data key="critical">true</data></node>',
        '    <edge source="1" target="2"><data key="dependency">data</data>'
        '<data key="on_critical_path">true</data></edge>',
        "  </graph>",
        "</graphml>",
    ]
    nodes = [GRAPH[0], replace(GRAPH[1], name="b")]
    assert to_graphml(graph_of(nodes, GraphWindow(), "t")) == "\n".join(lines) + "\n"


def chain(length: int) -> list[Node]:
    return [
        Node(id, f"n{id}", NodeType.COMP, data_deps=(id - 1,) if id else ()) for id in range(length)
    ]


def test_a_window_is_3_dependencies_deep_and_1000_nodes_wide_if_nothing_is_said() -> None:
    around = graph_of(chain(20), GraphWindow(around=10), "t")
    assert [it.id for it in around.nodes] == list(range(7, 14))
    first = graph_of(chain(1002), GraphWindow(), "t")
    assert [it.id for it in first.nodes] == list(range(1000))
    assert first.total == 1002


@given(st.integers(0, 9), st.integers(0, 5), st.integers(1, 9))
def test_a_window_holds_the_nearest_nodes(around: int, depth: int, most: int) -> None:
    shown = {it.id for it in graph_of(chain(10), GraphWindow(around, depth, most), "t").nodes}
    within = [it for it in range(10) if abs(it - around) <= depth]
    assert len(shown) == min(most, len(within))
    farthest = max(abs(it - around) for it in shown)
    assert {it for it in within if abs(it - around) < farthest} <= shown


def test_a_circle_of_dependencies_has_edges_and_nothing_critical() -> None:
    nodes = [Node(1, "a", NodeType.COMP, data_deps=(2,)), Node(2, "b", NodeType.COMP, (1,))]
    graph = graph_of(nodes, GraphWindow(), "t")
    assert [(it.parent, it.child, it.critical) for it in graph.edges] == [
        (2, 1, False),
        (1, 2, False),
    ]
    assert not any(it.critical for it in graph.nodes)


def test_of_equally_long_chains_that_with_the_most_nodes_is_critical() -> None:
    nodes = [
        Node(1, "", NodeType.COMP, duration=10),
        Node(2, "", NodeType.COMP, duration=4),
        Node(3, "", NodeType.COMP, (2,), duration=6),
        Node(4, "", NodeType.COMP, (1, 3), duration=1),
        Node(5, "", NodeType.COMP, (2,)),
    ]
    path = critical_path(nodes)
    assert path is not None
    assert (path.nodes, path.time, path.depth, path.width) == ((2, 3, 4), 11, 3, 2)


def test_a_trace_is_summed_up() -> None:
    def coll(id: int, size: int | None, kind: CollectiveType | None, group: str | None) -> Node:
        return Node(
            id, "c", NodeType.COMM_COLL, is_cpu_op=False, comm_type=kind, comm_size=size,
            pg_name=group,
        )  # fmt: skip

    nodes = (
        coll(1, 100, CollectiveType.ALL_REDUCE, "1"),
        Node(2, "w", NodeType.COMP, duration=30, is_cpu_op=False),
        coll(3, None, None, None),
        Node(4, "h", NodeType.COMP, (2,), duration=12, is_cpu_op=True),
        coll(5, 20, CollectiveType.ALL_REDUCE, "1"),
        Node(6, "s", NodeType.COMM_SEND, is_cpu_op=False, comm_dst=1, comm_size=5),
        Node(7, "l", NodeType.MEM_STORE, is_cpu_op=True, tensor_size=None, duration=3),
    )
    held = TraceContents(Form.JSON, "s", nodes, {"x": 2})
    other = TraceContents(Form.JSON, "s", nodes[1:2], {})
    files = [NpuFile(npu, f"{npu}", it) for npu, it in enumerate((held, other, held))]
    summary = inspect_trace(files, "t")
    assert (summary.npus, len(summary.parts)) == (3, 2)
    assert summary.nodes == {"MEM_STORE": 2, "COMP": 5, "COMM_SEND": 2, "COMM_COLL": 6}
    assert [(it.what, it.group, it.nodes, it.size) for it in summary.traffic] == [
        ("ALL_REDUCE", "1", 4, 240),
        ("COMM_SEND", "", 2, 10),
        ("MEM_STORE", "", 2, 0),
        ("not given", "", 2, 0),
    ]
    part, single = summary.parts
    assert (part.count, part.compute, part.cpu, part.critical_path) == (7, 30, 15, 42)
    assert (part.critical_nodes, part.depth, part.width) == (2, 2, 6)
    assert part.parallelism == 45 / 42
    assert (single.sources, single.count, single.parallelism) == (("1",), 1, 1.0)
    lacking = [it for it in summary.findings if it.code == "missing-attribute"]
    assert {it.where.partition(",")[0] for it in lacking} == {"0 and 1 more like it"}
    alone = inspect_trace(files[:1], "t")
    assert {it.code for it in alone.findings} == {
        *("missing-attribute", "unknown-attributes", "group-not-read"),
    }
    assert {it.where for it in alone.findings if it.code == "missing-attribute"} <= {
        f"0, node {id}" for id in range(8)
    }
    still = TraceContents(Form.JSON, "s", (Node(1, "w", NodeType.COMP),), {})
    assert inspect_trace([NpuFile(0, "0", still)], "t").parts[0].parallelism is None
