"""Who waits for whom: the dependency graph of one NPU, and how far the NPU has come."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simastra.trace import DependencyGraph, Node, NodeType, TraceProgress


def node(id: int, data: tuple[int, ...] = (), ctrl: tuple[int, ...] = ()) -> Node:
    return Node(id, f"n{id}", NodeType.COMP, data, ctrl, duration=1)


DIAMOND = [node(30, (10, 20)), node(10), node(40, (30, 30), ctrl=(20,)), node(20, (10,))]


def graph(*, with_ctrl_deps: bool = False) -> DependencyGraph:
    return DependencyGraph(DIAMOND, with_ctrl_deps=with_ctrl_deps)


def test_nodes_are_in_order_of_their_ids_whatever_the_file_s_order() -> None:
    assert [it.id for it in graph().nodes] == [10, 20, 30, 40]
    assert [graph().index_of(it) for it in DIAMOND] == [2, 0, 3, 1]


def test_children_and_how_many_each_waits_for() -> None:
    plain, both = graph(), graph(with_ctrl_deps=True)
    assert [list(it) for it in plain.children] == [[1, 2], [2], [3], []]
    assert [list(it) for it in both.children] == [[1, 2], [2, 3], [3], []]
    assert list(plain.parents) == [0, 1, 2, 1]
    assert list(both.parents) == [0, 1, 2, 2]  # 30 counts once
    assert (len(plain.children), plain.roots) == (4, [0])


def test_other_nodes_of_the_same_ids_have_the_same_dependencies() -> None:
    renamed = tuple(replace(it, name="x") for it in graph().nodes)
    first = graph()
    other = first.with_nodes(renamed)
    assert other.nodes == renamed
    assert first.nodes != renamed
    assert other.has_shape_of(first)


def test_a_shape_is_who_waits_for_whom_and_no_ids() -> None:
    moved = [node(it.id + 5, tuple(dep + 5 for dep in it.data_deps)) for it in DIAMOND]
    assert graph().has_shape_of(DependencyGraph(moved, with_ctrl_deps=False))
    assert not graph().has_shape_of(graph(with_ctrl_deps=True))
    assert graph().children != graph(with_ctrl_deps=True).children
    assert graph().children != [[1, 2], [2], [3], []]  # which is no such thing
    fewer = DependencyGraph(DIAMOND[1:2], with_ctrl_deps=False)
    assert not fewer.has_shape_of(graph())
    with pytest.raises(TypeError):
        hash(graph().children)


def test_nodes_become_free_when_the_last_that_they_wait_for_has_finished() -> None:
    progress = TraceProgress(graph(with_ctrl_deps=True))
    assert progress.left == 4
    assert progress.finish(0) == [1]
    assert (progress.left, progress.is_finished(0), progress.is_finished(1)) == (3, True, False)
    assert progress.finish(1) == [2]
    assert progress.finish(2) == [3]
    assert progress.finish(3) == []
    assert progress.left == 0
    assert all(map(progress.is_finished, range(4)))


@given(st.lists(st.lists(st.integers(0, 30), max_size=4), min_size=1, max_size=30))
def test_each_node_becomes_free_once_in_any_order(drawn: list[list[int]]) -> None:
    nodes = [
        node(index, tuple(dep for dep in deps if dep < index)) for index, deps in enumerate(drawn)
    ]
    made = DependencyGraph(nodes, with_ctrl_deps=False)
    progress, ready, order = TraceProgress(made), made.roots, []
    while ready:
        order.append(ready.pop())
        ready += progress.finish(order[-1])
    assert sorted(order) == list(range(len(nodes)))
    for place, index in enumerate(order):
        assert set(nodes[index].data_deps) <= set(order[:place])
