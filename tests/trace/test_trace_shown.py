"""What a notebook shows of traces and builders."""

import re

import pytest

from simastra.trace import CollectiveType, Node, NodeType, Trace, TraceBuilder


def rows(page: str) -> list[list[str]]:
    """The cells of each row that isn't a heading."""
    found = [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in page.split("<tr>")]
    return [row for row in found if row]


def shown(node: Node) -> str:
    (row,) = rows(Trace.of([[node]])._repr_html_())
    return row[2]


@pytest.mark.parametrize(
    ("node", "does"),
    [
        (
            Node(1, "a", NodeType.COMM_COLL, comm_type=CollectiveType.ALL_REDUCE, comm_size=4096),
            "ALL_REDUCE, 4,096 B",
        ),
        (
            Node(1, "a", NodeType.COMM_COLL, comm_type=CollectiveType.BARRIER, pg_name="3"),
            "BARRIER, group 3",
        ),
        (Node(1, "a", NodeType.COMM_COLL, comm_size=0), "COMM_COLL, 0 B"),
        (
            Node(1, "a", NodeType.COMM_SEND, comm_dst=2, comm_size=1000, comm_tag=7),
            "COMM_SEND to NPU 2, 1,000 B, tag 7",
        ),
        (
            Node(1, "a", NodeType.COMM_RECV, comm_src=0, comm_size=1000, comm_tag=0),
            "COMM_RECV from NPU 0, 1,000 B",
        ),
        (Node(1, "a", NodeType.MEM_LOAD, tensor_size=5000), "MEM_LOAD, 5,000 B"),
        (Node(1, "a", NodeType.MEM_STORE), "MEM_STORE"),
        (Node(1, "a", NodeType.COMP, duration=1500), "COMP, 1.5 µs"),
        (
            Node(1, "a", NodeType.COMP, is_cpu_op=True, num_ops=2000, tensor_size=1024),
            "COMP, CPU, 2,000 operations on 1,024 B",
        ),
        (Node(1, "a", NodeType.COMP, num_ops=1), "COMP, 1 operations on 0 B"),
        (Node(1, "a", NodeType.COMP, is_cpu_op=False), "COMP"),
    ],
)
def test_a_node_in_words(node: Node, does: str) -> None:
    assert shown(node) == does


def test_what_a_node_waits_for_counts_once_and_in_order() -> None:
    nodes = [
        Node(1, "a", NodeType.COMP),
        Node(2, "b", NodeType.COMP),
        Node(3, "<c>", NodeType.COMP, (2, 1), (1,)),
    ]
    found = rows(Trace.of([nodes])._repr_html_())
    assert [row[3] for row in found[:2]] == ["", ""]
    assert found[2][:2] == ["3", "&lt;c&gt;"]
    assert re.findall(r"\d+", found[2][3]) == ["1", "2"]


def test_npus_that_do_the_same_are_shown_together() -> None:
    trace = TraceBuilder()
    trace.compute("a", micros=1)
    assert "<small>4 NPUs, all alike</small>" in Trace.uniform(trace, 4)._repr_html_()
    assert "<small>1 NPU</small>" in Trace.uniform(trace, 1)._repr_html_()
    assert "<b>NPU 0</b>" in Trace.uniform(trace, 1)._repr_html_()
    several = []
    for npu in range(6):
        several.append(TraceBuilder(npu))
        several[-1].compute("a", micros=1 + npu % 5)
    page = Trace.of(several)._repr_html_()
    assert "<small>6 NPUs, of 5 kinds</small>" in page
    assert [row[2] for row in rows(page)] == [f"COMP, {micros} µs" for micros in (1, 2, 3, 4)]
    assert "and 1 more kinds of NPU" in page
    assert "more kinds" not in Trace.of(several[:4])._repr_html_()


def test_a_builder_shows_twenty_nodes_and_how_many_more() -> None:
    trace = TraceBuilder()
    for number in range(20):
        trace.compute(str(number), micros=1)
    assert "more" not in trace._repr_html_()
    trace.compute("20", micros=1)
    page = trace._repr_html_()
    assert len(rows(page)) == 20
    assert "and 1 more" in page
