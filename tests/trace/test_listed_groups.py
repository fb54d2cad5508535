"""Process groups that PyTorch lists in METADATA nodes."""

import json
from typing import Any

import pytest
from support.trace_files import decode_nodes

from simastra import Node, NodeType, Trace
from simastra.errors import TraceError
from simastra.trace.listed_groups import listed_groups, listing
from simastra.trace.protobuf import encode_nodes


def metadata(*groups: Any, id: int = 1) -> Node:
    text = f"['{json.dumps(groups)}']"  # Python's list of one text, as PyTorch's traces have it
    return Node(id, "## process_group:init ##", NodeType.METADATA, metadata=text)


def group(name: Any, *ranks: Any, **more: Any) -> dict[str, Any]:
    return {"pg_name": name, "ranks": list(ranks), "backend_config": "cuda:nccl", **more}


def test_members_are_listed_in_their_order_by_number() -> None:
    read = listing(metadata(group("0", 0, 1, 2, 3), group("1", 2, 0), group("2.0", 1)))
    assert read.groups == {0: (0, 1, 2, 3), 1: (2, 0), 2: (1,)}
    assert read.is_whole


@pytest.mark.parametrize(
    "item", [group("default", 0), group("1", "0"), group("1", 0.5), group(1, 0), {"pg_name": "1"}]
)
def test_what_is_no_group_with_a_number_is_left_out_and_known_to_be(item: Any) -> None:
    read = listing(metadata(item, group("3", 1)))
    assert (read.groups, read.is_whole) == ({3: (1,)}, False)


@pytest.mark.parametrize("text", ["['']", "['{}']", "", "[]", "x" * 9, "['" + "[" * 9999 + "']"])
def test_text_that_is_no_list_lists_nothing(text: str) -> None:
    read = listing(Node(1, "m", NodeType.METADATA, metadata=text))
    assert (read.groups, read.is_whole) == ({}, False)


def test_nobody_stands_for_everybody() -> None:
    trace = Trace.of([[metadata(group("4"))]] * 3)
    assert listed_groups(trace) == {npu: {4: (0, 1, 2)} for npu in range(3)}


def test_each_npu_has_what_its_own_trace_lists() -> None:
    trace = Trace.of([[metadata(group("1", 0, 1))], [metadata(group("1", 1, 2))], []])
    assert listed_groups(trace) == {0: {1: (0, 1)}, 1: {1: (1, 2)}}


def test_the_node_of_the_highest_id_counts_wherever_it_stands() -> None:
    nodes = [metadata(group("1", 0, 1), id=7), metadata(group("1", 0), group("2", 1), id=3)]
    assert listed_groups(Trace.of([nodes, []])) == {0: {1: (0, 1), 2: (1,)}}


@pytest.mark.parametrize(
    ("members", "problem"), [((0, 2), "rank 2, but there are NPUs 0 to 1"), ((1, 1), "twice")]
)
def test_impossible_members_are_refused_by_node(members: tuple[int, ...], problem: str) -> None:
    with pytest.raises(TraceError, match=problem) as error:
        listed_groups(Trace.of([[], [metadata(group("5", *members), id=9)]]))
    assert (error.value.source, error.value.node) == ("NPU 1", 9)
    assert "process group 5" in str(error.value)


def test_what_is_listed_survives_a_file() -> None:
    node = metadata(group("1", 0, 1))
    assert decode_nodes(encode_nodes([node], "x.0.et"), "x.0.et") == (node,)
