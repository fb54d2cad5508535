"""What a trace asks for that the machine can't do is one error, before anything runs."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from support.machines import network, one_collective, system

from simastra.config import CommGroups, SystemConfig
from simastra.errors import ConfigError, TraceError
from simastra.simulation import Options, Simulation, dialect_named
from simastra.trace import CollectiveType, Node, NodeType, Trace

COMPUTE = Node(1, "fine", NodeType.COMP, duration=5, is_cpu_op=False)

ALL_REDUCE = Node(
    1,
    "AR",
    NodeType.COMM_COLL,
    is_cpu_op=False,
    comm_type=CollectiveType.ALL_REDUCE,
    comm_size=4096,
)


def send(dst: int) -> Node:
    return Node(2, "send", NodeType.COMM_SEND, is_cpu_op=False, comm_dst=dst, comm_size=8)


def receive(src: int) -> Node:
    return Node(2, "receive", NodeType.COMM_RECV, is_cpu_op=False, comm_src=src, comm_size=8)


@pytest.mark.parametrize(
    ("nodes", "node", "problem"),
    [
        ([send(4)], 2, "'send' has comm_dst 4, but the network's NPUs are 0 to 3"),
        ([receive(9)], 2, "'receive' has comm_src 9, but the network's NPUs are 0 to 3"),
        ([send(1)], 2, "'send' has comm_dst 1, the NPU itself; no link leads back to it"),
        ([receive(1)], 2, "'receive' has comm_src 1, the NPU itself; no link leads back to it"),
        (
            [Node(2, "load", NodeType.MEM_LOAD, is_cpu_op=False, tensor_size=8)],
            2,
            "'load' accesses remote memory, and there is none",
        ),
        (
            [Node(2, "load", NodeType.MEM_LOAD, is_cpu_op=True, tensor_size=8)],
            2,
            "'load' accesses remote memory, and there is none",
        ),
        (
            [Node(2, "ar", NodeType.COMM_COLL, is_cpu_op=False, comm_size=8)],
            2,
            "COMM_COLL node without the attribute 'comm_type'",
        ),
        ([COMPUTE], 1, "two nodes have this id"),
        ([Node(2, "n", NodeType.COMP, (3,))], 2, "depends on node 3, which the trace doesn't hold"),
        (
            [Node(2, "a", NodeType.COMP, (3,)), Node(3, "b", NodeType.COMP, (2,))],
            2,
            "dependency cycle 2 -> 3 -> 2",
        ),
    ],
)
def test_an_error_names_the_trace_the_node_and_what_is_wrong(
    nodes: Sequence[Node], node: int, problem: str
) -> None:
    trace = Trace(((COMPUTE,), (COMPUTE, *nodes), (COMPUTE,), (COMPUTE,)), ("a", "b", "c", "d"))
    with pytest.raises(TraceError) as raised:
        Simulation(trace, system(), network(("Ring", 4)))
    assert (raised.value.source, raised.value.node) == ("b", node)
    assert problem in raised.value.problem


def test_a_switch_carries_messages_to_their_own_sender() -> None:
    trace = Trace.of([[send(0), Node(3, "receive", NodeType.COMP)], []])
    result = Simulation(trace, system(), network(("Switch", 2))).run()
    assert result.cycles[0] == 2 * int(500 + 8 / 53.687)


def test_in_a_shared_trace_the_npu_that_would_send_to_itself_is_found() -> None:
    trace = Trace.uniform([send(2)], 4)
    with pytest.raises(TraceError) as raised:
        Simulation(trace, system(), network(("FullyConnected", 4)))
    assert raised.value.source == "NPU 2"


@pytest.mark.parametrize(
    ("config", "key", "problem"),
    [
        (system([]), "all-reduce-implementation", "is required"),
        (
            system(["ring", "ring", "ring"]),
            "all-reduce-implementation",
            "lists 3 algorithms for a network of 2 dimensions",
        ),
        (
            system(["ring", "rign"]),
            "all-reduce-implementation[1]",
            "unknown algorithm 'rign'; did you mean 'ring'?",
        ),
        (system(["ring", "direct0"]), "all-reduce-implementation[1]", "window of 0"),
        (
            system(["halvingDoubling", "halvingDoubling"]),
            "all-reduce-implementation[1]",
            "halvingDoubling needs a power of two of NPUs, the dimension has 3",
        ),
        (
            system(["ring", "doubleBinaryTree"]),
            "all-reduce-implementation[1]",
            "doubleBinaryTree needs a power of two of NPUs, the dimension has 3",
        ),
    ],
)
def test_an_algorithm_that_cannot_run_is_an_error_at_its_key(
    config: SystemConfig, key: str, problem: str
) -> None:
    with pytest.raises(ConfigError) as raised:
        Simulation(
            one_collective(CollectiveType.ALL_REDUCE),
            config,
            network(("Ring", 4), ("FullyConnected", 3)),
        )
    assert raised.value.key == key
    assert problem in raised.value.problem


def test_an_algorithm_may_be_missing_for_a_collective_that_nobody_asks_for() -> None:
    config = system(all_to_all_implementation=[], all_gather_implementation=[])
    trace = one_collective(CollectiveType.ALL_REDUCE, size=4096)
    assert Simulation(trace, config, network(("Ring", 4))).run().makespan > 0


def test_an_algorithm_is_not_checked_on_a_dimension_that_takes_no_part() -> None:
    node = replace(ALL_REDUCE, involved_dim=(True, False))
    shape = network(("Ring", 4), ("FullyConnected", 3))
    trace = Trace.uniform([node], 12)
    assert Simulation(trace, system(["ring", "halvingDoubling"]), shape).run().makespan > 0


@pytest.mark.parametrize(
    ("node", "problem"),
    [
        (replace(send(2), comm_src=0), "has comm_src 0, but NPU 1 is the one that sends"),
        (replace(receive(2), comm_dst=3), "has comm_dst 3, but NPU 1 is the one that receives"),
    ],
)
def test_in_master_a_message_must_name_the_npu_itself_at_its_own_end(
    node: Node, problem: str
) -> None:
    trace = Trace(((COMPUTE,), (COMPUTE, node), (COMPUTE,), (COMPUTE,)), ("a", "b", "c", "d"))
    ring = network(("Ring", 4))
    with pytest.raises(TraceError, match=problem) as raised:
        Simulation(trace, system(), ring, options=Options(dialect=dialect_named("master")))
    assert (raised.value.source, raised.value.node) == ("b", 2)
    assert Simulation(trace, system(), ring).trace is trace


def test_in_a_shared_trace_the_npu_outside_the_process_group_is_found() -> None:
    """The first four ask for the same and are in the group; that says nothing of the fifth."""
    groups = CommGroups.parse({"1": [0, 1, 2, 3]}, "groups.json")
    trace = Trace.uniform([replace(ALL_REDUCE, pg_name="1")], 5)
    with pytest.raises(TraceError, match="NPU 4 isn't a member of it") as raised:
        Simulation(
            trace,
            system(),
            network(("Ring", 5)),
            comm_groups=groups,
            options=Options(dialect=dialect_named("master")),
        )
    assert raised.value.source == "NPU 4"


def test_in_a_shared_trace_the_npus_on_which_the_root_takes_no_part_are_found() -> None:
    broadcast = replace(
        ALL_REDUCE,
        comm_type=CollectiveType.BROADCAST,
        involved_dim=(True, False),
        comm_src=0,
    )
    with pytest.raises(TraceError, match="doesn't take part on NPU 2") as raised:
        Simulation(
            Trace.uniform([broadcast], 4),
            system(),
            network(("Ring", 2), ("Ring", 2)),
            options=Options(dialect=dialect_named("master", extended_collectives=True)),
        )
    assert raised.value.source == "NPU 2"
