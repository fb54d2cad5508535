"""The picture of a trace's dependencies: what waits stands to the right of what it waits for."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simastra.errors import TraceError
from simastra.notebook.dependencies import DependencyPicture, dependencies
from simastra.trace import Node, NodeType, Trace, TraceBuilder


def boxes(picture: DependencyPicture) -> dict[int, tuple[float, float]]:
    """Left upper corner of each node's box, by the node's id."""
    found = {}
    for group in ElementTree.fromstring(picture.svg).iter("g"):
        box, label = group.find("rect"), group.find("text")
        assert box is not None
        assert label is not None
        found[int((label.text or "").partition(":")[0])] = (
            float(box.attrib["x"]),
            float(box.attrib["y"]),
        )
    return found


def edges(picture: DependencyPicture) -> list[str]:
    return [path.attrib["d"] for path in ElementTree.fromstring(picture.svg).iter("path")]


def test_a_chain_goes_from_left_to_right_and_what_waits_for_nothing_stands_left() -> None:
    et = TraceBuilder()
    reduced = et.all_reduce("a & b", size=1)
    et.all_gather("after", size=1, after=reduced)
    et.compute("free", micros=50)
    picture = dependencies(et)
    places = boxes(picture)
    assert places[1][0] == places[3][0] < places[2][0]
    assert places[1][1] != places[3][1]
    assert len(edges(picture)) == 1
    assert "50 µs" in picture.svg
    assert boxes(dependencies(Trace.uniform(et, 4), npu=3)) == places
    assert picture.svg in picture._repr_html_()


@given(st.lists(st.lists(st.integers(1, 12), max_size=3), max_size=12))
def test_every_node_is_drawn_once_and_to_the_right_of_its_parents(parents: list[list[int]]) -> None:
    nodes = [
        Node(id, f"n{id}", NodeType.COMP, data_deps=tuple({it for it in before if it < id}))
        for id, before in enumerate(parents, 1)
    ]
    picture = dependencies(nodes)
    places = boxes(picture)
    assert list(places) == [node.id for node in nodes]
    assert len(set(places.values())) == len(nodes)
    assert all(places[it][0] < places[node.id][0] for node in nodes for it in node.data_deps)
    assert len(edges(picture)) == sum(len(node.data_deps) for node in nodes)


def test_dependencies_in_a_circle_are_drawn_all_the_same() -> None:
    nodes = [
        Node(1, "a", NodeType.COMP, data_deps=(2,)),
        Node(2, "b", NodeType.COMP, ctrl_deps=(1,)),
    ]
    picture = dependencies(nodes)
    assert set(boxes(picture)) == {1, 2}
    assert len(re.findall("stroke-dasharray", picture.svg)) == 1


def test_of_a_long_trace_a_part_is_drawn_and_it_says_so() -> None:
    et = TraceBuilder()
    before: tuple[Node, ...] = ()
    for _ in range(100):
        before = (et.compute("work", after=before),)
    assert "and 90 more nodes" in dependencies(et, most=10).svg
    assert set(boxes(dependencies(et, around=50, depth=2))) == {48, 49, 50, 51, 52}
    with pytest.raises(TraceError, match="no node 101"):
        dependencies(et, around=101)
