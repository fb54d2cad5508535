"""Marks say of every node what its attributes do."""

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from simastra.trace import Node, NodeMark, NodeType, TensorUse, ids_of, marked, types_of

_NODES = st.lists(
    st.builds(
        Node,
        id=st.integers(0, 2**40),
        name=st.just("a"),
        type=st.sampled_from(NodeType),
        data_deps=st.lists(st.integers(0, 3), max_size=3).map(tuple),
        ctrl_deps=st.lists(st.integers(0, 3), max_size=2).map(tuple),
        duration=st.sampled_from([0, 1000]),
        is_cpu_op=st.sampled_from([None, True, False]),
        num_ops=st.sampled_from([None, 0, 5]),
        tensor_size=st.sampled_from([None, 0, 5]),
        involved_dim=st.sampled_from([None, (), (True,)]),
        pg_name=st.sampled_from([None, "", "0", "tp"]),
        purpose=st.sampled_from([None, "weights"]),
        inputs=st.sampled_from([None, (), (TensorUse("w", 4),)]),
        outputs=st.sampled_from([None, (), (TensorUse("w", 4),)]),
        duration_nanos=st.sampled_from([None, 0, 1000, 1001]),
        metadata=st.sampled_from(["", "x"]),
    ),
    max_size=5,
)


HAS: dict[NodeMark, Callable[[Node], bool]] = {
    NodeMark.UNPLACED: lambda node: node.is_cpu_op is None,
    NodeMark.ON_CPU: lambda node: bool(node.is_cpu_op),
    NodeMark.CONTROLLED: lambda node: len(node.ctrl_deps) > 0,
    NodeMark.REPEATING: lambda node: any(node.data_deps.count(it) > 1 for it in node.data_deps),
    NodeMark.NANOSECONDS: lambda node: node.exact_duration != node.duration,
    NodeMark.UNSIZED: lambda node: None in {node.num_ops, node.tensor_size},
    NodeMark.UNDIRECTED: lambda node: node.involved_dim is None,
    NodeMark.GROUPED: lambda node: node.pg_name not in {None, ""},
    NodeMark.NOTED: lambda node: len(node.metadata) > 0,
    NodeMark.PURPOSED: lambda node: node.purpose is not None,
    NodeMark.USING: lambda node: bool((node.inputs or ()) + (node.outputs or ())),
}


@given(_NODES)
def test_each_mark_is_where_the_attribute_is(nodes: list[Node]) -> None:
    for mark in NodeMark:
        assert list(marked(tuple(nodes), mark)) == list(map(HAS[mark], nodes))
    assert list(types_of(tuple(nodes))) == [node.type for node in nodes]
    assert list(ids_of(tuple(nodes))) == [node.id for node in nodes]
