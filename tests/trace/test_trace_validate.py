"""Dependencies that can't be satisfied."""

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simastra.errors import TraceError
from simastra.trace import Node, NodeType, check_nodes


def node(id: int, *data_deps: int, ctrl: tuple[int, ...] = ()) -> Node:
    return Node(id, f"n{id}", NodeType.COMP, data_deps=data_deps, ctrl_deps=ctrl)


def check(*nodes: Node, with_ctrl_deps: bool = False) -> None:
    check_nodes(nodes, "x.0.et", with_ctrl_deps=with_ctrl_deps)


def test_a_diamond_is_fine_in_any_order() -> None:
    check(node(1), node(2, 1), node(3, 1), node(4, 2, 3))
    check(node(4, 2, 3), node(3, 1), node(2, 1), node(1))


def test_no_nodes_are_fine() -> None:
    check()


def test_a_dependency_may_be_listed_twice() -> None:
    check(node(1), node(2, 1, 1))
    check(node(2, 1, 1), node(1))


def test_an_id_may_be_used_once() -> None:
    with pytest.raises(TraceError, match=r"x\.0\.et, node 7: two nodes have this id"):
        check(node(7), node(8), node(7))


def test_a_node_may_not_wait_for_itself() -> None:
    with pytest.raises(TraceError, match="node 2: depends on itself"):
        check(node(1), node(2, 1, 2))


def test_a_dependency_must_exist() -> None:
    with pytest.raises(TraceError, match="node 2: depends on node 9, which the trace doesn't"):
        check(node(1), node(2, 1, 9))


def test_a_cycle_is_drawn_from_its_lowest_id() -> None:
    with pytest.raises(TraceError, match="node 4: dependency cycle 4 -> 7 -> 4:"):
        check(node(1), node(7, 4), node(4, 1, 7))


def test_a_node_behind_a_cycle_is_not_blamed() -> None:
    with pytest.raises(TraceError, match="cycle 2 -> 4 -> 3 -> 2:"):
        check(node(1, 2), node(2, 4), node(3, 2), node(4, 3))


def test_a_long_cycle_is_shown_in_part() -> None:
    with pytest.raises(TraceError, match=r"cycle 0 -> 1 -> .* -> \.\.\. \(88 more\) -> 99 -> 0:"):
        check(*(node(i, (i + 1) % 100) for i in range(100)))


@pytest.mark.parametrize(
    ("nodes", "problem"),
    [
        ((node(1, ctrl=(9,)),), "depends on node 9"),
        ((node(1, ctrl=(1,)),), "depends on itself"),
        ((node(1, 2), node(2, ctrl=(1,))), "cycle 1 -> 2 -> 1"),
    ],
)
def test_control_dependencies_count_only_where_they_are_heeded(
    nodes: tuple[Node, ...], problem: str
) -> None:
    check(*nodes, with_ctrl_deps=False)
    with pytest.raises(TraceError, match=problem):
        check(*nodes, with_ctrl_deps=True)


def test_a_chain_of_a_hundred_thousand_nodes_listed_backwards_is_fine() -> None:
    check(*(node(i, i - 1) for i in range(100_000, 1, -1)), node(1))


@given(st.integers(1, 30), st.randoms(use_true_random=False))
def test_edges_to_lower_ids_never_make_a_cycle(size: int, rng: random.Random) -> None:
    nodes = [
        node(i, *(rng.randrange(i) for _ in range(rng.randrange(4) if i else 0)))
        for i in range(size)
    ]
    rng.shuffle(nodes)
    check(*nodes)


@given(st.integers(2, 12), st.integers(1, 30), st.randoms(use_true_random=False))
def test_a_named_cycle_exists_and_an_accepted_graph_runs(
    size: int, edges: int, rng: random.Random
) -> None:
    waits: dict[int, list[int]] = {i: [] for i in range(size)}
    for _ in range(edges):
        one, other = rng.sample(range(size), 2)
        waits[one].append(other)
    try:
        check(*(node(i, *waits[i]) for i in waits))
    except TraceError as error:
        drawn = error.problem.removeprefix("dependency cycle ").split(":")[0]
        cycle = [int(word) for word in drawn.split(" -> ")]
        assert cycle[0] == cycle[-1]
        assert len(set(cycle)) == len(cycle) - 1
        assert all(later in waits[earlier] for earlier, later in pairwise(cycle))
    else:
        done: set[int] = set()
        for _ in waits:
            done |= {i for i in waits if done.issuperset(waits[i])}
        assert done == set(waits)
