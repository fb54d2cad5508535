"""A program's columns say of every operation what its object says."""

from dataclasses import replace
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st
from support.machines import system

from simastra.dialect import MASTER
from simastra.trace import CollectiveType, Node, NodeType, Trace
from simastra.workload import (
    Collective,
    Operation,
    OperationKind,
    OperationRules,
    Program,
    SkipOperation,
    compile_trace,
    places,
)
from simastra.workload.operation_columns import NOT_NAMED, first_places, numbered
from simastra.workload.operation_kinds import KIND_OF

ON_GPU = {"is_cpu_op": False}
NODES = (
    Node(1, "work", NodeType.COMP, duration=1000, is_cpu_op=True),
    Node(2, "out", NodeType.COMM_SEND, comm_src=0, comm_dst=1, comm_size=8, comm_tag=7, **ON_GPU),
    Node(3, "in", NodeType.COMM_RECV, comm_src=1, comm_size=9, **ON_GPU),
    Node(4, "sum", NodeType.COMM_COLL, comm_type=CollectiveType.ALL_REDUCE, comm_size=64, **ON_GPU),
    Node(5, "load", NodeType.MEM_LOAD, tensor_size=32, **ON_GPU),
    Node(6, "estimated", NodeType.COMP, num_ops=10, tensor_size=20, **ON_GPU),
    Node(7, "nothing", NodeType.METADATA),
)


def programs(*npus: tuple[Node, ...]) -> tuple[Program, ...]:
    rules = OperationRules(MASTER, system(roofline_enabled=True, peak_perf=1))
    return compile_trace(Trace.of(npus), rules)


def test_kinds_name_every_operation() -> None:
    (program,) = programs(NODES)
    kinds = "REPLAY SEND RECEIVE COLLECTIVE MEMORY ROOFLINE SKIP"
    assert [OperationKind(it).name for it in program.kinds] == kinds.split()
    assert list(program.collectives) == [3]
    assert list(program.external_operations) == [1, 2, 3, 4]


def test_every_operation_has_a_kind_of_its_own() -> None:
    assert set(KIND_OF) == set(get_args(Operation))
    assert sorted(KIND_OF.values()) == list(OperationKind)


def test_columns_hold_what_objects_hold() -> None:
    (program,) = programs(NODES)
    messages, columns = program.messages, program.columns
    assert list(messages.index) == [1, 2]
    assert messages.is_send == b"\1\0"
    assert list(messages.partner) == [1, 1]
    assert list(messages.size) == [8, 9]
    assert list(messages.tag) == [7, 0]
    assert list(messages.own) == [0, NOT_NAMED]
    assert list(columns.accesses.index) == [4]
    assert list(columns.accesses.size) == [32]
    assert list(columns.rooflines.index) == [5]
    assert (columns.rooflines.num_ops[0], columns.rooflines.tensor_size[0]) == (10, 20)
    assert list(columns.replays.index) == [0]
    assert list(columns.replays.duration) == [1000]


def test_numbers_of_more_than_63_bits_are_kept() -> None:
    (program,) = programs((replace(NODES[1], comm_size=2**63),))
    assert list(program.messages.size) == [2**63]


def test_a_program_of_a_template_has_its_own_messages_and_the_templates_kinds() -> None:
    one, two = programs(NODES, (NODES[0], replace(NODES[1], comm_dst=2), *NODES[2:]))
    assert two.template is one
    assert two.kinds is one.kinds
    assert list(one.messages.partner) == [1, 1]
    assert list(two.messages.partner) == [2, 1]


def test_a_program_with_other_operations_tells_of_those() -> None:
    (program,) = programs(NODES)
    collective = program.operations[3]
    assert isinstance(collective, Collective)
    other = replace(program, operations=(*program.operations[:3], *[SkipOperation()] * 4))
    assert list(program.collectives) == [3]
    assert list(other.collectives) == []
    assert list(other.external_operations) == [1, 2]


def test_collectives_alike_share_a_number_whatever_their_nodes_are_called() -> None:
    first = NODES[3]
    others = [
        replace(first, id=10, name="again", data_deps=(4,)),
        replace(first, id=11, comm_size=65),
        replace(first, id=12, pg_name="0"),  # the same group in other words
        replace(first, id=13, data_deps=(1,)),
    ]
    (program,) = programs((*NODES, *others))
    found = program.columns.collectives
    assert list(found.index) == [3, 7, 8, 9, 10]
    assert list(found.which) == [0, 0, 1, 2, 0]
    assert [it.node.id for it in found.distinct] == [4, 11, 12]
    assert {it.node.id: count for it, count in found.counted()} == {4: 3, 11: 1, 12: 1}
    assert list(found.where(lambda it: it.size == 64)) == [3, 7, 9, 10]
    assert found.where(lambda _it: False) == ()


def test_a_collective_apart_is_like_no_other() -> None:
    nodes = (*NODES, replace(NODES[3], id=10), replace(NODES[3], id=11))
    (program,) = programs(nodes)
    operation = program.operations[7]
    assert isinstance(operation, Collective)
    apart = program.columns.collectives.apart({1: operation})
    assert list(apart.which) == [0, 1, 0]
    assert [it.node.id for it in apart.distinct] == [4, 10]


def test_collectives_apart_are_not_like_each_other() -> None:
    nodes = (*NODES, replace(NODES[3], id=10), replace(NODES[3], id=11))
    (program,) = programs(nodes)
    collectives = program.columns.collectives
    apart = collectives.apart(dict.fromkeys((0, 2), collectives.distinct[0]))
    assert list(apart.which) == [0, 1, 2]


def test_places_are_those_that_all_choose() -> None:
    assert list(places(b"\1\0\1\1")) == [0, 2, 3]
    assert list(places(b"\1\0\1\1", b"\0\1\1\1", b"\1\1\0\1")) == [3]
    assert list(places(b"", b"")) == []


@given(st.lists(st.integers(0, 3)))
def test_numbers_are_given_in_the_order_in_which_keys_first_come(keys: list[int]) -> None:
    which, distinct = numbered(keys)
    assert list(map(distinct.__getitem__, which)) == keys
    assert distinct == list(dict.fromkeys(keys))
    assert first_places(which) == list(map(keys.index, distinct))
