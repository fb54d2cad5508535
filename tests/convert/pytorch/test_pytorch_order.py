"""Which nodes wait for which, and how long the host's take."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from linked import THREAD, convert, converted, document, entry, kernel, operator, tensor
from support.trace_files import decode_nodes

from simastra.convert.pytorch import convert_pytorch, parse_linked
from simastra.errors import TraceError
from simastra.trace import Node, check_nodes


def _needed(nodes: dict[int, Node], number: int) -> set[int]:
    """All nodes that one waits for, directly or not."""
    found: set[int] = set()
    pending = [number]
    while pending:
        new = set(nodes[pending.pop()].data_deps) - found
        found |= new
        pending += new
    return found


def test_kernels_of_one_stream_run_in_order_and_those_of_two_streams_do_not() -> None:
    nodes = converted(
        operator(1, "aten::mm", 0, 10),
        kernel(2, "gemm", 5, 50, parent=1, stream=7),
        kernel(3, "relu", 6, 50, parent=1, stream=7),
        kernel(4, "side", 7, 50, parent=1, stream=9),
    )
    assert nodes[3].data_deps == (1, 2)
    assert nodes[4].data_deps == (1,)


def test_durations_below_a_microsecond_are_kept() -> None:
    nodes = converted(operator(1, "aten::mm", 0, 2.25), kernel(2, "tiny", 1, 0.625, parent=1))
    assert (nodes[1].exact_duration, nodes[2].exact_duration) == (2250, 625)
    assert (nodes[1].duration, nodes[2].duration) == (2000, 1000)  # as ASTRA-sim reads them


def test_a_host_that_fetches_a_number_waits_for_the_copy_and_its_wait_is_no_work() -> None:
    nodes = converted(
        operator(1, "aten::mm", 0, 10),
        kernel(2, "gemm", 5, 1000, parent=1),
        operator(3, "aten::item", 10, 1100),
        entry(
            4,
            "Memcpy DtoH (Device -> Pageable)",
            parent=3,
            ts=20,
            inclusive_dur=2,
            cat="gpu_memcpy",
            stream=7,
        ),
        operator(5, "aten::add", 1120, 10),
    )
    assert 4 in nodes[5].data_deps
    assert 2 in _needed(nodes, 5)
    # item waited from 20, when it launched the copy, to 1007, when that ended
    assert nodes[3].duration == (1100 - 987) * 1000


def test_a_host_that_is_idle_until_the_device_is_done_waits_for_it() -> None:
    nodes = converted(
        operator(1, "aten::mm", 0, 10),
        kernel(2, "gemm", 5, 1000, parent=1),
        operator(3, "aten::add", 1025, 10),
    )
    assert 2 in nodes[3].data_deps
    assert nodes[3].duration == (20 + 10) * 1000


def test_backward_waits_for_its_thread_and_time_counts_once() -> None:
    nodes = converted(
        operator(1, "forward", 0, 100),
        operator(2, "backward", 100, 1000),
        operator(3, "mm_backward", 150, 400, tid=2),
        operator(4, "add_backward", 560, 530, tid=2),
        operator(5, "optimizer", 1110, 50),
    )
    assert nodes[3].data_deps == (2,)
    assert 4 in nodes[5].data_deps
    # all of 1160 us, but none twice: what the gaps between operators take is the next one's
    assert sum(node.duration for node in nodes.values()) == 1_160_000
    assert nodes[2].duration == (50 + 10) * 1000


def test_communication_starts_after_what_was_launched_and_its_buffer_s_users_wait() -> None:
    bucket = tensor(50, 250)
    nodes = converted(
        operator(1, "aten::mm", 0, 10),
        kernel(2, "gemm", 5, 5, parent=1),
        operator(3, "nccl:all_reduce", 10, 10, inputs=[bucket]),
        kernel(4, "ncclKernel_AllReduce_RING", 12, 90, parent=3, stream=20, inputs=[bucket]),
        operator(5, "aten::mul", 20, 10),
        kernel(6, "mul", 22, 5, parent=5, inputs=[tensor(51, 9)]),
        operator(7, "aten::copy_", 30, 10),
        kernel(8, "copy", 32, 5, parent=7, inputs=[bucket]),
    )
    assert nodes[4].data_deps == (3, 2)
    assert 4 not in _needed(nodes, 6)
    assert 4 in nodes[8].data_deps


def test_nothing_depends_on_the_nodes_that_are_left_out() -> None:
    nodes = converted(
        entry(1, "[pytorch|profiler|execution_trace|process]", parent=1),
        entry(2, THREAD, parent=1),
        entry(3, "## process_group:init ##", parent=2),
        operator(4, "aten::mm", 0, 10, parent=2),
    )
    assert list(nodes) == [4]
    assert nodes[4].data_deps == nodes[4].ctrl_deps == ()


def test_a_host_trace_alone_keeps_the_order_of_its_threads() -> None:
    conversion = convert(
        entry(1, THREAD),
        entry(2, "forward", parent=1),
        entry(3, THREAD, tid=2),
        entry(4, "mm_backward", parent=3, tid=2),
        entry(5, "optimizer", parent=1),
    )
    nodes = {node.id: node for node in decode_nodes(conversion.content, "x")}
    assert 2 in nodes[4].data_deps
    assert 4 in nodes[5].data_deps
    assert [notice.code for notice in conversion.notices] == ["no-times"]


def test_a_circle_is_cut_where_it_leads_back_in_time_and_is_reported() -> None:
    trace = parse_linked(
        document(
            entry(1, THREAD),
            operator(2, "first", 0, 5, parent=1, inter_thread_dep=3),
            operator(3, "second", 5, 5, parent=1),
        ),
        "linked.json",
    )
    conversion = convert_pytorch(trace, like_chakra=True)
    nodes = decode_nodes(conversion.content, "x")
    check_nodes(nodes, "x", with_ctrl_deps=False)
    assert [node.data_deps for node in nodes] == [(), (1,), (2,)]
    assert [notice.code for notice in conversion.notices] == ["dependency-cycle"]


@given(st.data())
def test_any_linked_trace_gives_nodes_that_can_all_run(data: st.DataObject) -> None:
    count = data.draw(st.integers(1, 12))
    entries = []
    for number in range(1, count + 1):
        keys = {
            "parent": data.draw(st.integers(0, count + 1)),
            "tid": data.draw(st.integers(1, 3)),
            "inter_thread_dep": data.draw(st.none() | st.integers(0, count)),
            "sync_dep": data.draw(st.lists(st.integers(0, count), max_size=2)),
            "inputs": [tensor(data.draw(st.integers(0, 3)), 4)],
        }
        time = data.draw(st.integers(0, 500)), data.draw(st.integers(0, 900))
        name = data.draw(st.sampled_from(["c10d::allreduce_", "gloo:all_reduce", "aten::mm"]))
        device = data.draw(st.sampled_from(["", "ncclKernel_AllReduce", "Memcpy DtoH"]))
        if device:
            stream = data.draw(st.integers(0, 1))
            entries.append(kernel(number, device, *time, stream=stream, **keys))
        elif data.draw(st.booleans()):
            entries.append(operator(number, name, *time, **keys))
        else:
            entries.append(entry(number, data.draw(st.sampled_from([THREAD, name])), **keys))
    trace = parse_linked(document(*entries), "linked.json")
    for like_chakra in (False, True):
        nodes = decode_nodes(convert_pytorch(trace, like_chakra=like_chakra).content, "x")
        check_nodes(nodes, "x", with_ctrl_deps=False)


def _nested(depth: int) -> bytes:
    return b'{"nodes": ' + b"[" * depth + b"]" * depth + b"}"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "line 1, column 1: this is not JSON"),
        (b'{"nodes": [\n{"id": 1,', "line 2, column 10: this is not JSON"),
        (b"\xff\xfe\x80", "not JSON"),
        (b"[]", "no object"),
        (_nested(200_000), "can't be read|no linked|nodes"),
        (b'{"traceEvents": []}', "device trace .* simastra link"),
        (b'{"nodes": []}', "nothing to convert"),
        (b'{"nodes": [3]}', r"nodes\[0\] is 3; an object is wanted"),
        (b'{"nodes": [{"id": -1}]}', r"nodes\[0\]: id is -1"),
        (b'{"nodes": [{"id": 1}, {"id": 1}]}', "node 1: two nodes have this id"),
        (b'{"nodes": [{"id": 1, "ts": "now"}]}', 'node 1: ts is "now"'),
        (b'{"nodes": [{"id": 1, "ts": NaN}]}', "node 1: ts is NaN"),
        (b'{"nodes": [{"id": 1, "attrs": [7]}]}', "node 1: attrs is"),
        (b'{"nodes": [{"id": 1, "tid": [7]}]}', "node 1: tid is"),
        (b'{"nodes": [{"id": 1, "ctrl_deps": "x"}]}', "node 1: ctrl_deps is"),
    ],
)
def test_what_is_no_linked_trace_is_refused_in_one_message(content: bytes, problem: str) -> None:
    with pytest.raises(TraceError, match=problem) as caught:
        parse_linked(content, "linked.json")
    assert str(caught.value).startswith("linked.json")
    assert len(str(caught.value)) < 300


@given(st.recursive(st.none() | st.integers() | st.text(), st.lists))
def test_any_value_in_any_place_is_converted_or_refused(value: object) -> None:
    for key in ("name", "ctrl_deps", "inputs", "attrs", "ts", "cat", "stream", "pg_name"):
        entries = [{"id": 1, key: value}, {"id": 2, "name": "c10d::send", "ts": 3}]
        with suppress(TraceError):  # any other exception fails the test
            trace = parse_linked(json.dumps({"nodes": entries}).encode(), "linked.json")
            for like_chakra in (False, True):
                content = convert_pytorch(trace, like_chakra=like_chakra).content
                check_nodes(decode_nodes(content, "x"), "x", with_ctrl_deps=False)


def test_a_kernel_that_nothing_launched_follows_what_its_thread_began_last() -> None:
    host = [operator(10 * number, f"aten::{number}", 100 * number, 9) for number in (1, 2, 3)]
    launched = kernel(99, "gemm", 205, 50, parent=77)
    assert converted(*host, launched)[99].data_deps == (20,)
    untimed = entry(25, "gemm", parent=77, cat="kernel", stream=7)
    assert converted(*host, untimed)[25].data_deps == ()  # 25 is before all moments
    threads = [entry(10 * number, f"aten::{number}") for number in (1, 2, 3)]
    assert converted(*threads, untimed)[25].data_deps == (20,)
    timed = kernel(25, "gemm", 5, 50, parent=77)
    assert converted(*threads, timed)[25].data_deps == (20,)
    assert converted(*threads, kernel(25, "gemm", 5, 50, parent=77, tid=8))[25].data_deps == ()


def test_a_recorded_dependency_goes_forward_in_time_and_holds_for_the_kernel_too() -> None:
    def needed(sync_dep: int, **keys: float) -> tuple[int, ...]:
        return converted(
            operator(1, "aten::mm", 10, 5),
            kernel(2, "gemm", 12, 5, parent=1),
            operator(3, "aten::add", 20, 5, tid=2, sync_dep=[sync_dep]),
            operator(4, "aten::same", 20, 5, tid=3),
            operator(5, "aten::later", 21, 5, tid=4),
        )[3].data_deps

    assert set(needed(1)) == {1, 2}
    assert 4 not in needed(4)
    assert 5 not in needed(5)


def test_a_wait_that_was_recorded_is_no_work_and_no_less_than_none() -> None:
    for wait, left in ((0, 30_000), (12, 18_000), (30, 0), (31, 0)):
        node = converted(operator(1, "aten::mm", 0, 30, wait_dur=wait))[1]
        assert node.duration == left


@pytest.mark.parametrize(
    ("idle", "done", "waits"),
    [
        (1000, 860, True),  # 150 us before the host goes on: 50, and a tenth of its idle time
        (1000, 859, False),
        (1000, 1010, True),
        (1000, 1011, False),
        (200, 210, True),
        (199, 209, False),
    ],
)
def test_an_idle_host_waited_if_it_goes_on_soon_after_the_device_is_done(
    idle: int,
    done: int,
    waits: bool,  # noqa: FBT001  # pytest passes it by name
) -> None:
    nodes = converted(
        operator(1, "aten::mm", 0, 10),
        kernel(2, "gemm", 5, done - 5, parent=1),
        operator(3, "aten::add", 10 + idle, 10),
    )
    assert (2 in nodes[3].data_deps) is waits
    worked = 10 + idle - (done - 10 if waits else 0)
    assert nodes[3].duration == worked * 1000
