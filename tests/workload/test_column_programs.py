"""Programs of nodes in columns are those of the nodes as objects, or fail with the same words."""

from __future__ import annotations

import pickle
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from support.machines import system
from support.random_nodes import random_nodes, random_relative

from simastra.dialect import HOTI2024, MASTER
from simastra.errors import TraceError
from simastra.on_demand import OnDemand
from simastra.simulation import dialect_named
from simastra.system import Collective
from simastra.trace import CollectiveType, Node, NodeType, Trace
from simastra.trace.decoding import decode_any
from simastra.trace.protobuf import encode_nodes
from simastra.workload import OperationRules, Program, compile_trace

pytest.importorskip("numpy", reason="columns are numpy's")

from support.columnar import in_columns  # not before that

DIALECTS = (
    HOTI2024,
    MASTER,
    dialect_named("hoti2024", extended_collectives=True),
    dialect_named("master", exact_durations=True),
)
CHAIN = (
    Node(1, "work", NodeType.COMP, duration=1000, is_cpu_op=False),
    Node(2, "out", NodeType.COMM_SEND, (1, 1), is_cpu_op=False, comm_dst=1, comm_size=8),
)


def random_rules(draw: Random) -> OperationRules:
    modes = {"roofline_enabled": draw.random() < 0.5, "replay_only": draw.random() < 0.15}
    return OperationRules(draw.choice(DIALECTS), system(**modes, peak_perf=1))


def random_trace(draw: Random) -> Trace:
    nodes = random_nodes(draw)
    made = (lambda: nodes, lambda: random_relative(draw, nodes), lambda: random_nodes(draw))
    return Trace.of([nodes, *(draw.choice(made)() for _ in range(draw.randrange(4)))])


def programs(trace: Trace, rules: OperationRules) -> tuple[Program, ...] | str:
    try:
        return compile_trace(trace, rules)
    except TraceError as error:
        return str(error)


def shared(programs: tuple[Program, ...]) -> list[int]:
    """Which programs, and which templates, are the same ones."""
    each = [it for program in programs for it in (program, program.template)]
    return [each.index(it) for it in each]


def told(program: Program, rules: OperationRules) -> dict[str, object]:
    """All that a program says."""
    columns, graph = program.columns, program.graph
    messages, collectives = columns.messages, columns.collectives
    found: dict[str, object] = {
        "nodes": list(graph.nodes),
        "operations": list(program.operations),
        "units": list(program.resources),
        "activities": list(rules.activities(graph.nodes)),
        "dependencies": (graph.children.flat, graph.parents, graph.roots),
        "kinds": (program.kinds, program.collectives, program.external_operations),
        "collectives": (collectives.index, collectives.which, collectives.distinct),
        "of collectives": [it.node for it in collectives.distinct],
    }
    tables = (messages, columns.replays, columns.rooflines, columns.accesses)
    for table in tables:
        found |= {
            f"{type(table).__name__}.{name}": list(getattr(table, name))
            for name in type(table).__slots__
        }
    return found


def check(seed: int, trace: Trace, columns: Trace, rules: OperationRules) -> None:
    """Check that programs are the same, or fail with the same words."""
    expected, found = programs(trace, rules), programs(columns, rules)
    if isinstance(expected, str) or isinstance(found, str):
        assert found == expected, seed
        return
    assert shared(found) == shared(expected), seed
    for one, other in zip(found, expected, strict=True):
        assert told(one, rules) == told(other, rules), seed


@pytest.mark.parametrize(
    "seeds", [range(start, start + 100) for start in range(0, 600, 100)], ids=str
)
def test_random_programs_are_the_same(seeds: range) -> None:
    for seed in seeds:
        draw = Random(seed)
        trace, rules = random_trace(draw), random_rules(draw)
        check(seed, trace, in_columns(trace), rules)


COLLECTIVE = {"comm_type": CollectiveType.BROADCAST, "comm_src": 0, "comm_size": 8}


@pytest.mark.parametrize(
    ("kind", "given", "change"),
    [
        (NodeType.COMP, {"num_ops": 6, "tensor_size": 8}, {"num_ops": 7}),
        (NodeType.COMP, {"num_ops": 6, "tensor_size": 8}, {"tensor_size": 9}),
        (NodeType.COMP, {"duration": 1000}, {"duration": 2000}),
        (NodeType.COMP, {"duration": 1000}, {"duration_nanos": 1234}),
        (NodeType.COMP, {"duration": 1000, "duration_nanos": 5}, {"duration_nanos": 6}),
        (NodeType.COMM_RECV, {"comm_src": 1, "comm_size": 8}, {"comm_src": None}),
        (NodeType.COMM_COLL, COLLECTIVE, {"comm_priority": 1}),
        (NodeType.COMM_COLL, COLLECTIVE, {"comm_src": 1}),
        (NodeType.COMM_COLL, COLLECTIVE, {"comm_size": 9}),
        (NodeType.COMM_COLL, COLLECTIVE, {"pg_name": "1"}),
        (NodeType.COMM_COLL, COLLECTIVE, {"involved_dim": (False, True)}),
    ],
)
def test_one_node_among_many_that_differs_in_one_attribute(
    kind: NodeType, given: dict[str, Any], change: dict[str, Any]
) -> None:
    """It is told apart, in its own trace and in that of another NPU."""
    nodes = [Node(id, "a", kind, is_cpu_op=False, **given) for id in range(40)]
    other = [*nodes[:22], replace(nodes[22], **change), *nodes[23:]]
    trace = Trace.of([tuple(nodes), tuple(other)])
    for dialect in DIALECTS:
        rules = OperationRules(dialect, system(roofline_enabled=True, peak_perf=1))
        check(0, trace, in_columns(trace), rules)


