"""Device traces of all sorts, right and wrong: converted or refused, and what is converted ends."""

import json
from pathlib import Path
from typing import Any

import pytest
from device_traces import simulated
from hypothesis import given
from hypothesis import strategies as st
from support.trace_files import decode_nodes

from simastra.convert.kineto import read_device_trace
from simastra.convert.pytorch import convert_pytorch
from simastra.errors import TraceError

_NAMES = {
    "cpu_op": ["aten::mm", "c10d::allreduce_", "nccl:all_reduce", "record_param_comms"],
    "cuda_runtime": [
        *("cudaLaunchKernel", "cudaDeviceSynchronize", "cudaStreamSynchronize"),
        *("cudaStreamWaitEvent", "cudaEventRecord", "cudaEventSynchronize"),
    ],
    "cuda_sync": ["Sync"],
    "kernel": ["gemm", "ncclDevKernel_AllReduce_Sum_f32(x)", "ncclDevKernel_SendRecv(x)"],
    "gpu_memcpy": ["Memcpy DtoH (Device -> Pageable)"],
}
_small = st.integers(0, 6)
_arguments = st.fixed_dictionaries(
    {},
    optional={
        "correlation": _small,
        "External id": _small,
        "stream": st.sampled_from([7, 20, -1, 2**32 - 1]),
        "wait_on_stream": st.sampled_from([7, 20, -1]),
        "wait_on_cuda_event_record_corr_id": st.sampled_from([-1, 0, 1, 2]),
        "Collective name": st.sampled_from(["allreduce", "send", "_allgather_base", ""]),
        "In msg nelems": st.sampled_from([0, 64, -1, "x"]),
        "dtype": st.sampled_from(["Float", "Odd", 3]),
        "Process Group Name": st.sampled_from(["0", "1", 2]),
        "Input Dims": st.sampled_from([[[4]], [[[4]]], [[-1]], 3, [["x"]]]),
        "Input type": st.sampled_from([["float"], ["TensorList"], [3], "x"]),
        "Concrete Inputs": st.sampled_from([[""], ["[1"], ["True"], 5]),
    },
)


@st.composite
def _event(draw: st.DrawFn) -> dict[str, Any]:
    cat = draw(st.sampled_from(sorted(_NAMES)))
    return {
        **{"ph": "X", "cat": cat, "name": draw(st.sampled_from(_NAMES[cat]))},
        **{"pid": 1, "tid": draw(st.sampled_from([1, 2])), "args": draw(_arguments)},
        **{"ts": draw(st.integers(-50, 200)), "dur": draw(st.integers(-1, 60))},
    }


@given(st.lists(_event(), min_size=1, max_size=14))
def test_any_trace_is_converted_to_one_that_ends_and_twice_to_the_same(
    tmp_path_factory: pytest.TempPathFactory, events: list[dict[str, Any]]
) -> None:
    folder = tmp_path_factory.mktemp("any")
    path = folder / "device.json"
    path.write_text(json.dumps({"schemaVersion": 1, "traceEvents": events}))
    try:
        trace = read_device_trace(path)
    except TraceError as error:
        assert "no operator, no call and no kernel" in str(error)  # noqa: PT017  # else it is wrong
        return
    conversion = convert_pytorch(trace)
    assert convert_pytorch(read_device_trace(path)).content == conversion.content
    nodes = {node.id: node for node in decode_nodes(conversion.content, "x")}
    done: set[int] = set()
    while len(done) < len(nodes):
        ready = {key for key, it in nodes.items() if done.issuperset(it.data_deps)} - done
        assert ready, "dependencies go in a circle"
        done |= ready


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"ts": "now"}, "'ts' must be a number of microseconds"),
        ({"ts": 1e30}, "'ts' must be a time in microseconds"),
        ({"dur": 1e17}, "lasts for longer than"),
        ({"name": 3}, "'name' must be a string"),
    ],
)
def test_what_makes_no_sense_is_refused(
    tmp_path: Path, change: dict[str, Any], problem: str
) -> None:
    kernel = {"ph": "X", "cat": "kernel", "name": "k", "ts": 1, "dur": 1, "args": {}}
    path = tmp_path / "device.json"
    path.write_text(json.dumps({"traceEvents": [{**kernel, **change}]}))
    with pytest.raises(TraceError, match=problem):
        read_device_trace(path)


@pytest.mark.parametrize("rank", [-1, 5.5, 1e18, 1e400, "0", [0], True])
def test_a_rank_that_is_none_is_told(tmp_path: Path, rank: object) -> None:
    kernel = {"ph": "X", "cat": "kernel", "name": "k", "ts": 1, "dur": 1, "args": {}}
    path = tmp_path / "device.json"
    path.write_text(json.dumps({"distributedInfo": {"rank": rank}, "traceEvents": [kernel]}))
    with pytest.raises(TraceError, match=r"distributedInfo: rank is .*; a whole number from 0"):
        read_device_trace(path)


def test_a_negative_time_is_no_matter(tmp_path: Path) -> None:
    kernel = {"ph": "X", "cat": "kernel", "name": "k", "ts": -500, "dur": 7, "args": {}}
    path = tmp_path / "device.json"
    path.write_text(json.dumps({"traceEvents": [kernel, {**kernel, "ts": -400}]}))
    assert simulated(convert_pytorch(read_device_trace(path)), tmp_path) == 107_000
