"""What is said of a trace without simulating it."""

import json
from collections.abc import Sequence

import pytest

from simastra.notices import Severity
from simastra.report.inspect import NpuFile, TraceSummary, Traffic, inspect_trace
from simastra.trace import CollectiveType, Node, NodeType, TraceBuilder
from simastra.trace.contents import TraceContents
from simastra.trace.decoding import Form


def contents(nodes: Sequence[Node], **others: int) -> TraceContents:
    return TraceContents(Form.PROTOBUF, "0.0.4", tuple(nodes), others)


def inspected(*npus: TraceContents) -> TraceSummary:
    files = [NpuFile(npu, f"x.{npu}.et", held) for npu, held in enumerate(npus)]
    return inspect_trace(files, "x")


def codes(summary: TraceSummary) -> list[str]:
    return [finding.code for finding in summary.findings]


@pytest.fixture
def training() -> TraceBuilder:
    """A computation of 30 µs, beside it two of 10 µs on the CPU, and gradients in two groups."""
    builder = TraceBuilder()
    forward = builder.compute("forward", micros=30)
    builder.compute("log", micros=10, on_cpu=True)
    builder.compute("log", micros=10, on_cpu=True)
    first = builder.all_reduce("g1", size=100, group=1, after=forward)
    builder.all_reduce("g1b", size=50, group=1, after=first)
    builder.all_gather("g2", size=7, after=forward)
    builder.load("weights", tensor_size=1000)
    return builder


def test_counts_bytes_and_times(training: TraceBuilder) -> None:
    (part,) = inspected(contents(training.nodes)).parts
    assert part.nodes == {"MEM_LOAD": 1, "COMP": 3, "COMM_COLL": 3}
    assert part.traffic == (
        Traffic("ALL_GATHER", "", 1, 7),
        Traffic("ALL_REDUCE", "1", 2, 150),
        Traffic("MEM_LOAD", "", 1, 1000),
    )
    assert (part.compute, part.cpu) == (30_000, 20_000)
    assert (part.critical_path, part.critical_nodes, part.depth, part.width) == (30_000, 3, 3, 4)
    assert part.parallelism == pytest.approx(50 / 30)


def test_npus_with_the_same_nodes_are_one_part_and_count_each(training: TraceBuilder) -> None:
    alike, other = contents(training.nodes), contents(training.nodes[:1])
    summary = inspected(alike, other, alike)
    assert [part.sources for part in summary.parts] == [("x.0.et", "x.2.et"), ("x.1.et",)]
    assert summary.npus == 3
    assert summary.nodes == {"MEM_LOAD": 2, "COMP": 7, "COMM_COLL": 6}
    assert Traffic("ALL_REDUCE", "1", 4, 300) in summary.traffic
    (finding,) = summary.findings
    assert (finding.code, finding.severity) == ("group-not-read", Severity.INFO)
    assert "that name a process group (pg_name): 4, in 1 group;" in finding.message


def test_unknown_attributes_are_told_once_for_all_npus(training: TraceBuilder) -> None:
    alike = contents(training.nodes, tid=3)
    other = contents(training.nodes[:1], stream=1, tid=1)
    finding, _ = inspected(alike, other, alike).findings
    assert (finding.where, finding.severity) == ("x", Severity.INFO)
    assert finding.message.endswith(": stream (1), tid (7)")


def test_all_of_it_can_be_json(training: TraceBuilder) -> None:
    summary = inspected(contents(training.nodes, tid=3))
    document = json.loads(json.dumps(summary.to_dict()))
    assert document["parts"][0]["critical_path"] == 30_000
    assert document["findings"][0]["code"] == "unknown-attributes"
    assert "tid (3)" in document["findings"][0]["message"]


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
    (finding,) = inspected(contents(nodes)).findings
    assert (finding.code, finding.where) == (code, where)
    assert message in finding.message


