"""What is said of a trace without simulating it."""

import json
from collections.abc import Sequence

import pytest

from simastra.notices import Severity
from simastra.report.inspect import NpuFile, TraceSummary, Traffic, inspect_trace
from simastra.trace import Node, NodeType, TraceBuilder
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


def test_a_circle_has_no_chain_but_all_else_is_told() -> None:
    nodes = (Node(1, "a", NodeType.COMP, data_deps=(2,)), Node(2, "b", NodeType.COMP, (1,)))
    (part,) = inspected(contents(nodes)).parts
    assert part.nodes == {"COMP": 2}
    assert part.critical_path is part.depth is part.parallelism is None
