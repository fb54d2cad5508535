"""Linked traces that are damaged: one message each, with the file, the node and the key."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from linked import THREAD, convert, document, entry, kernel, operator, tensor
from support.trace_files import decode_nodes

from simastra.convert.pytorch import GroupNumbering, convert_pytorch, parse_linked
from simastra.errors import SimastraError, TraceError
from simastra.trace.protobuf import parse_messages

WHOLE = "a text, or a whole number from 0 to 2\\^64 - 1, is wanted"


@pytest.mark.parametrize("key", ["schema", "pid", "time", "start_ts", "finish_ts"])
@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (2**64, "18446744073709551616"),
        (-1, "-1"),
        (False, "false"),
        (1.5, "1.5"),
        (float("nan"), "NaN"),
        (float("inf"), "Infinity"),
        (1e300, "1000000000"),
        ([], r"\[\]"),
        ({"a": 1}, r'{"a": 1}'),
        ("\ud800", r'"\\ud800"'),
    ],
)
def test_metadata_that_no_file_can_hold_is_refused_by_its_key(
    key: str, value: Any, shown: str
) -> None:
    with pytest.raises(TraceError, match=rf"^linked.json: {key} is {shown}.*; {WHOLE}$"):
        convert(entry(1, "a"), **{key: value})


def test_metadata_that_a_file_can_hold_is_there() -> None:
    told = {"pid": 2**64 - 1, "time": "now", "start_ts": 3.0, "finish_ts": None}
    content = convert(entry(1, "a"), **told).content
    found = {
        attribute.name: attribute.string_val or attribute.uint64_val
        for attribute in parse_messages(content, "t.0.et").metadata.attr
    }
    assert found == {
        "schema": "1.1.1-chakra.0.0.4",
        "pid": 2**64 - 1,
        "time": "now",
        "start_ts": 3,
    }


@pytest.mark.parametrize("key", ["rank", "world_size"])
@pytest.mark.parametrize("value", [True, -1, 2**31, 1.0, "0", []])
def test_a_process_number_that_is_none_is_refused_by_its_key(key: str, value: Any) -> None:
    with pytest.raises(TraceError, match=f"linked.json: distributedInfo: {key} is .*from 0 is wan"):
        convert(entry(1, "a"), distributedInfo={key: value})


@pytest.mark.parametrize("key", ["ts", "inclusive_dur", "exclusive_dur", "wait_dur"])
@pytest.mark.parametrize("value", [True, -1, float("nan"), float("inf"), 1e16, 10**400, "1", []])
def test_a_time_that_is_none_is_refused_by_its_key(key: str, value: Any) -> None:
    with pytest.raises(TraceError, match=f"^linked.json, node 1: {key} is .* microseconds from 0"):
        convert(entry(1, "a", **{"ts": 1, key: value}))


@pytest.mark.parametrize("key", ["tid", "rf_id", "stream", "seq_id"])
@pytest.mark.parametrize("value", [True, 2**63, -(2**63), 1.5, "x", "9" * 30, []])
def test_a_number_of_a_node_that_is_none_is_refused_by_its_key(key: str, value: Any) -> None:
    one = {"id": 1, "name": "a", key: value}
    with pytest.raises(TraceError, match=f"^linked.json, node 1: {key} is .*whole number of 64"):
        convert(one)


def test_a_tensor_of_nonsense_is_none() -> None:
    wrong = [[1, 2, 0, -5, 4, "cpu"], [1, 2, 0, True, 4, "cpu"], [1, 2, 0, 5, 4.0, "cpu"]]
    conversion = convert(operator(1, "c10d::allreduce_", 0, 9, inputs=[wrong]))
    assert [notice.code for notice in conversion.notices] == ["unknown-size"]


def test_a_size_beyond_all_files_is_refused() -> None:
    call = operator(1, "c10d::allreduce_", 0, 9, inputs=[[1, 2, 0, 2**62, 2**62, "cpu"]])
    with pytest.raises(TraceError, match=r"^linked.json, node 1: can't be written: "):
        convert(call)


def test_peers_of_thousands_of_digits_are_no_peers() -> None:
    call = operator(1, "nccl:send 0->" + "9" * 5000, 0, 9, inputs=[tensor(5, 25)])
    assert [notice.code for notice in convert(call).notices] == ["unknown-peer"]


def whole() -> dict[str, Any]:
    """A trace with some of everything."""
    groups = [
        {"pg_name": "0", "pg_desc": "default_pg", "ranks": [], "group_size": 4},
        {"pg_name": "3", "pg_desc": "tp", "ranks": [0, 1], "group_size": 2},
        {"pg_name": "f00", "pg_desc": "dp", "ranks": [0, 2], "group_size": 2},
    ]
    told = {"Collective name": "allreduce", "In msg nelems": 8, "dtype": "Float"}
    call = operator(6, "c10d::alltoall_base_", 40, 5, inputs=[tensor(6, 8), tensor(5, 8), 0])
    call["inputs"]["values"][2:] = ["<Object>", [1, 3], [2, 2], False]
    return {
        "schema": "1.1.1-chakra.0.0.4",
        "pid": 7,
        "start_ts": 1,
        "distributedInfo": {"rank": 0, "world_size": 4, "pg_config": groups},
        "nodes": [
            entry(1, THREAD, parent=0),
            entry(2, "## process_group:init ##", parent=1, inputs=[json.dumps(groups)]),
            operator(3, "_c10d_functional::all_reduce", 0, 9, inputs=[tensor(5, 25)]),
            kernel(4, "ncclDevKernel_AllReduce(x)", 5, 9, parent=3, communication=told),
            operator(5, "gloo:send 0->1", 20, 50, inputs=[tensor(5, 25)]),
            call,
            operator(7, "c10d::scatter_", 50, 5, inputs=[[tensor(5, 8)], [], 0, 2]),
            kernel(8, "Memcpy DtoH", 60, 5, parent=7, pg_name="3", sync_dep=[3]),
        ],
    }


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of all values within a value."""
    found = [path] if path else []
    inner: Any = ()
    if isinstance(value, dict):
        inner = value.items()
    elif isinstance(value, list):
        inner = enumerate(value)
    return found + [place for key, item in inner for place in places(item, (*path, key))]