def test_a_circle_has_no_chain_but_all_else_is_told() -> None:
    nodes = (Node(1, "a", NodeType.COMP, data_deps=(2,)), Node(2, "b", NodeType.COMP, (1,)))
    (part,) = inspected(contents(nodes)).parts
    assert part.nodes == {"COMP": 2}
    assert part.critical_path is part.depth is part.parallelism is None


def test_a_barrier_needs_no_size() -> None:
    barrier = Node(1, "b", NodeType.COMM_COLL, is_cpu_op=False, comm_type=CollectiveType.BARRIER)
    assert not inspected(contents([barrier])).findings


def test_sends_and_receives_must_meet() -> None:
    sender, receiver = TraceBuilder(0), TraceBuilder(1)
    sender.send("a", size=8, to=1, tag=1)
    sender.send("b", size=8, to=1, tag=2)
    receiver.recv("a", size=8, source=0, tag=1)
    receiver.recv("b", size=9, source=0, tag=2)
    summary = inspected(contents(sender.nodes), contents(receiver.nodes))
    (finding,) = summary.findings
    assert (finding.code, finding.where) == ("unlike-halves", "x.0.et")
    assert finding.message == (
        "1 send differs in size or tag from the receive that is left for it: NPU 0's node 2 ('b') "
        "sends 8 bytes with tag 2 to NPU 1, whose node 2 ('b') waits for 9 bytes with tag 2"
    )


def test_of_a_hole_in_the_numbers_each_npu_keeps_its_own() -> None:
    sender, receiver = TraceBuilder(0), TraceBuilder(3)
    sender.send("a", size=8, to=3)
    receiver.recv("b", size=8, source=1)
    files = [
        NpuFile(npu, f"x.{npu}.et", contents(it.nodes)) for npu, it in ((0, sender), (3, receiver))
    ]
    found = [(it.code, it.where) for it in inspect_trace(files, "x").findings]
    assert found[1:] == [("missing-receive", "x.0.et"), ("missing-send", "x.3.et")]


def reduces(*sizes: int, group: int | None = None) -> TraceContents:
    builder = TraceBuilder()
    for size in sizes:
        builder.all_reduce("ar", size=size, group=group)
    return contents(builder.nodes)


def test_collectives_must_be_alike_on_all_members() -> None:
    (finding,) = inspected(reduces(8, 16), reduces(8, 16), reduces(8, 17)).findings
    assert (finding.code, finding.where) == ("unlike-collectives", "x")
    assert finding.message.endswith(
        "number 2 of all NPUs is ALL_REDUCE of 16 bytes on NPU 0 (node 2) "
        "and ALL_REDUCE of 17 bytes on NPU 2 (node 2)"
    )
    other = TraceBuilder()
    other.all_gather("ag", size=8)
    (finding,) = inspected(reduces(8), contents(other.nodes)).findings
    assert "ALL_GATHER of 8 bytes on NPU 1 (node 1)" in finding.message


def test_groups_and_lines_may_have_collectives_of_their_own() -> None:
    apart = inspected(reduces(8, group=1), reduces(9, group=2))
    assert codes(apart) == ["group-not-read"]
    line, other = TraceBuilder(), TraceBuilder()
    line.all_reduce("ar", size=8, dims=(True, False))
    other.all_reduce("ar", size=9, dims=(True, False))
    assert not inspected(contents(line.nodes), contents(other.nodes)).findings


def test_of_a_single_file_messages_are_not_matched() -> None:
    sender = TraceBuilder(0)
    sender.send("a", size=8, to=1)
    assert not inspected(contents(sender.nodes)).findings


def test_a_missing_npu_is_a_finding() -> None:
    held = contents([COMP])
    files = [NpuFile(npu, f"x.{npu}.et", held) for npu in (0, 3)]
    (finding,) = inspect_trace(files, "x").findings
    assert finding.code == "missing-npu"
    assert finding.message == "there is no file for 2 NPUs, of which the first is 1"
