"""What each node waits for, in drawn traces and in small ones by hand; skipped nodes among them."""

from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from npu_pairs import SIZE, told
from support.machines import network, system

from simastra.explain import Category, NodeWait
from simastra.simulation import Options, Simulation, dialect_named
from simastra.trace import CollectiveType, Node, NodeType, Trace, TraceBuilder

COMPUTE = Category.COMPUTE


def simulation(*npus: Iterable[Node], dialect: str = "master") -> Simulation:
    """On a ring, one chunk a collective."""
    return Simulation(
        Trace.of([tuple(nodes) for nodes in npus]),
        system(preferred_dataset_splits=1),
        network(("Ring", len(npus))),
        options=Options(dialect=dialect_named(dialect)),
    )


@pytest.mark.parametrize("dialect", ["hoti2024", "master"])
def test_skipped_nodes_have_no_waits_and_pass_on_those_of_others(dialect: str) -> None:
    comp, metadata = NodeType.COMP, NodeType.METADATA
    nodes = (
        Node(1, "first", comp, duration=2000),
        Node(2, "label", metadata, (1,)),
        Node(3, "long", comp, (2,), duration=3000),
        Node(4, "nothing", NodeType.INVALID, (3,)),
        Node(5, "both", comp, (2, 4), duration=1000),
        Node(6, "short", comp, (5, 2), duration=500),
        Node(7, "last", comp, (6, 2), duration=1000),
    )
    explanation = simulation(nodes, nodes, dialect=dialect).explain()
    assert explanation.node_waits(1) == (
        NodeWait(1, 1, "first", dependency=0, unit=0, running=2000),
        NodeWait(1, 3, "long", dependency=2000, unit=0, running=3000),
        NodeWait(1, 5, "both", dependency=5000, unit=0, running=1000),
        NodeWait(1, 6, "short", dependency=6000, unit=0, running=500),
        NodeWait(1, 7, "last", dependency=6500, unit=0, running=1000),
    )
    assert told(explanation.timeline(1)) == [
        (0, 2000, COMPUTE),
        (2000, 5000, COMPUTE),
        (5000, 6000, COMPUTE),
        (6000, 6500, COMPUTE),
        (6500, 7500, COMPUTE),
    ]
    names = ["first", "long", "both", "short", "last"]
    assert [segment.name for segment in explanation.segments(1)] == names


@st.composite
def drawn_nodes(draw: st.DrawFn) -> tuple[Node, ...]:
    """Computations, collectives after each other, and nodes that are skipped; for every NPU."""
    nodes: list[Node] = []
    collectives: set[int] = set()
    for id in range(1, draw(st.integers(2, 12)) + 1):
        parents = draw(st.sets(st.integers(1, id - 1), max_size=3)) if id > 1 else set[int]()
        kind = draw(
            st.sampled_from([NodeType.COMP, NodeType.COMP, NodeType.COMM_COLL, NodeType.METADATA])
        )
        if kind is NodeType.COMM_COLL:
            what = CollectiveType.ALL_REDUCE
            after = tuple(parents | collectives)
            node = Node(id, f"n{id}", kind, after, comm_type=what, comm_size=SIZE)
            collectives = {id}
        else:
            duration = 1000 * draw(st.integers(1, 9))
            node = Node(id, f"n{id}", kind, tuple(parents), duration=duration)
        nodes.append(node)
    return tuple(nodes)


@settings(deadline=None, max_examples=40)
@given(drawn_nodes(), st.sampled_from([1, 2, 3]))
def test_waits_of_a_node_are_until_its_parents_end_then_until_it_is_issued(
    nodes: tuple[Node, ...], npus: int
) -> None:
    run = simulation(*[nodes] * npus)
    explanation = run.explain()
    result = run.run()
    for npu in range(npus):
        records = {record.node: record for record in result.nodes[npu]}
        ends: dict[int, int] = {}
        for node in nodes:
            ready = max((ends[parent] for parent in node.data_deps), default=0)
            record = records.get(node.id)
            ends[node.id] = ready if record is None else record.finished
            if record is not None:
                expected = NodeWait(
                    npu,
                    node.id,
                    node.name,
                    ready,
                    record.issued - ready,
                    record.finished - record.issued,
                )
                assert expected in explanation.node_waits(npu)
                assert expected.finished == record.finished
        assert len(explanation.node_waits(npu)) == len(records)


@settings(deadline=None, max_examples=40)
@given(drawn_nodes(), st.sampled_from([1, 2, 3]))
def test_the_time_of_an_npu_is_told_once_and_all_for_nodes_of_the_trace(
    nodes: tuple[Node, ...], npus: int
) -> None:
    explanation = simulation(*[nodes] * npus).explain()
    by_id = {node.id: node for node in nodes}
    for npu in range(npus):
        finish = explanation.attribution(npu).finish
        for spans in (explanation.timeline(npu), explanation.critical_path(npu)):
            assert [0, *(span.end for span in spans)] == [*(span.start for span in spans), finish]
            for span in spans:
                assert span.start < span.end
                assert span.node is not None
                assert span.node == by_id[span.node.id]
                assert (span.category is COMPUTE) == (span.node.type is NodeType.COMP)
        assert sum(segment.duration for segment in explanation.segments(npu)) == finish
        for segment in explanation.segments(npu):
            assert sum(segment.times.values()) == segment.duration
            assert all(segment.times.values())


def test_the_end_of_what_takes_no_time_is_at_its_beginning() -> None:
    nodes = (Node(1, "only", NodeType.METADATA),)
    explanation = simulation(nodes, nodes).explain()
    assert (explanation.makespan, explanation.last) == (0, 0)
    assert explanation.node_waits(0) == ()
    assert explanation.timeline(0) == explanation.critical_path() == ()


def test_a_collective_that_begins_after_another_node_was_issued_is_told_under_its_own() -> None:
    """n3 waits for n1's unit; when n1 ends, n4 is issued before n3's first chunk begins."""
    builder = TraceBuilder()
    first = builder.all_reduce("n1", size=1024)
    builder.compute("n2", micros=1)
    builder.all_reduce("n3", size=1 << 20)
    builder.compute("n4", micros=50, after=[first])
    explanation = simulation(*[builder.nodes] * 4).explain()
    names = [span.node.name for span in explanation.critical_path(0) if span.node is not None]
    assert list(dict.fromkeys(names)) == ["n1", "n3"]
