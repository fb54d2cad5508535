"""The recorded pairs, and what Chakra made of them."""

import gzip
import subprocess
import sys
import tracemalloc
from collections import Counter
from importlib.util import find_spec
from pathlib import Path

import pytest
from link_recordings import PUBLIC, needs_public, read_json
from support.trace_files import decode_nodes

from simastra.convert.link import (
    LinkedRecording,
    Method,
    link,
    link_traces,
    load_device,
    load_host,
    summarize,
)

pytestmark = needs_public

_RESNET = "resnet50_ddp2/host_0", "resnet50_ddp2/device_0"


def _path(name: str) -> Path:
    return PUBLIC / f"{name}.json.gz"


@pytest.fixture(scope="module")
def resnet() -> LinkedRecording:
    return link(load_host(_path(_RESNET[0])), load_device(_path(_RESNET[1])), rank=0)


@pytest.mark.parametrize(
    ("host", "device", "linked", "operators", "launched"),
    [
        (*_RESNET, 14385, 14388, 3774),  # the three others are ProfilerStep
        ("upgraded/add1/host_0", "upgraded/add1/device_0", 36, 36, 4),
        ("upgraded/linear1/host_0", "upgraded/linear1/device_0", 928, 928, 261),
        ("self/resnet/host_0", "self/resnet/device_0", 2648, 2650, 0),
        ("self/gpt/host_0", "self/gpt/device_0", 3082, 3084, 0),
        ("self/mixed/host_0", "self/mixed/device_0", 3126, 3128, 0),
        ("self/gpt/host_1", "self/gpt/device_synthgpu_1", 3082, 3084, 499),
        ("self/mixed/host_0", "self/mixed/device_synthgpu_0", 3126, 3128, 509),
    ],
)
def test_operators_are_linked_by_record_function_id(
    host: str, device: str, linked: int, operators: int, launched: int
) -> None:
    summary = summarize(link(load_host(_path(host)), load_device(_path(device))))
    assert summary.method is Method.RECORD_FUNCTION_ID
    assert (summary.linked, summary.operators, summary.launched) == (linked, operators, launched)
    assert summary.orphans == summary.outside == 0


@pytest.mark.parametrize(
    ("host", "device", "operators", "launched"),
    [
        ("benchmark_simple_add_et", "benchmark_simple_add_trace", 36, 4),
        ("linear_et", "linear_kineto", 928, 261),
        ("resnet_et_1.0.1", "resnet_kineto", 1310, 335),
    ],
)
def test_old_traces_are_linked_by_name_whole(
    host: str, device: str, operators: int, launched: int
) -> None:
    linked = link(load_host(_path(f"single/{host}")), load_device(_path(f"single/{device}")))
    summary = summarize(linked)
    assert summary.method is Method.NAMES
    assert (summary.linked, summary.operators) == (operators, operators)
    assert (summary.launched, summary.orphans) == (launched, 0)
    # Autograd's numbers tell the step, of dozens; the alignment asks for no single one to be equal.
    found = linked.matching.cpu_ops
    assert all(
        op.sequence == found[op.id].sequence for op in linked.host.ops if op.sequence is not None
    )


def test_resnets_streams_threads_and_clock(resnet: LinkedRecording) -> None:
    summary = summarize(resnet)
    assert [stream.number for stream in summary.streams] == [7, 40]
    assert (summary.threads, summary.early, summary.repairs) == (2, 0, ())
    assert summary.clock_overlap is not None
    assert summary.clock_overlap > 0.99
    assert [notice.code for notice in summary.notices] == ["two-recordings"]


def test_launchers_are_those_that_kineto_noted_but_for_nccls(resnet: LinkedRecording) -> None:
    found = resnet.matching.cpu_ops
    others = Counter(
        op.host.name
        for op in resnet.ops
        for gpu_op in op.launched
        if gpu_op.external != found[op.host.id].external
    )
    # Kineto notes record_param_comms, within the collective; its sizes are the collective's.
    assert others == {"nccl:all_reduce": 15, "nccl:broadcast": 6}


def test_operators_and_durations_are_chakras(resnet: LinkedRecording) -> None:
    packed = (PUBLIC / "resnet50_ddp2" / "ref_hoti.0.et.gz").read_bytes()
    reference = [
        (node.name, node.duration // 1000)
        for node in decode_nodes(gzip.decompress(packed), "ref_hoti.0.et")
        if node.is_cpu_op
    ]
    ours = [
        (op.host.name, int(op.timing.own_micros) if op.timing else 0)
        for op in resnet.ops[1:]  # Chakra's converter drops the process
    ]
    # It takes the optimizer's steps for nothing; and sums up floats, a microsecond off at times.
    ours = [(name, 0 if "Optimizer.step" in name else micros) for name, micros in ours]
    assert [name for name, _ in ours] == [name for name, _ in reference]
    off = [abs(a[1] - b[1]) for a, b in zip(ours, reference, strict=True)]
    assert max(off) <= 1
    assert sum(off) <= 10


def test_memory_stays_within_three_times_the_inputs(tmp_path: Path) -> None:
    host, device = (_path(name) for name in ("self/mixed/host_0", "self/mixed/device_0"))
    inputs = sum(len(gzip.decompress(path.read_bytes())) for path in (host, device))
    tracemalloc.start()
    try:
        link_traces(host, device, tmp_path / "linked.json")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 3 * inputs


@pytest.mark.skipif(not find_spec("chakra"), reason="mlc-chakra==1.0.0, an oracle, is missing")
def test_chakras_own_converter_reads_the_result(tmp_path: Path) -> None:
    output = tmp_path / "linked.json"
    link_traces(_path("single/linear_et"), _path("single/linear_kineto"), output)
    # A process of its own: two definitions of Chakra's messages don't go into one.
    words = "-m chakra.src.converter.converter PyTorch --input linked.json --output linear.0.et"
    subprocess.run([sys.executable, *words.split()], cwd=tmp_path, check=True, timeout=60)
    nodes = decode_nodes((tmp_path / "linear.0.et").read_bytes(), "linear.0.et")
    linked = read_json(output)["nodes"]
    assert Counter(node.is_cpu_op for node in nodes)[False] == 261
    assert {node.name for node in nodes} <= {node["name"] for node in linked}
