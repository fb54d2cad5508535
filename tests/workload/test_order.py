"""What an NPU begins in which order, told without a clock."""

from collections.abc import Sequence

import pytest
from support.machines import system

from simastra import CollectiveType, Node, NodeType, Trace
from simastra.dialect import HOTI2024, MASTER, Dialect
from simastra.workload import OperationRules, Program, compile_trace
from simastra.workload.order import begun_at_start, collectives_in_order, skipped_alone

COMP, COLL, IDLE = NodeType.COMP, NodeType.COMM_COLL, NodeType.INVALID


def node(id: int, type: NodeType, *after: int) -> Node:
    return Node(
        id,
        f"n{id}",
        type,
        data_deps=after,
        duration=0 if type is IDLE else 1000,
        is_cpu_op=False,
        comm_type=CollectiveType.ALL_REDUCE,
        comm_size=8,
    )


def program(nodes: Sequence[Node], dialect: Dialect = MASTER) -> Program:
    (made,) = compile_trace(Trace.of([nodes]), OperationRules(dialect, system()))
    return made


@pytest.mark.parametrize(
    ("nodes", "order"),
    [
        ([node(1, COLL), node(2, COLL), node(3, COLL)], [1, 2, 3]),
        ([node(1, COLL, 3), node(2, COLL), node(3, COMP, 2)], [2, 1]),
        ([node(1, COLL, 4), node(2, COLL, 1), node(3, COLL), node(4, COMP, 3)], [3, 1, 2]),
        ([node(5, COLL, 9), node(7, COLL), node(9, COMP)], [7, 5]),  # the lowest id that can go
        ([node(1, COMP)], []),
    ],
)
def test_collectives_go_by_dependencies_and_then_by_id(
    nodes: Sequence[Node], order: list[int]
) -> None:
    made = program(nodes)
    assert [made.graph.nodes[index].id for index in collectives_in_order(made)] == order


@pytest.mark.parametrize(
    ("nodes", "hoti2024", "master"),
    [
        ([node(1, COMP), node(2, COMP), node(3, COLL), node(4, COLL, 3)], [1, 3], [1, 3]),
        ([node(1, IDLE), node(2, COMP, 1)], [2], []),
        ([node(1, IDLE), node(2, COMP, 1), node(3, COLL)], [2, 3], [3]),
    ],
)
def test_what_begins_at_the_start_is_what_units_and_dependencies_let_go(
    nodes: Sequence[Node], hoti2024: list[int], master: list[int]
) -> None:
    for dialect, wanted in ((HOTI2024, hoti2024), (MASTER, master)):
        made = program(nodes, dialect)
        assert [made.graph.nodes[it].id for it in begun_at_start(made, dialect)] == wanted


def test_a_skipped_node_is_alone_where_all_is_before_or_behind_it() -> None:
    chain = [node(1, COMP), node(2, COMP), node(3, IDLE, 1, 2), node(4, COMP, 3), node(5, COMP, 3)]
    made = program(chain)
    alone = skipped_alone(made)
    assert alone is not None
    assert made.graph.nodes[alone].id == 3
    assert skipped_alone(program([*chain, node(6, COLL)])) is None  # beside it
    assert skipped_alone(program([*chain[:2], node(3, IDLE, 1), node(4, COMP, 3)])) is None
    assert skipped_alone(program(chain[:3])) is None  # nothing behind it


def after_skipped(count: int) -> Program:
    """A computation beside a chain of so many skipped nodes, then a skipped one for both."""
    chain = [node(2 + place, IDLE, *([1 + place] if place else [])) for place in range(count)]
    both = node(2 + count, IDLE, 1, 1 + count)
    return program([node(1, COMP), *chain, both, node(3 + count, COMP, 2 + count)])


def test_eight_skipped_nodes_are_looked_at() -> None:
    for count in range(1, 8):
        made = after_skipped(count)
        alone = skipped_alone(made)
        assert alone is not None
        assert made.graph.nodes[alone].id == 2 + count
    assert skipped_alone(after_skipped(8)) is None
