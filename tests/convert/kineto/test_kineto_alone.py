"""A device trace without its host trace: order, host time, communication, what can't be known."""

from pathlib import Path
from typing import Any

import pytest
from device_traces import DeviceRecording, simulated
from hypothesis import given
from hypothesis import strategies as st
from support.trace_files import decode_nodes

from simastra.convert.kineto import read_device_trace
from simastra.convert.pytorch import convert_pytorch
from simastra.errors import OptionError, TraceError
from simastra.notices import Severity
from simastra.trace import CollectiveType, NodeType

RESNET = Path(__file__).parents[3] / "traces" / "demo3_resnet"
PUBLIC = Path(__file__).parents[4] / "shared" / "data" / "traces"
ALL_REDUCE = {"Collective name": "allreduce", "In msg nelems": 256, "dtype": "Float"}
NCCL = "ncclDevKernel_AllReduce_Sum_f32_RING_LL(ncclDevComm*)"

needs_public = pytest.mark.skipif(not PUBLIC.is_dir(), reason="the recordings aren't here")


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 50)), min_size=1, max_size=12))
def test_kernels_alone_take_the_time_from_the_first_to_the_last(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, int]]
) -> None:
    folder = tmp_path_factory.mktemp("gaps")
    recording, now = DeviceRecording(), 1000
    for number, (gap, length) in enumerate(steps):
        recording.kernel(number, now + gap, length, stream=7 + number % 2)
        now += gap + length
    conversion = recording.converted(folder)
    assert simulated(conversion, folder) == 1000 * (now - 1000 - steps[0][0])


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 30), st.integers(1, 30)), max_size=12))
def test_kernels_alone_begin_when_they_began_if_nothing_else_holds_them(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, int, int]]
) -> None:
    recording, free, starts = DeviceRecording(), [50, 50, 50], {"first": 0}
    recording.kernel(0, 40, 10, name="first", stream=0)
    for number, (stream, gap, length) in enumerate(steps):
        start = free[stream] + gap
        recording.kernel(number, start, length, name=f"k{number}", stream=stream)
        starts[f"k{number}"] = 1000 * (start - 40)
        free[stream] = start + length
    nodes = recording.nodes(tmp_path_factory.mktemp("streams"))
    by_id = {node.id: node for node in nodes.values()}
    ends: dict[int, int] = {}
    for node in sorted(nodes.values(), key=lambda node: node.id):
        begin = max((ends[needs] for needs in node.data_deps), default=0)
        ends[node.id] = begin + by_id[node.id].duration
        assert starts.get(node.name, begin) == begin


def test_of_kernels_alone_what_overlaps_begins_when_it_began(tmp_path: Path) -> None:
    recording = DeviceRecording()
    recording.kernel(1, 1000, 100, name="k1")
    recording.kernel(2, 1100, 100, name="k2")
    recording.kernel(3, 1100, 50, name="after k1", stream=20)
    recording.kernel(4, 1180, 60, name="launched", stream=20)
    recording.kernel(5, 1190, 60, name=NCCL, stream=21, **ALL_REDUCE)
    nodes = recording.nodes(tmp_path)
    assert nodes["k2"].data_deps == (nodes["k1"].id,)
    assert nodes["after k1"].data_deps == (nodes["k1"].id,)
    host = nodes["host, before launched"]
    assert (host.duration, host.data_deps) == (30_000, (nodes["after k1"].id,))
    assert set(nodes["launched"].data_deps) == {host.id, nodes["after k1"].id}
    assert nodes[NCCL].data_deps == (nodes[f"host, before {NCCL}"].id,)


def test_gaps_between_operators_are_host_time_and_kernels_run_beside(tmp_path: Path) -> None:
    recording = DeviceRecording()
    recording.op("aten::a", 100, 10)
    recording.launched(1, 102, 105, 200)
    recording.op("aten::b", 150, 10)
    recording.launched(2, 152, 305, 30)
    nodes = recording.nodes(tmp_path)
    assert [nodes[name].duration for name in ("aten::a", "aten::b")] == [10_000, 50_000]
    kernels = [node for node in nodes.values() if node.name == "gemm"]
    assert kernels[-1].data_deps  # its operator, and the kernel before
    # 10 for the first operator, then 200 and 30 on the stream
    assert simulated(recording.converted(tmp_path), tmp_path) == 240_000


