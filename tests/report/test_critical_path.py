"""The longest chains of dependencies."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from simastra.report.critical_path import CriticalPath, critical_path
from simastra.trace import Node, NodeType


def comp(id: int, micros: int, *data_deps: int, ctrl: tuple[int, ...] = ()) -> Node:
    return Node(
        id, f"n{id}", NodeType.COMP, data_deps=data_deps, ctrl_deps=ctrl, duration=micros * 1000
    )


def test_of_two_branches_the_longer_in_time_is_critical_and_the_longer_in_nodes_is_deep() -> None:
    #  1 (5 µs) - 2 (9 µs) ------- 5 (1 µs)
    #           \ 3 (2) - 4 (2) - /
    nodes = [comp(1, 5), comp(2, 9, 1), comp(3, 2, 1), comp(4, 2, 3), comp(5, 1, 2, 4)]
    assert critical_path(nodes) == CriticalPath((1, 2, 5), 15_000, depth=4, width=2)


def test_control_dependencies_count_and_absent_and_own_nodes_do_not() -> None:
    nodes = [comp(2, 1, 2, 99, ctrl=(1,)), comp(1, 1)]
    assert critical_path(nodes) == CriticalPath((1, 2), 2000, depth=2, width=1)


def test_without_durations_the_chain_with_the_most_nodes_is_critical() -> None:
    nodes = [comp(1, 0), comp(2, 0, 1), comp(3, 0, 2), comp(4, 0, 1)]
    path = critical_path(nodes)
    assert path is not None
    assert path.nodes == (1, 2, 3)


def test_a_circle_has_no_path_and_an_empty_trace_an_empty_one() -> None:
    assert critical_path([comp(1, 1, 2), comp(2, 1, 1)]) is None
    assert critical_path([]) == CriticalPath((), 0, 0, 0)


def test_a_chain_of_many_nodes_is_no_matter_of_recursion() -> None:
    path = critical_path([comp(1, 1), *(comp(id, 1, id - 1) for id in range(2, 20_001))])
    assert path is not None
    assert (path.time, path.depth, len(path.nodes)) == (20_000_000, 20_000, 20_000)


@st.composite
def graphs(draw: st.DrawFn) -> list[Node]:
    count = draw(st.integers(0, 9))
    nodes = []
    for id in range(count):
        parents = st.lists(st.integers(0, id - 1), max_size=3) if id else st.just([])
        nodes.append(comp(id, draw(st.integers(0, 5)), *draw(parents)))
    return draw(st.permutations(nodes))


def all_chains(nodes: Sequence[Node]) -> list[list[Node]]:
    """Every chain, by plain search: the oracle."""
    by_id = {node.id: node for node in nodes}

    def ending_at(node: Node) -> list[list[Node]]:
        before = [chain for dep in set(node.data_deps) for chain in ending_at(by_id[dep])]
        return [[*chain, node] for chain in before] or [[node]]

    return [chain for node in nodes for chain in ending_at(node)]


@given(graphs())
def test_no_chain_is_longer(nodes: list[Node]) -> None:
    path = critical_path(nodes)
    assert path is not None
    chains = all_chains(nodes)
    assert path.time == max((sum(node.duration for node in it) for it in chains), default=0)
    assert path.depth == max(map(len, chains), default=0)
    by_id = {node.id: node for node in nodes}
    assert path.time == sum(by_id[id].duration for id in path.nodes)
    steps = zip(path.nodes, path.nodes[1:], strict=False)
    assert all(parent in by_id[child].data_deps for parent, child in steps)
