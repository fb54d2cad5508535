"""DependencyGraph and Progress: ready nodes, lowest id first, against a brute-force oracle."""

from hypothesis import given
from hypothesis import strategies as st

from simastra.trace import DependencyGraph, Node, NodeType, Progress


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


def oracle(nodes: list[Node], finished: set[int], *, with_ctrl_deps: bool) -> list[int]:
    """Ids of the unfinished nodes whose dependencies have all finished, ascending."""

    def needed(node: Node) -> set[int]:
        return {*node.data_deps, *(node.ctrl_deps if with_ctrl_deps else ())}

    return sorted(n.id for n in nodes if n.id not in finished and needed(n) <= finished)


@given(nodes=traces(), with_ctrl_deps=st.booleans(), data=st.data())
def test_what_is_ready_is_what_nothing_unfinished_holds_back(
    nodes: list[Node],
    with_ctrl_deps: bool,  # noqa: FBT001  # hypothesis passes it by name
    data: st.DataObject,
) -> None:
    graph = DependencyGraph(nodes, with_ctrl_deps=with_ctrl_deps)
    progress = Progress(graph)
    finished: set[int] = set()
    running: set[int] = set()
    while progress.left:
        ready = oracle(nodes, finished, with_ctrl_deps=with_ctrl_deps)
        free = [id for id in ready if id not in running]
        assert [graph.nodes[index].id for index in progress.ready] == free
        if free and (not running or data.draw(st.booleans())):
            index = progress.take_ready()
            assert index is not None
            assert graph.nodes[index].id == free[0]
            running.add(free[0])
        else:
            done = data.draw(st.sampled_from(sorted(running)))
            progress.finish([n.id for n in graph.nodes].index(done))
            running.remove(done)
            finished.add(done)
    assert finished == {n.id for n in nodes}
    assert progress.take_ready() is None


def test_a_dependency_listed_twice_counts_once() -> None:
    progress = Progress(DependencyGraph([node(1), node(2, (1, 1))], with_ctrl_deps=False))
    assert progress.take_ready() == 0
    assert not progress.has_ready
    progress.finish(0)
    assert progress.ready == [1]


def test_a_dependency_that_is_both_data_and_control_counts_once() -> None:
    graph = DependencyGraph([node(1), node(2, (1,), (1,))], with_ctrl_deps=True)
    assert graph.parents == [0, 1]


def test_control_dependencies_count_only_where_they_are_heeded() -> None:
    nodes = [node(1), node(2, ctrl=(1,))]
    assert Progress(DependencyGraph(nodes, with_ctrl_deps=False)).ready == [0, 1]
    assert Progress(DependencyGraph(nodes, with_ctrl_deps=True)).ready == [0]


def test_what_is_put_back_keeps_its_place_by_id() -> None:
    progress = Progress(DependencyGraph([node(5), node(3), node(9)], with_ctrl_deps=False))
    first = progress.take_ready()
    assert first == 0  # node 3: indices are in order of id
    progress.put_back(first)
    assert progress.take_all_ready() == [0, 1, 2]
    assert not progress.has_ready


def test_npus_that_share_a_graph_progress_apart() -> None:
    graph = DependencyGraph([node(1), node(2, (1,))], with_ctrl_deps=False)
    one, other = Progress(graph), Progress(graph)
    one.take_ready()
    one.finish(0)
    assert one.ready == [1]
    assert other.ready == [0]
    assert (one.left, other.left) == (1, 2)