def test_without_operators_calls_are_the_host_s(tmp_path: Path) -> None:
    recording = DeviceRecording()
    recording.launched(1, 100, 110, 5, name="k1")
    recording.launched(2, 140, 150, 5, name="k2")
    nodes = decode_nodes(recording.converted(tmp_path).content, "x")
    calls = [node for node in nodes if node.name == "cudaLaunchKernel"]
    assert [call.duration for call in calls] == [1_000, 40_000]
    by_name = {node.name: node for node in nodes}
    assert set(by_name["k2"].data_deps) == {calls[1].id, by_name["k1"].id}


def test_the_host_waits_where_it_called_for_it_and_that_is_no_host_time(tmp_path: Path) -> None:
    recording = DeviceRecording()
    recording.launched(1, 100, 102, 500, name="k")
    recording.call(9, "cudaDeviceSynchronize", 110, 493)
    recording.op("aten::next", 610, 20)
    nodes = recording.nodes(tmp_path)
    assert nodes["k"].id in nodes["aten::next"].data_deps
    # The launch to 101; the call from there to 603, of which the device took 102 to 602; to 630.
    host = [nodes[name].duration for name in ("cudaLaunchKernel", "cudaDeviceSynchronize")]
    assert host == [1_000, 10_000]
    assert nodes["aten::next"].duration == 27_000
    assert simulated(recording.converted(tmp_path), tmp_path) == 1_000 + 500_000 + 27_000


@pytest.mark.parametrize(("memory", "waits"), [("Pageable", True), ("Pinned", False)])
def test_a_copy_during_which_its_call_went_on_was_waited_for(
    tmp_path: Path, memory: str, *, waits: bool
) -> None:
    recording = DeviceRecording()
    recording.op("aten::copy_", 100, 330)
    recording.call(1, "cudaMemcpyAsync", 110, 310)
    # Its end is a little after the call's, by the clock of the device.
    recording.copy(1, 120, 302, f"Memcpy HtoD ({memory} -> Device)")
    recording.op("aten::next", 440, 20)
    nodes = recording.nodes(tmp_path)
    (copy,) = (node for name, node in nodes.items() if name.startswith("Memcpy"))
    assert (copy.id in nodes["aten::next"].data_deps) == waits
    if waits:  # 10 until the call, the copy, 10 until the next and its own 20
        assert nodes["aten::copy_"].duration == 10_000 + 10_000
        assert simulated(recording.converted(tmp_path), tmp_path) == 20_000 + 302_000 + 30_000


def test_a_stream_that_is_named_is_the_one_that_is_waited_for(tmp_path: Path) -> None:
    recording = DeviceRecording()
    recording.launched(1, 100, 102, 50, name="on 7")
    recording.launched(2, 103, 105, 30, name="on 8", stream=8)
    recording.call(9, "cudaStreamSynchronize", 110, 50)
    recording.sync(9, 110, stream=8)
    recording.op("aten::next", 165, 1)
    nodes = recording.nodes(tmp_path)
    needed = nodes["aten::next"].data_deps
    assert nodes["on 8"].id in needed
    assert nodes["on 7"].id not in needed


def test_cuda_sync_events_tell_which_stream_waits_for_which_kernel(tmp_path: Path) -> None:
    recording = DeviceRecording()
    recording.launched(1, 100, 101, 20, name="first", stream=8)
    recording.call(2, "cudaEventRecord", 103)
    recording.launched(3, 105, 121, 20, name="second", stream=8)
    recording.call(4, "cudaStreamWaitEvent", 107)
    recording.sync(4, 107, stream=7, wait_on_stream=8, wait_on_cuda_event_record_corr_id=2)
    recording.launched(5, 109, 122, 5, name="waiter")
    nodes = recording.nodes(tmp_path)
    assert nodes["first"].id in nodes["waiter"].data_deps
    assert nodes["second"].id not in nodes["waiter"].data_deps


def test_a_wait_that_names_no_event_is_for_the_collective_launched_before(tmp_path: Path) -> None:
    recording = DeviceRecording()
    recording.launched(1, 100, 101, 20, name=NCCL, stream=20, **ALL_REDUCE)
    recording.call(2, "cudaStreamWaitEvent", 103)
    recording.launched(3, 130, 132, 5, name="user")
    recording.launched(4, 140, 142, 60, name="ncclKernel_late", stream=20, **ALL_REDUCE)
    recording.call(5, "cudaStreamWaitEvent", 143)
    recording.launched(6, 145, 147, 5, name="meanwhile")
    nodes = recording.nodes(tmp_path)
    assert nodes[NCCL].id in nodes["user"].data_deps
    assert nodes["ncclKernel_late"].id not in nodes["meanwhile"].data_deps


