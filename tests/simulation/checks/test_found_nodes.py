"""Nodes that fail a check count once, whichever NPUs have them."""

from collections.abc import Sequence
from copy import copy
from dataclasses import replace

from support.machines import system

from simastra.dialect import MASTER
from simastra.simulation.checks.found_nodes import NodesFound
from simastra.trace import Node, NodeType, Trace
from simastra.trace.renamed import NodeTemplate
from simastra.workload import OperationRules, compile_trace

NODES = (
    Node(1, "send", NodeType.COMM_SEND, comm_src=0, comm_dst=4, comm_size=8, is_cpu_op=False),
    Node(2, "work", NodeType.COMP, duration=1000, is_cpu_op=False),
)


def found(*npus: Sequence[Node]) -> dict[int, list[Node]]:
    """What is told of each NPU, of whose nodes all fail."""
    gathered = NodesFound(is_alone=False)
    programs = compile_trace(Trace.of(npus), OperationRules(MASTER, system()))
    for npu, program in enumerate(programs):
        gathered.add(npu, program, {"code": range(len(program.operations))})
    return {npu: list(nodes) for npu, nodes in gathered.of("code").items()}


def test_equal_nodes_are_the_same_node() -> None:
    other = Node(2, "other", NodeType.COMP, duration=1000, is_cpu_op=False)
    again = tuple(map(copy, NODES))
    assert found(NODES, again, (again[0], other)) == {0: list(NODES), 2: [other]}


def test_of_renamed_nodes_those_that_name_others_are_new() -> None:
    template = NodeTemplate(NODES)
    same, other = template.renamed((0, 4), ()), template.renamed((1, 5), ())
    told = found(NODES, same, other, template.renamed((1, 5), ()))
    assert told == {0: list(NODES), 2: [other[0]]}


def test_what_is_called_as_another_nodes_partner_is_new() -> None:
    """Two ranks may name the same NPUs in turn: each of their nodes is another one."""
    sends = tuple(
        Node(number, "send", NodeType.COMM_SEND, comm_dst=dst, comm_size=8, is_cpu_op=False)
        for number, dst in ((1, 4), (2, 5))
    )
    swapped = NodeTemplate(sends).renamed((5, 4), ())
    assert found(sends, swapped, sends) == {0: list(sends), 1: list(swapped)}


def test_a_renamed_node_may_be_one_of_an_npu_before() -> None:
    first = (NODES[0], Node(2, "first", NodeType.COMP, is_cpu_op=False))
    other = (replace(NODES[0], comm_dst=5), NODES[1])
    renamed = NodeTemplate(other).renamed((0, 4), ())
    assert found(first, other, renamed, first) == {0: list(first), 1: list(other)}


def test_what_fails_in_one_rank_only_is_told_of() -> None:
    template = NodeTemplate(NODES)
    again = template.renamed((0, 4), ())
    programs = compile_trace(Trace.of([NODES, again, again]), OperationRules(MASTER, system()))
    gathered = NodesFound(is_alone=False)
    for npu, (program, failing) in enumerate(zip(programs, ([], [1], [0, 1]), strict=True)):
        gathered.add(npu, program, {"code": failing})
    told = {npu: list(nodes) for npu, nodes in gathered.of("code").items()}
    assert told == {1: [NODES[1]], 2: [NODES[0]]}