PLACES = places(whole())
JUNK = st.sampled_from(
    [
        *(None, True, False, 0, -1, 2**31, 2**63, 2**64, -(2**64), 10**400, 1.5, 1e300),
        *(float("nan"), float("inf"), "", "x", "-1", "1e5", "\ud800", "\x00", "٣", "[1, ..., 3]"),
        *([], {}, [1], [[]], {"a": 1}, [[1, 2, 0, -5, 4, "cpu"]], [[7, 8, 0, 2**62, 9, "cpu"]]),
        *("nccl:send 9->1", "c10d::scatter_", "record_param_comms", "kernel", "all_to_allv"),
        *('[{"pg_name": 1, "ranks": {"a": 2}}]', "ncclDevKernel_SendRecv(x)", "9" * 5000),
    ]
)


@given(
    damage=st.lists(st.tuples(st.sampled_from(PLACES), JUNK), min_size=1, max_size=4),
    like_chakra=st.booleans(),
    numbering=st.sampled_from(GroupNumbering),
)
def test_whatever_a_trace_holds_is_converted_or_refused_in_one_message(
    damage: list[tuple[tuple[Any, ...], Any]], *, like_chakra: bool, numbering: GroupNumbering
) -> None:
    damaged: Any = whole()
    for (*path, last), junk in damage:
        place = damaged
        try:
            for key in path:
                place = place[key]
            place[last] = junk
        except (KeyError, IndexError, TypeError):
            continue  # an earlier damage took the place away
    refused = None
    try:
        trace = parse_linked(json.dumps(damaged).encode(), "linked.json")
        conversion = convert_pytorch(trace, like_chakra=like_chakra, numbering=numbering)
        decode_nodes(conversion.content, "converted.et")
    except SimastraError as error:
        refused = str(error)
    assert refused is None or (refused.startswith("linked.json") and len(refused) < 500)


@given(st.integers(1, 3000), st.sampled_from(["inputs", "attrs", "communication", "ts", "id"]))
def test_nesting_however_deep_is_converted_or_refused(depth: int, key: str) -> None:
    nested = "[" * depth + "]" * depth
    node = f'{{"id": 2, "name": "a", "cat": "kernel", "{key}": {nested}}}'
    data = document().replace(b"[]", f"[{node}]".encode())
    refused = ""
    try:
        convert_pytorch(parse_linked(data, "linked.json"))
    except SimastraError as error:
        refused = str(error)
    assert len(refused) < 500