def test_a_collective_waits_for_the_last_kernel_before_it_that_had_ended(tmp_path: Path) -> None:
    recording = DeviceRecording()
    recording.launched(1, 100, 101, 20, name="gradient")
    recording.launched(2, 103, 105, 90, name="prefetch", stream=20)
    recording.launched(3, 107, 122, 30, name=NCCL, stream=21, **ALL_REDUCE)
    nodes = recording.nodes(tmp_path)
    assert nodes["gradient"].id in nodes[NCCL].data_deps
    assert nodes["prefetch"].id not in nodes[NCCL].data_deps


def test_a_kernel_that_was_held_until_another_ended_waits_for_it(tmp_path: Path) -> None:
    recording = DeviceRecording()
    recording.launched(1, 100, 101, 200, name="copy", stream=8)
    recording.launched(2, 105, 303, 5, name="held")
    recording.launched(3, 400, 401, 100, name="other", stream=8)
    recording.launched(4, 495, 502, 5, name="late")
    nodes = recording.nodes(tmp_path)
    assert nodes["copy"].id in nodes["held"].data_deps
    assert nodes["other"].id not in nodes["late"].data_deps


def test_collectives_have_size_and_group_of_the_kernel_s_arguments(tmp_path: Path) -> None:
    recording = DeviceRecording({"distributedInfo": {"rank": 2, "world_size": 64}})
    group = {"Process Group Name": "5", "Group size": 16, "Process Group Ranks": "[2, 6, ..., 62]"}
    strided = {"Global rank start": 2, "Global rank stride": 4}
    recording.launched(1, 100, 101, 20, name=NCCL, stream=20, **ALL_REDUCE, **group, **strided)
    conversion = recording.converted(tmp_path)
    assert conversion.groups == {"5": list(range(2, 64, 4))}
    (node,) = (n for n in decode_nodes(conversion.content, "x") if n.type is NodeType.COMM_COLL)
    assert (node.comm_type, node.comm_size) == (CollectiveType.ALL_REDUCE, 1024)
    assert node.pg_name == "5"


@pytest.mark.parametrize(
    ("name", "told", "ends"), [("send", "Dst Rank", (1, 3)), ("recv", "Src Rank", (3, 1))]
)
def test_a_message_has_the_peer_that_its_kernel_names(
    tmp_path: Path, name: str, told: str, ends: tuple[int, int]
) -> None:
    recording = DeviceRecording({"distributedInfo": {"rank": 1, "world_size": 4}})
    what = {"Collective name": name, "In msg nelems": 8, "dtype": "Half", told: 3}
    recording.launched(1, 100, 101, 20, name="ncclDevKernel_SendRecv(x)", stream=20, **what)
    node = recording.nodes(tmp_path)["ncclDevKernel_SendRecv(x)"]
    assert (node.comm_src, node.comm_dst, node.comm_size) == (*ends, 16)


def test_gloo_s_size_comes_from_the_shapes_that_were_recorded(tmp_path: Path) -> None:
    recording = DeviceRecording()
    base: dict[str, Any] = {"Input Dims": [[32], [64], []], "Input type": ["float", "float", ""]}
    recording.op("c10d::_reduce_scatter_base_", 100, 5, **base)
    send: dict[str, Any] = {
        "Input Dims": [[[8]], [], [], []],
        "Input type": ["TensorList", "", "Scalar", "Scalar"],
    }
    send["Concrete Inputs"] = ["", "", "1", "7"]
    recording.op("c10d::send", 110, 9, **send)
    half: dict[str, Any] = {"Input Dims": [[8]], "Input type": ["c10::BFloat16"]}
    recording.op("gloo:send", 112, 6, **half)
    recording.header["distributedInfo"] = {"rank": 0, "world_size": 2}
    nodes = recording.nodes(tmp_path)
    assert nodes["c10d::_reduce_scatter_base_"].comm_size == 256
    message = nodes["gloo:send"]
    assert (message.comm_src, message.comm_dst, message.comm_size) == (0, 1, 16)
    assert message.comm_tag == 7


def test_a_backend_s_threads_may_begin_in_another_order_than_that_of_the_calls(
    tmp_path: Path,
) -> None:
    recording = DeviceRecording()
    half: dict[str, Any] = {"Input Dims": [[8]], "Input type": ["c10::Half"]}
    recording.op("gloo:broadcast", 130, 9, tid=3, **half, **{"Record function id": 5})
    recording.op("gloo:all_reduce", 120, 30, tid=2, **half, **{"Record function id": 7})
    recording.op("c10d::broadcast_", 100, 5, **{"Record function id": 4})
    recording.op("c10d::allreduce_", 110, 5, **{"Record function id": 6})
    nodes = recording.nodes(tmp_path)
    assert nodes["gloo:broadcast"].id in nodes["gloo:all_reduce"].data_deps
    assert nodes["gloo:all_reduce"].id not in nodes["gloo:broadcast"].data_deps


