"""What is wrong or doubtful in a trace by itself, whatever it is to run on."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from simastra.notices import Notice, Severity
from simastra.simulation.checks.trace import trace_notices
from simastra.trace import CollectiveType, Node, NodeType, TraceBuilder


def told(*npus: Sequence[Node], **unknown: int) -> list[Notice]:
    """What is told of a trace x, whose NPUs have these nodes."""
    return told_of(dict(enumerate(npus)), **unknown)


def told_of(npus: Mapping[int, Sequence[Node]], **unknown: int) -> list[Notice]:
    return list(trace_notices(npus, {npu: f"x.{npu}.et" for npu in npus}, unknown, "x"))


def codes(notices: Sequence[Notice]) -> list[str]:
    return [notice.code for notice in notices]


COMP = Node(1, "a", NodeType.COMP)


@pytest.mark.parametrize(
    ("nodes", "code", "where", "message"),
    [
        ((COMP, COMP), "dependencies", "x.0.et, node 1", "two nodes have this id"),
        (
            (Node(1, "a", NodeType.COMP, data_deps=(2, 3)),),
            "dependencies",
            "x.0.et, node 1",
            "depends on node 2, which the trace doesn't hold; add that node or remove the "
            "dependency; 2 dependencies are on nodes that it doesn't hold",
        ),
        (
            (Node(1, "a", NodeType.COMP, ctrl_deps=(7,)),),
            "dependencies",
            "x.0.et, node 1",
            "depends on node 7",
        ),
        (
            (
                Node(1, "a", NodeType.COMP, data_deps=(2,)),
                Node(2, "b", NodeType.COMP, data_deps=(1,)),
            ),
            "dependencies",
            "x.0.et, node 1",
            "dependency cycle 1 -> 2 -> 1",
        ),
        (
            (
                Node(
                    4,
                    "s",
                    NodeType.COMM_COLL,
                    is_cpu_op=False,
                    comm_type=CollectiveType.ALL_REDUCE,
                ),
            ),
            "missing-attribute",
            "x.0.et, node 4",
            "COMM_COLL nodes without the attribute comm_size: 1",
        ),
        (
            (Node(4, "s", NodeType.MEM_LOAD, tensor_size=1),),
            "no-is-cpu-op",
            "x.0.et, node 4",
            "communication and memory nodes without the attribute is_cpu_op: 1",
        ),
        ((Node(4, "s", NodeType.INVALID),), "invalid-node", "x.0.et, node 4", "type INVALID: 1"),
    ],
)
def test_what_is_wrong_is_a_finding(
    nodes: Sequence[Node], code: str, where: str, message: str
) -> None:
    (notice,) = told(nodes)
    assert (notice.code, notice.where) == (code, where)
    assert message in notice.message


def test_dependencies_are_told_once_though_both_kinds_are_broken() -> None:
    nodes = [
        Node(1, "a", NodeType.COMP, data_deps=(5,)),
        Node(2, "b", NodeType.COMP, data_deps=(1,), ctrl_deps=(6, 7)),
    ]
    (notice,) = told(nodes)
    assert notice.message.endswith("; 1 dependency is on a node that it doesn't hold")
    assert notice.fix == "until then it can't run"
    (notice,) = told([Node(1, "a", NodeType.COMP), nodes[1]])
    assert notice.message.endswith("; 2 dependencies are on nodes that it doesn't hold")
    assert notice.fix == "the dialect hoti2024 doesn't heed control dependencies, master does"


def test_what_is_missing_is_counted_by_type_and_attribute() -> None:
    nodes = [
        Node(1, "a", NodeType.COMM_SEND, is_cpu_op=False, comm_size=8),
        Node(2, "b", NodeType.COMM_SEND, is_cpu_op=False, comm_size=8),
        Node(3, "c", NodeType.COMM_RECV, is_cpu_op=False, comm_src=0),
        Node(4, "d", NodeType.MEM_STORE, is_cpu_op=False),
        Node(5, "e", NodeType.COMM_COLL, is_cpu_op=False, comm_size=1),
    ]
    assert [(it.where, it.message) for it in told(nodes)] == [
        ("x.0.et, node 1", "COMM_SEND nodes without the attribute comm_dst: 2"),
        ("x.0.et, node 3", "COMM_RECV nodes without the attribute comm_size: 1"),
        ("x.0.et, node 4", "MEM_STORE nodes without the attribute tensor_size: 1"),
        ("x.0.et, node 5", "COMM_COLL nodes without the attribute comm_type: 1"),
    ]


def test_an_invalid_node_is_worth_knowing_and_the_rest_warns() -> None:
    (invalid,) = told([Node(4, "s", NodeType.INVALID)])
    (unplaced,) = told([Node(4, "s", NodeType.MEM_LOAD, tensor_size=1)])
    assert (invalid.severity, unplaced.severity) == (Severity.INFO, Severity.WARNING)


def test_a_barrier_needs_no_size() -> None:
    barrier = Node(1, "b", NodeType.COMM_COLL, is_cpu_op=False, comm_type=CollectiveType.BARRIER)
    assert not told([barrier])


def test_npus_with_the_same_nodes_are_told_of_once() -> None:
    invalid, other = [Node(4, "s", NodeType.INVALID)], [Node(5, "s", NodeType.INVALID)]
    assert [it.where for it in told(invalid, other, invalid, invalid)] == [
        "x.0.et and 2 more like it, node 4",
        "x.1.et, node 5",
    ]


def test_unknown_attributes_are_listed_by_name() -> None:
    (notice,) = told([COMP], tid=7, stream=1)
    assert (notice.code, notice.where, notice.severity) == (
        "unknown-attributes",
        "x",
        Severity.INFO,
    )
    assert notice.message.endswith(", by number of nodes: stream (1), tid (7)")


def test_groups_that_collectives_name_are_counted() -> None:
    (notice,) = told(reduces(8, 8, group=1))
    assert (notice.code, notice.where, notice.severity) == ("group-not-read", "x", Severity.INFO)
    assert notice.message.startswith(
        "collectives that name a process group (pg_name): 2, in 1 group;"
    )
    (notice,) = told([*reduces(8, group=1), *reduces(8, 8, 8, group=2)[1:]])
    assert notice.message.startswith(
        "collectives that name a process group (pg_name): 3, in 2 groups;"
    )
    assert not told(reduces(8, group=0))


def test_sends_and_receives_must_meet() -> None:
    sender, receiver = TraceBuilder(0), TraceBuilder(1)
    sender.send("a", size=8, to=1, tag=1)
    sender.send("b", size=8, to=1, tag=2)
    receiver.recv("a", size=8, source=0, tag=1)
    receiver.recv("b", size=9, source=0, tag=2)
    (notice,) = told(sender.nodes, receiver.nodes)
    assert (notice.code, notice.where) == ("unlike-halves", "x.0.et")
    assert notice.message == (
        "1 send differs in size or tag from the receive that is left for it: NPU 0's node 2 ('b') "
        "sends 8 bytes with tag 2 to NPU 1, whose node 2 ('b') waits for 9 bytes with tag 2"
    )


def test_halves_without_tag_or_size_are_of_tag_0_and_no_bytes() -> None:
    send = Node(1, "s", NodeType.COMM_SEND, is_cpu_op=False, comm_dst=1)
    receive = Node(1, "r", NodeType.COMM_RECV, is_cpu_op=False, comm_src=0)
    assert codes(told([send], [receive])) == ["missing-attribute"] * 2
    nowhere = Node(2, "n", NodeType.COMM_SEND, is_cpu_op=False, comm_size=1)
    assert codes(told([send, nowhere], [receive])) == ["missing-attribute"] * 3
    (*_, lost) = told([send], [])
    assert "sends 0 bytes with tag 0 to NPU 1" in lost.message


def test_of_a_hole_in_the_numbers_each_npu_keeps_its_own() -> None:
    sender, receiver = TraceBuilder(0), TraceBuilder(3)
    sender.send("a", size=8, to=3)
    receiver.recv("b", size=8, source=1)
    found = told_of({0: sender.nodes, 3: receiver.nodes})
    assert [(it.code, it.where) for it in found[1:]] == [
        ("missing-receive", "x.0.et"),
        ("missing-send", "x.3.et"),
    ]


def reduces(*sizes: int, group: int | None = None) -> Sequence[Node]:
    builder = TraceBuilder()
    for size in sizes:
        builder.all_reduce("ar", size=size, group=group)
    return builder.nodes


def test_collectives_must_be_alike_on_all_members() -> None:
    (notice,) = told(reduces(8, 16), reduces(8, 16), reduces(8, 17))
    assert (notice.code, notice.where) == ("unlike-collectives", "x")
    assert notice.message == (
        "members ask for unlike collectives: number 2 of all NPUs is ALL_REDUCE of 16 bytes on NPU "
        "0 (node 2) and ALL_REDUCE of 17 bytes on NPU 2 (node 2)"
    )
    other = TraceBuilder()
    other.all_gather("ag", size=8)
    (notice,) = told(reduces(8), other.nodes)
    assert "ALL_GATHER of 8 bytes on NPU 1 (node 1)" in notice.message


def test_collectives_are_compared_within_their_group_in_order_of_their_ids() -> None:
    (_, notice) = told([*reduces(8, 9, group=1)][::-1], reduces(8, 10, group=1))
    assert (
        "number 2 of process group 1 is ALL_REDUCE of 9 bytes on NPU 0 (node 2)" in notice.message
    )


def test_groups_and_lines_may_have_collectives_of_their_own() -> None:
    assert codes(told(reduces(8, group=1), reduces(9, group=2))) == ["group-not-read"]
    line, other = TraceBuilder(), TraceBuilder()
    line.all_reduce("ar", size=8, dims=(True, False))
    other.all_reduce("ar", size=9, dims=(True, False))
    assert not told(line.nodes, other.nodes)


def test_members_of_an_uneven_all_to_all_may_name_different_sizes() -> None:
    def sized(size: int, *, uneven: bool) -> Sequence[Node]:
        kind = CollectiveType.ALL_TO_ALL
        node = Node(1, "a2a", NodeType.COMM_COLL, is_cpu_op=False, comm_type=kind, comm_size=size)
        return [replace(node, comm_uneven=uneven)]

    assert not told(sized(8, uneven=True), sized(9, uneven=True))
    assert not told(sized(8, uneven=True), sized(16, uneven=False))  # which sends equal parts
    (notice,) = told(sized(8, uneven=True), reduces(8))
    assert "uneven ALL_TO_ALL on NPU 0 (node 1) and uneven ALL_REDUCE on NPU 1" in notice.message


def test_parts_of_different_sizes_are_told_and_who_has_most() -> None:
    def listing(*sizes: int) -> Sequence[Node]:
        builder = TraceBuilder()
        builder.all_to_all("a", sizes=sizes)
        return builder.nodes

    (notice,) = told(listing(0, 10), listing(30, 0))
    assert "2 nodes, with parts of 0 to 30 bytes" in notice.message
    assert "number 1 of all NPUs, where NPU 0 has 30, 1.50 times the mean" in notice.message
    assert not told(listing(5, 5), listing(5, 5))
    (alone,) = told(listing(0, 10))
    assert "most" not in alone.message


def test_a_collective_without_a_type_is_one_too() -> None:
    (*_, notice) = told([Node(1, "c", NodeType.COMM_COLL, is_cpu_op=False)], reduces(8))
    assert "a collective of 0 bytes on NPU 0 (node 1)" in notice.message


def test_of_a_single_file_messages_are_not_matched() -> None:
    sender = TraceBuilder(0)
    sender.send("a", size=8, to=1)
    assert not told(sender.nodes)


def test_missing_npus_are_named() -> None:
    (notice,) = told_of({0: [COMP], 3: [COMP]})
    assert (notice.code, notice.where) == ("missing-npu", "x")
    assert notice.message == "there is no file for NPUs 1 and 2"
    (notice,) = told_of({0: [COMP], 2: [COMP]})
    assert notice.message == "there is no file for NPU 1"
    assert not told_of({0: [COMP], 1: [COMP]})