def test_a_dependency_on_a_node_that_is_missing_between_others() -> None:
    deps: dict[int, tuple[int, ...]] = {1: (), 4: (), 7: (2,)}
    nodes = [Node(id, "a", NodeType.COMP, each, duration=1000) for id, each in deps.items()]
    trace = Trace.of([nodes])
    rules = OperationRules(MASTER, system())
    assert "2" in str(programs(trace, rules))
    check(0, trace, in_columns(trace), rules)


def test_random_programs_of_files_are_the_same() -> None:
    pytest.importorskip("numba", reason="needs the extra fast")
    from simastra.trace.columns.decoding import ColumnDecoder  # noqa: PLC0415  # not before that

    decoder, made = ColumnDecoder(), 0
    for seed in range(200):
        draw = Random(seed)
        trace, rules = random_trace(draw), random_rules(draw)
        contents = {id(nodes): encode_nodes(nodes, "f") for nodes in trace.distinct}
        plain = {key: decode_any(data, "f") for key, data in contents.items()}
        columns = {key: decoder.decoded(data, "f") for key, data in contents.items()}
        made += sum(it is not None for it in columns.values())
        nodes = {key: plain[key] if it is None else it.nodes for key, it in columns.items()}
        loaded, in_files = (
            replace(trace, npus=tuple(them[id(it)] for it in trace.npus)) for them in (plain, nodes)
        )
        check(seed, loaded, in_files, rules)
    assert made > 200


def test_a_program_makes_no_node_until_somebody_asks() -> None:
    (program,) = compile_trace(in_columns(Trace.of([CHAIN])), OperationRules(MASTER, system()))
    assert isinstance(program.operations, OnDemand)
    assert program.operations[1] is not program.operations[1]


def test_who_walks_a_program_meets_the_same_objects_as_all_others() -> None:
    (program,) = compile_trace(in_columns(Trace.of([CHAIN])), OperationRules(MASTER, system()))
    walked = program.with_objects
    assert walked is program.with_objects
    assert walked is walked.with_objects
    assert walked.columns is program.columns
    for kept, asked in (
        (walked.operations, program.operations),
        (walked.graph.nodes, program.graph.nodes),
    ):
        assert all(one is other for one, other in zip(kept, asked, strict=True))


def test_a_pickled_program_says_the_same() -> None:
    rules = OperationRules(MASTER, system())
    found = compile_trace(in_columns(Trace.of([CHAIN, CHAIN])), rules)
    before = [told(program, rules) for program in found]
    copies = pickle.loads(pickle.dumps(found))
    assert [told(program, rules) for program in copies] == before
    assert shared(copies) == shared(found)


def test_nodes_out_of_order_make_a_program_of_objects() -> None:
    trace = in_columns(Trace.of([CHAIN[::-1]]))
    (program,) = compile_trace(trace, OperationRules(MASTER, system()))
    assert program.with_objects is program
    assert [node.id for node in program.graph.nodes] == [1, 2]


def test_graphs_are_shared_between_equal_ones() -> None:
    trace = Trace.of([CHAIN, (CHAIN[0], replace(CHAIN[1], comm_size=9, is_cpu_op=True))])
    one, two = compile_trace(in_columns(trace), OperationRules(HOTI2024, system()))
    assert two.template is two
    assert two.graph.children is one.graph.children


def test_collectives_name_the_nodes_that_are_kept_after_operations_were_changed() -> None:
    """Who tells nodes apart by identity, as explanations do, finds them."""
    collective = Node(
        1,
        "reduce",
        NodeType.COMM_COLL,
        is_cpu_op=False,
        comm_type=CollectiveType.ALL_REDUCE,
        comm_size=64,
    )
    trace = in_columns(Trace.uniform([collective, replace(collective, id=2)], 1))
    (program,) = compile_trace(trace, OperationRules(HOTI2024, system()))
    changed = replace(program, operations=tuple(program.operations)).with_objects
    for node, operation in changed:
        assert isinstance(operation, Collective)
        assert operation.node is node
    assert changed.operations == tuple(program.operations)
