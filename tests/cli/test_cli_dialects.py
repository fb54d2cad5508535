"""What differs between the dialects on the command line."""

import json
from dataclasses import replace
from pathlib import Path

from command_line import RING_CYCLES, Inputs, finish_lines

from simastra import MiB, TraceBuilder
from simastra.trace import CollectiveType, Node, Trace, write_trace
from simastra.trace.nodes import NodeType, TensorUse


def write_overlapping(folder: Path) -> None:
    """50 us of computation beside an all-reduce of 1 MiB."""
    trace = TraceBuilder()
    trace.all_reduce("ar", size=MiB)
    trace.compute("c", micros=50)
    trace.write(folder / "wl", npus=8)


def test_master_tells_the_exposed_communication_of_each_npu(ring: Inputs) -> None:
    write_overlapping(ring.folder)
    process = ring.call("run", "--compat=master")
    assert process.returncode == 0
    exposed = RING_CYCLES - 50_000
    assert process.stdout.splitlines() == [
        f"sys[{npu}] finished, {RING_CYCLES} cycles, exposed communication {exposed} cycles."
        for npu in range(8)
    ]


def test_statistics_say_what_the_time_went_to(ring: Inputs) -> None:
    write_overlapping(ring.folder)
    process = ring.call("run", "--statistics")
    assert process.stdout == finish_lines([(npu, RING_CYCLES) for npu in range(8)])
    title, heading, row = process.stderr.splitlines()[-3:]
    assert title == "simastra: statistics, in ns:"
    columns = ["NPUs", "wall", "compute", "communication", "overlap", "exposed communication"]
    assert heading.split() == " ".join(columns).split()
    assert row.split() == ["0", "to", "7", "117,780", "50,000", "117,780", "50,000", "67,780"]


def test_trace_enabled_prints_issue_and_callback_of_each_node(ring: Inputs) -> None:
    ring.system(trace_enabled=1)
    lines = ring.call("run").stdout.splitlines()
    assert lines[0].startswith("issue,sys->id=0,tick=0,node->id=1,node->name=")
    assert sum(line.startswith("issue,") for line in lines) == 8
    assert sum(line.startswith(f"callback,sys->id=3,tick={RING_CYCLES},") for line in lines) == 1


def test_a_broadcast_is_simulated_where_it_is_asked_for(ring: Inputs) -> None:
    trace = TraceBuilder()
    trace.collective(CollectiveType.BROADCAST, "b", size=MiB)
    trace.write(ring.folder / "wl", npus=8)
    for dialect in ("hoti2024", "master"):
        words = ["run", f"--compat={dialect}"]
        silent, sent = ring.call(*words), ring.call(*words, "--extended-collectives")
        assert "is a broadcast, for which nothing is sent" in silent.stderr
        assert _cycles(silent.stdout) == [f"sys[{npu}] finished, 1 cycles" for npu in range(8)]
        assert "broadcast" not in sent.stderr
        assert _cycles(sent.stdout)[0] == "sys[0] finished, 40 cycles"  # the root sends 4 chunks


def test_a_barrier_is_refused_unless_it_is_asked_for(ring: Inputs) -> None:
    trace = TraceBuilder()
    trace.collective(CollectiveType.BARRIER, "b", size=0)
    trace.write(ring.folder / "wl", npus=8)
    for dialect in ("hoti2024", "master"):
        words = ["run", f"--compat={dialect}"]
        refused = ring.call(*words)
        assert refused.returncode == 2
        assert "BARRIER isn't simulated (ASTRA-sim doesn't run it either)" in refused.stderr
        assert ring.call(*words, "--extended-collectives").returncode == 0


def test_durations_in_ns_count_where_that_is_asked_for(ring: Inputs) -> None:
    nodes = [
        Node(id, "c", NodeType.COMP, data_deps=tuple(range(1, id))[-1:], duration=1501 * (id < 4))
        for id in range(1, 5)
    ]
    trace = [replace(node, is_cpu_op=False, num_ops=1) for node in nodes]
    write_trace(ring.folder / "wl", Trace.uniform(trace, 8))
    for dialect in ("hoti2024", "master"):
        words = ["run", f"--compat={dialect}"]
        rounded, exact = ring.call(*words), ring.call(*words, "--exact-durations")
        assert _cycles(rounded.stdout) == [f"sys[{npu}] finished, 6001 cycles" for npu in range(8)]
        assert _cycles(exact.stdout) == [f"sys[{npu}] finished, 4504 cycles" for npu in range(8)]
        told, exactly = (
            ring.call("check", *words[1:], *more).stderr for more in ((), ("--exact-durations",))
        )
        assert "use --exact-durations unless the cycles are to be ASTRA-sim's" in told
        assert "its cycles are others" in exactly


def _cycles(stdout: str) -> list[str]:
    return [line.split(", exposed")[0] for line in stdout.splitlines()]


def test_the_memory_tracker_writes_a_trace_for_each_npu(ring: Inputs) -> None:
    ring.system(track_local_mem=1, local_mem_trace_filename="memory")
    node = Node(
        1,
        "c",
        NodeType.COMP,
        duration=5000,
        is_cpu_op=False,
        inputs=(TensorUse("weights", 3 * MiB),),
        outputs=(TensorUse("out", MiB),),
    )
    write_trace(ring.folder / "wl", Trace.uniform([node], 8))
    process = ring.call("run", "--compat=master")
    assert process.returncode == 0
    assert "simastra: sys[7] peak memory usage: 4.00 MB" in process.stderr
    for npu in range(8):
        document = json.loads((ring.folder / f"memory.{npu}.json").read_text())
        assert {event["name"] for event in document["traceEvents"]} >= {"weights", "out"}
    unread = ring.call("run")
    assert "track-local-mem: hoti2024 doesn't read this key" in unread.stderr
