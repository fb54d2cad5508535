"""DependencyGraph and Progress: what is free, against a brute-force oracle."""

from hypothesis import given
from hypothesis import strategies as st

from simastra.trace import DependencyGraph, Node, NodeType, TraceProgress


def node(id: int, data: tuple[int, ...] = (), ctrl: tuple[int, ...] = ()) -> Node:
    return Node(id, f"n{id}", NodeType.COMP, data_deps=data, ctrl_deps=ctrl)


@st.composite
def traces(draw: st.DrawFn) -> list[Node]:
    """Nodes without cycles, with ids in any order and dependencies that may be listed twice."""
    ids = draw(st.lists(st.integers(0, 1000), unique=True, max_size=12))
    nodes = []
    for place, id in enumerate(ids):
        earlier = st.lists(st.sampled_from(ids[:place])).map(tuple) if place else st.just(())
        nodes.append(node(id, draw(earlier), draw(earlier)))
    return draw(st.permutations(nodes))


def oracle(nodes: list[Node], finished: set[int], *, with_ctrl_deps: bool) -> set[int]:
    """Ids of the unfinished nodes whose dependencies have all finished."""

    def needed(node: Node) -> set[int]:
        return {*node.data_deps, *(node.ctrl_deps if with_ctrl_deps else ())}

    return {n.id for n in nodes if n.id not in finished and needed(n) <= finished}


@given(nodes=traces(), with_ctrl_deps=st.booleans(), data=st.data())
def test_what_is_free_is_what_nothing_unfinished_holds_back(
    nodes: list[Node],
    with_ctrl_deps: bool,  # noqa: FBT001  # hypothesis passes it by name
    data: st.DataObject,
) -> None:
    graph = DependencyGraph(nodes, with_ctrl_deps=with_ctrl_deps)
    assert [n.id for n in graph.nodes] == sorted(n.id for n in nodes)
    progress = TraceProgress(graph)
    finished: set[int] = set()
    free = set(graph.roots)
    while progress.left:
        ids = {graph.nodes[index].id for index in free}
        assert ids == oracle(nodes, finished, with_ctrl_deps=with_ctrl_deps)
        done = data.draw(st.sampled_from(sorted(free)))
        assert not progress.is_finished(done)
        freed = progress.finish(done)
        assert progress.is_finished(done)
        assert not free & set(freed)
        free = (free - {done}) | set(freed)
        finished.add(graph.nodes[done].id)
    assert finished == {n.id for n in nodes}


def test_a_dependency_listed_twice_counts_once() -> None:
    progress = TraceProgress(DependencyGraph([node(1), node(2, (1, 1))], with_ctrl_deps=False))
    assert progress.finish(0) == [1]


def test_a_dependency_that_is_both_data_and_control_counts_once() -> None:
    graph = DependencyGraph([node(1), node(2, (1,), (1,))], with_ctrl_deps=True)
    assert list(graph.parents) == [0, 1]


def test_control_dependencies_count_only_where_they_are_heeded() -> None:
    nodes = [node(1), node(2, ctrl=(1,))]
    assert DependencyGraph(nodes, with_ctrl_deps=False).roots == [0, 1]
    assert DependencyGraph(nodes, with_ctrl_deps=True).roots == [0]


def test_npus_that_share_a_graph_progress_apart() -> None:
    graph = DependencyGraph([node(1), node(2, (1,))], with_ctrl_deps=False)
    one, other = TraceProgress(graph), TraceProgress(graph)
    assert one.finish(0) == [1]
    assert not other.is_finished(0)
    assert (one.left, other.left) == (1, 2)


def test_children_are_listed_for_each_node_in_order() -> None:
    nodes = [node(5, (1, 3)), node(1), node(3, (1,)), node(4, (3, 1, 3))]
    graph = DependencyGraph(nodes, with_ctrl_deps=False)
    assert [n.id for n in graph.nodes] == [1, 3, 4, 5]
    assert [list(children) for children in graph.children] == [[1, 2, 3], [2, 3], [], []]
    assert list(graph.children[1]) == [2, 3]
    assert len(graph.children) == 4
    assert list(graph.parents) == [0, 1, 2, 2]


def test_shapes_are_equal_where_only_ids_differ() -> None:
    graph = DependencyGraph([node(1), node(2, (1,)), node(3)], with_ctrl_deps=False)
    same = DependencyGraph([node(10), node(20, (10,)), node(30)], with_ctrl_deps=False)
    other = DependencyGraph([node(1), node(2), node(3, (1,))], with_ctrl_deps=False)
    assert graph.has_shape_of(same)
    assert not graph.has_shape_of(other)
