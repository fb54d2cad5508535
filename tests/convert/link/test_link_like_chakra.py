"""Linking as Chakra does: its rules against their definition, and what sets them apart."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from link_recordings import Recording, write

from simastra.convert.link import link_traces
from simastra.convert.link.chakra_rules import (
    OperatorSpan,
    by_thread,
    followed,
    own_times,
    spans_of,
)
from simastra.convert.link.events import CpuOp, Thread
from simastra.errors import OptionError, TraceError

# As late as a clock of today, where a float of microseconds is exact to a quarter.
_NOW = 1_790_000_000_000_000_000


def _op(place: int, start: int, duration: int, thread: int = 1) -> CpuOp:
    at = _NOW + start
    return CpuOp("op", Thread(1, thread), at, at + duration, place, None, None, place)


_OPS = st.lists(
    st.tuples(st.integers(0, 3000), st.integers(0, 1500), st.integers(1, 3)), max_size=25
).map(lambda drawn: [_op(place, *some) for place, some in enumerate(drawn, start=1)])
_CROWDED = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 3), st.integers(1, 3)), max_size=25
).map(
    lambda drawn: [
        _op(place, start * 400_000, length * 300_000, thread)
        for place, (start, length, thread) in enumerate(drawn, start=1)
    ]
)


def _own_by_definition(spans: list[OperatorSpan]) -> Iterator[tuple[CpuOp, float]]:
    ordered = sorted(spans, key=lambda span: (span.start, span.duration))
    for position, span in enumerate(ordered):
        stretches: list[tuple[float, float]] = []
        for inner in ordered[position + 1 :]:
            if inner.end > span.end:
                continue
            start, stop = inner.start, inner.end
            if stretches and start <= stretches[-1][1]:
                start, until = stretches.pop()
                stop = max(stop, until)
            stretches.append((start, stop))
        own = span.duration
        for start, stop in stretches:
            own -= stop - start
        yield span.op, max(0.0, own)


@given(_OPS)
def test_own_times_are_chakra_s_to_the_last_bit(ops: list[CpuOp]) -> None:
    for spans in by_thread(spans_of(ops)).values():
        assert own_times(spans) == dict(_own_by_definition(spans))


def test_a_chain_of_nested_operators_takes_linear_time() -> None:
    depth = 50_000
    ops = [_op(at, at * 1000, 2000 * (depth - at)) for at in range(depth)]
    assert set(own_times(spans_of(ops)).values()) == {2.0}


@given(_CROWDED)
def test_a_group_follows_what_began_last_elsewhere(ops: list[CpuOp]) -> None:
    threads = by_thread(spans_of(ops))
    found = followed(threads)
    for thread, spans in threads.items():
        wanted = None
        for index, span in enumerate(spans):
            before = spans[index - 1] if index else None
            if before is None or span.start - before.start - before.duration > 1000:
                wanted = None
                for other in (o for t, some in threads.items() if t != thread for o in some):
                    if other.start < span.start and (wanted is None or other.start > wanted.start):
                        wanted = other
            assert found.get(span.op) is (None if wanted is None else wanted.op)


def _pair() -> Recording:
    recording = Recording()
    recording.op(3, "aten::linear", 1000, 100)
    recording.op(4, "aten::addmm", 1010, 20, parent=3)
    return recording


def test_a_kernel_belongs_to_what_began_last_even_if_that_had_ended(tmp_path: Path) -> None:
    recording = _pair()
    recording.kernel(901, launched=1060, start=1200)
    linked = recording.link(tmp_path, like_chakra=True)
    assert linked.launched_by("aten::addmm") == ["gemm"]
    assert linked.named("gemm")["ts"] == 1060
    assert "1 kernels put under an operator that had ended" in str(linked.summary)
    assert recording.link(tmp_path).launched_by("aten::linear") == ["gemm"]


@pytest.mark.parametrize(
    ("call", "category", "linked"),
    [
        ("cudaLaunchKernel", "kernel", True),
        ("cudaMemcpyAsync", "gpu_memcpy", True),
        ("cudaMemsetAsync", "gpu_memset", False),
        ("cudaLaunchKernel", "gpu_memset", False),
        ("hipLaunchKernel", "kernel", False),
    ],
)
def test_only_some_launches_are_known(
    call: str, category: str, *, linked: bool, tmp_path: Path
) -> None:
    recording = _pair()
    recording.launch(901, 1015, call)
    recording.on_gpu(901, 1030, cat=category)
    result = recording.link(tmp_path, like_chakra=True)
    assert result.summary.launched == linked
    assert result.summary.orphans == (not linked)
    assert recording.link(tmp_path).summary.launched == 1


def test_nccl_s_kernels_don_t_belong_to_coalesced(tmp_path: Path) -> None:
    recording = _pair()
    recording.op(5, "nccl:coalesced", 1012, 10, parent=4)
    recording.kernel(901, launched=1015, start=1030, name="ncclDevKernel_SendRecv")
    recording.kernel(902, launched=1016, start=1040)
    linked = recording.link(tmp_path, like_chakra=True)
    assert linked.launched_by("aten::addmm") == ["ncclDevKernel_SendRecv"]
    assert linked.launched_by("nccl:coalesced") == ["gemm"]


def test_below_a_missing_parent_nothing_is_linked_and_the_parent_gets_a_free_id(
    tmp_path: Path,
) -> None:
    recording = _pair()
    recording.op(5, "aten::add", 1200, 10, parent=404)
    linked = recording.link(tmp_path, like_chakra=True)
    assert "ts" not in linked.named("aten::add")
    assert [node["id"] for node in linked.nodes] == [0, 1, 2, 3, 4]
    assert linked.named("aten::add")["ctrl_deps"] == 5


def test_names_are_not_compared_but_told(tmp_path: Path) -> None:
    recording = _pair()
    recording.events[1]["name"] = "aten::mul"
    linked = recording.link(tmp_path, like_chakra=True)
    assert linked.named("aten::addmm")["inclusive_dur"] == 20
    assert [notice.code for notice in linked.summary.notices] == ["misnamed-operators"]
    assert "ts" not in recording.link(tmp_path).named("aten::addmm")


def test_only_what_simastra_linked_says_so(tmp_path: Path) -> None:
    recording = _pair()
    assert recording.link(tmp_path).document["linked_by"] == "simastra"
    assert "linked_by" not in recording.link(tmp_path, like_chakra=True).document


def test_traces_that_do_not_belong_together_are_refused(tmp_path: Path) -> None:
    recording = _pair()
    recording.with_rf_ids = False
    for event in recording.events:
        del event["args"]["Record function id"]
    with pytest.raises(TraceError, match="only 0 of the 2 operators"):
        recording.link(tmp_path, like_chakra=True)
    assert recording.link(tmp_path).summary.linked == 2


def test_a_circle_of_parents_and_a_wrong_rank_are_refused(tmp_path: Path) -> None:
    recording = _pair()
    recording.nodes[2]["ctrl_deps"] = 4
    with pytest.raises(TraceError, match="lead back to itself"):
        recording.link(tmp_path, like_chakra=True)
    device = tmp_path / "device.json"
    write(device, {**recording.device, "distributedInfo": {"rank": 1}})
    with pytest.raises(OptionError, match="is of rank 1, not 0"):
        link_traces(tmp_path / "host.json", device, tmp_path / "o.json", rank=0, like_chakra=True)