def test_what_gloo_did_is_replayed_beside_the_host_where_no_shape_tells_how_much(
    tmp_path: Path,
) -> None:
    recording = DeviceRecording()
    recording.op("c10d::allreduce_", 100, 10, **{"Record function id": 1})
    recording.op("gloo:all_reduce", 105, 80, tid=2, **{"Record function id": 2})
    recording.op("aten::mm", 110, 40, **{"Record function id": 3})
    recording.op("aten::add", 190, 10, **{"Record function id": 4})
    nodes = recording.nodes(tmp_path)
    assert (nodes["gloo:all_reduce"].type, nodes["gloo:all_reduce"].duration) == (
        NodeType.COMP,
        80_000,
    )
    assert nodes["aten::mm"].duration == 40_000  # beside it


@pytest.mark.parametrize(("rank", "measured"), [(0, 1_285_900_000), (1, 1_292_200_000)])
def test_resnet_with_gloo_takes_what_was_measured_without_host_trace_or_shapes(
    tmp_path: Path, rank: int, measured: int
) -> None:
    conversion = convert_pytorch(read_device_trace(RESNET / f"device.{rank}.json.gz"))
    assert "unknown-size" in {notice.code for notice in conversion.notices}
    assert simulated(conversion, tmp_path) == pytest.approx(measured, rel=0.0005)


def test_what_cannot_be_known_is_said(tmp_path: Path) -> None:
    recording = DeviceRecording()
    recording.op("aten::a", 100, 10)
    recording.kernel(1, 120, 5)
    recording.kernel(2, 130, 5, name=NCCL, device=1)
    told = {notice.code: notice for notice in recording.converted(tmp_path).notices}
    assert told["no-host-trace"].severity is Severity.INFO
    assert "2 of 2 kernels" in told["unknown-launch"].message
    assert "2 GPUs (0, 1)" in told["several-devices"].message
    assert told["unknown-size"].severity is Severity.WARNING


def test_chakra_s_rules_want_a_host_trace(tmp_path: Path) -> None:
    recording = DeviceRecording()
    recording.kernel(1, 120, 5)
    trace = read_device_trace(recording.write(tmp_path / "device.json"))
    with pytest.raises(OptionError, match="without its host trace; link both"):
        convert_pytorch(trace, like_chakra=True)


def test_a_trace_of_nothing_is_refused(tmp_path: Path) -> None:
    path = DeviceRecording().write(tmp_path / "device.json")
    with pytest.raises(TraceError, match="no operator, no call and no kernel"):
        read_device_trace(path)


def test_threads_whose_numbers_are_words_or_twice_are_told_apart(tmp_path: Path) -> None:
    recording = DeviceRecording()
    recording.op("a", 100, 10)
    recording.op("b", 100, 10)
    recording.events[1] |= {"pid": "other"}
    assert {op.tid for op in read_device_trace(recording.write(tmp_path / "d")).operators} == {1, 2}


@needs_public
def test_resnet50_alone_takes_what_was_measured(tmp_path: Path) -> None:
    path = PUBLIC / "resnet50_ddp2" / "device_0.json.gz"
    conversion = convert_pytorch(read_device_trace(path))
    assert conversion.host_time == pytest.approx(667_226_000, rel=0.001)
    nodes = decode_nodes(conversion.content, "x")
    sizes = [n.comm_size or 0 for n in nodes if n.comm_type is CollectiveType.ALL_REDUCE]
    assert (len(sizes), sum(sizes)) == (15, 3 * 4 * 25_557_032)
    # As with a host trace, whose buffers tell it, all of them gate a kernel of the other stream.
    needed = {needs for node in nodes if "nccl" not in node.name for needs in node.data_deps}
    assert {node.id for node in nodes if node.type is NodeType.COMM_COLL} <= needed


@needs_public
@pytest.mark.parametrize(
    "path", sorted((PUBLIC / "kineto_only").glob("*.gz")), ids=lambda p: p.name
)
def test_public_device_traces_take_what_they_took(tmp_path: Path, path: Path) -> None:
    trace = read_device_trace(path)
    conversion = convert_pytorch(trace)
    assert "dependency-cycle" not in {notice.code for notice in conversion.notices}
    recorded = max((op.start or 0) + op.duration for op in trace.operators)
    if set(conversion.types) == {NodeType.COMP}:  # else the other ranks are wanted
        assert simulated(conversion, tmp_path) == pytest.approx(recorded, rel=0.011)
