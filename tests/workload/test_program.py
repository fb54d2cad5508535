"""Programs are shared as far as NPUs are alike, and say what each NPU's own nodes say."""

from dataclasses import replace

import pytest
from support.machines import network, system

from simastra.dialect import DIALECTS, HOTI2024, MASTER
from simastra.errors import TraceError
from simastra.simulation import Options, Simulation
from simastra.trace import Node, NodeType, Trace
from simastra.workload import OperationRules, Program, compile_trace

WORK = Node(1, "work", NodeType.COMP, duration=1000, is_cpu_op=False)
SEND = Node(2, "out", NodeType.COMM_SEND, (1,), is_cpu_op=False, comm_dst=1, comm_size=8)
RECEIVE = Node(3, "in", NodeType.COMM_RECV, (1,), is_cpu_op=False, comm_src=1, comm_size=8)


def programs(*npus: tuple[Node, ...]) -> tuple[Program, ...]:
    return compile_trace(Trace.of(npus), OperationRules(MASTER, system()))


def test_npus_with_the_same_nodes_have_one_program() -> None:
    nodes = (WORK, SEND)
    one, two = programs(nodes, nodes)
    assert one is two
    assert one.template is one


def test_npus_that_differ_in_whom_they_talk_to_share_all_else() -> None:
    to_two = replace(SEND, comm_dst=2)
    one, two = programs((WORK, SEND, RECEIVE), (WORK, to_two, RECEIVE))
    assert two.template is one
    assert two.resources is one.resources
    assert [node for node, _ in two] == [WORK, to_two, RECEIVE]
    assert [operation.dst for _, operation in (list(one)[1], list(two)[1])] == [1, 2]
    assert list(two.external_operations) == list(one.external_operations) == [1, 2]


@pytest.mark.parametrize(
    "other",
    [
        (replace(WORK, duration=1001), SEND),
        (replace(WORK, is_cpu_op=True), SEND),
        (WORK, replace(SEND, data_deps=())),
        (WORK, replace(SEND, data_deps=(), ctrl_deps=(1,))),
        (WORK, replace(SEND, id=4)),
        (WORK, replace(RECEIVE, id=2)),
        (WORK,),
    ],
    ids=["duration", "unit", "no dependency", "control", "id", "type", "length"],
)
def test_npus_that_differ_in_anything_else_have_programs_of_their_own(
    other: tuple[Node, ...],
) -> None:
    one, two = programs((WORK, SEND), other)
    assert two.template is two
    assert [node for node, _ in two] == list(other)
    assert [node for node, _ in one] == [WORK, SEND]


def test_a_mistake_in_a_later_trace_is_found_there() -> None:
    trace = Trace(((WORK, SEND), (WORK, replace(SEND, comm_size=None))), ("a", "b"))
    with pytest.raises(TraceError, match="without the attribute 'comm_size'") as raised:
        compile_trace(trace, OperationRules(MASTER, system()))
    assert (raised.value.source, raised.value.node) == ("b", 2)


@pytest.mark.parametrize(
    ("dialect", "sender", "is_refused"),
    [
        (HOTI2024, 1, False),
        (HOTI2024, 0, False),
        (MASTER, 1, True),
        (MASTER, 0, False),
        (MASTER, None, False),
    ],
    ids=str,
)
def test_who_sends_must_be_who_is_said_to_where_the_dialect_looks(
    dialect: object,
    sender: int | None,
    is_refused: bool,  # noqa: FBT001  # pytest passes it by name
) -> None:
    assert dialect in DIALECTS.values()
    trace = Trace.of(
        [
            (replace(SEND, data_deps=(), comm_src=sender),),
            (replace(RECEIVE, comm_src=0, data_deps=()),),
        ]
    )
    options = Options(dialect=dialect)

    def simulated() -> Simulation:
        return Simulation(trace, system(), network(("FullyConnected", 2)), options=options)

    if not is_refused:
        assert simulated().run().makespan > 0
        return
    with pytest.raises(TraceError, match="has comm_src 1, but NPU 0 is the one that sends"):
        simulated()
