"""Requests that call each other, and what serves them, are one communication."""

from pathlib import Path
from typing import Any

import pytest
from linked import convert, converted, kernel, operator, tensor
from support.trace_files import decode_nodes

from simastra.convert.link import link_traces
from simastra.convert.pytorch import convert_pytorch, read_linked
from simastra.trace import CollectiveType, Node, NodeType

RECORDINGS = Path(__file__).parent / "recordings"
GROUPS = [
    {"pg_name": "0", "pg_desc": "default_pg", "ranks": [], "group_size": 4},
    {"pg_name": "2", "pg_desc": "mesh_dp", "ranks": [1, 3], "group_size": 2},
    {"pg_name": "3", "pg_desc": "mesh_tp", "ranks": [0, 1], "group_size": 2},
]
INFO = {"rank": 1, "world_size": 4, "pg_config": GROUPS}


def collectives(nodes: dict[int, Node]) -> list[tuple[int, str | None, int | None]]:
    found = [node for node in nodes.values() if node.type is NodeType.COMM_COLL]
    return [(node.id, node.pg_name, node.comm_size) for node in found]


def functional(number: int, ts: float, **keys: Any) -> list[dict[str, Any]]:
    """``_c10d_functional::all_reduce`` of group 3, and the ``c10d::`` one that it calls."""
    outer = operator(number, "_c10d_functional::all_reduce", ts, 20, inputs=[tensor(5, 25)], **keys)
    outer["inputs"]["values"] += ["sum", "3"]
    outer["inputs"]["types"] += ["String", "String"]
    inner = operator(
        number + 1, "c10d::allreduce_", ts + 5, 10, parent=number, inputs=[[tensor(6, 25)]]
    )
    inner["inputs"]["values"] += ["<Object>", True]
    return [outer, inner]


def test_a_functional_collective_on_gloo_is_one_node_of_its_group() -> None:
    nodes = converted(
        *functional(1, 0),
        operator(3, "gloo:all_reduce", 8, 500, inputs=[tensor(6, 25)]),
        distributedInfo=INFO,
    )
    assert collectives(nodes) == [(3, "3", 100)]
    assert [nodes[number].type for number in (1, 2)] == [NodeType.COMP] * 2
    assert nodes[3].data_deps == (2,)


def test_a_thread_in_wait_tensor_waits_and_what_it_does_next_goes_on_after_the_collective() -> None:
    def call(name: str, ts: float) -> dict[str, Any]:
        return operator(4, f"_c10d_functional::{name}", ts, 400, inputs=[tensor(6, 25)])

    started = [
        *functional(1, 0),
        operator(3, "gloo:all_reduce", 20, 300, inputs=[tensor(6, 25)]),
    ]
    following = operator(5, "aten::mul", 440, 10, inputs=[tensor(9, 25)])
    nodes = converted(*started, call("wait_tensor", 30), following)
    assert set(nodes[5].data_deps) == {3, 4}
    # Of its 400 µs it waits for 290; the caller's rest and the gap before it are its own.
    assert nodes[4].duration == (400 - 290 + 5 + 10) * 1000
    nodes = converted(*started, call("other", 30), following)
    assert nodes[5].data_deps == (4,)


def test_who_uses_the_result_of_a_functional_collective_waits_for_it() -> None:
    call = operator(1, "_c10d_functional::all_gather_into_tensor", 0, 20, inputs=[tensor(5, 25)])
    inner = operator(2, "c10d::_allgather_base_", 5, 10, parent=1)
    inner["inputs"]["values"] = [tensor(6, 50), tensor(5, 25), "<Object>", True]
    nodes = converted(
        call,
        inner,
        operator(3, "gloo:all_gather", 20, 30, inputs=[tensor(5, 25)]),
        operator(4, "aten::mul", 90, 10, inputs=[tensor(9, 25)]),
        operator(5, "aten::mul", 100, 10, inputs=[tensor(6, 50)]),
    )
    assert nodes[4].data_deps == (2,)
    assert set(nodes[5].data_deps) == {3, 4}


def test_a_functional_collective_on_nccl_is_the_kernel_however_deep_it_is() -> None:
    name = "ncclDevKernel_AllReduce_Sum_f32_RING_LL(x)"
    autograd = operator(
        1, "_c10d_functional_autograd::all_reduce", 0, 40, inputs=[tensor(5, 25), 0, 0]
    )
    autograd["inputs"]["values"] += ["sum", "3"]
    outer = functional(2, 2, parent=1)
    helper = operator(4, "aten::as_strided", 8, 3, parent=3)
    parameters = operator(5, "record_param_comms", 8, 3, parent=4)
    backend = operator(6, "nccl:all_reduce", 9, 2, parent=5, inputs=[tensor(6, 25)])
    launched = kernel(7, name, 10, 50, parent=6, inputs=[tensor(6, 25)])
    conversion = convert(
        autograd, *outer, helper, parameters, backend, launched, distributedInfo=INFO
    )
    assert conversion.types == {NodeType.COMP: 6, NodeType.COMM_COLL: 1}
    assert conversion.notices == ()


def test_a_functional_collective_that_nothing_served_is_its_outermost_request() -> None:
    assert collectives(converted(*functional(1, 0), distributedInfo=INFO)) == [(1, "3", 100)]


def test_several_operators_of_the_backend_for_one_request_are_one_node() -> None:
    nodes = converted(
        operator(1, "c10d::reduce_scatter_tensor_coalesced_", 0, 20, inputs=[[tensor(6, 50)]] * 2),
        operator(2, "gloo:all_reduce", 3, 100, inputs=[tensor(7, 25)]),
        operator(3, "aten::clone", 4, 2, parent=1, inputs=[tensor(5, 25)]),
        operator(4, "gloo:all_reduce", 5, 200, inputs=[tensor(8, 25)]),
        operator(5, "aten::mul", 30, 5, inputs=[tensor(9, 25)]),
    )
    assert collectives(nodes) == [(4, None, 200)]
    assert set(nodes) == {1, 3, 4, 5}
    assert nodes[4].comm_type is CollectiveType.REDUCE_SCATTER


def test_what_the_backend_does_after_a_request_has_returned_is_another_communication() -> None:
    nodes = converted(
        operator(1, "c10d::broadcast_", 0, 20, inputs=[[tensor(6, 50)], 0, 0]),
        operator(2, "gloo:broadcast", 3, 100, inputs=[tensor(6, 50)]),
        operator(3, "aten::mul", 30, 5, inputs=[tensor(9, 25)]),
        operator(4, "gloo:all_reduce", 40, 200, inputs=[tensor(8, 25)]),
        operator(5, "gloo:all_reduce", 50, 200, inputs=[tensor(9, 25)]),
    )
    assert collectives(nodes) == [(2, None, 200), (4, None, 100), (5, None, 100)]


def test_threads_call_for_themselves() -> None:
    nodes = converted(
        operator(1, "c10d::allreduce_", 0, 20, tid=1, rf_id=1, inputs=[tensor(5, 10)]),
        operator(2, "c10d::allreduce_", 1, 20, tid=2, rf_id=2, inputs=[tensor(6, 20)]),
        operator(3, "gloo:all_reduce", 3, 90, tid=1, rf_id=3, inputs=[tensor(5, 10)]),
        operator(4, "gloo:all_reduce", 4, 90, tid=2, rf_id=4, inputs=[tensor(6, 20)]),
    )
    assert collectives(nodes) == [(3, None, 40), (4, None, 80)]


def test_a_request_within_gloo_s_open_operator_is_no_part_of_the_earlier_request() -> None:
    nodes = converted(
        operator(1, "c10d::send", 0, 5, inputs=[[tensor(5, 25)], 0, 2, 0]),
        operator(2, "gloo:send", 1, 100, parent=1, inputs=[tensor(5, 25)]),
        operator(3, "c10d::allreduce_", 10, 5, parent=2, inputs=[[tensor(6, 25)]]),
        operator(4, "gloo:all_reduce", 12, 90, parent=2, inputs=[tensor(6, 25)]),
        distributedInfo={"rank": 1, "world_size": 4},
    )
    assert nodes[2].type is NodeType.COMM_SEND
    assert collectives(nodes) == [(4, None, 100)]


def test_a_request_that_only_seems_to_lie_in_an_earlier_one_is_its_own() -> None:
    nodes = converted(
        operator(1, "c10d::allreduce_", 0, 5, inputs=[[tensor(5, 25)]]),
        operator(2, "c10d::allreduce_", 10, 5, parent=1, inputs=[[tensor(6, 25)]]),
    )
    assert [number for number, *_ in collectives(nodes)] == [1, 2]


def test_the_legacy_functional_collective_lists_its_members() -> None:
    call = operator(1, "c10d_functional::all_reduce", 0, 9, inputs=[tensor(5, 25)])
    call["inputs"]["values"] += ["sum", "", [1, 3], 2]
    assert collectives(converted(call, distributedInfo=INFO)) == [(1, "2", 100)]


@pytest.mark.parametrize("name", ["wait_tensor", "_wrap_tensor_autograd"])
def test_waiting_for_a_functional_collective_is_no_communication(name: str) -> None:
    call = operator(1, f"_c10d_functional::{name}", 0, 9, inputs=[tensor(5, 25)])
    assert collectives(converted(call)) == []


def recorded(name: str, rank: int, folder: Path) -> tuple[list[Node], dict[str, list[int]]]:
    """The communication of a recording (PyTorch 2.14, gloo), and the process groups."""
    pair = (RECORDINGS / name / f"{side}.{rank}.json.gz" for side in ("host", "device"))
    link_traces(*pair, folder / "linked.json")
    conversion = convert_pytorch(read_linked(folder / "linked.json"))
    nodes = decode_nodes(conversion.content, "recorded.et")
    return [node for node in nodes if node.comm_size is not None], conversion.groups


@pytest.mark.parametrize("rank", range(3))
def test_every_collective_of_gloo_is_one_node_of_one_size_on_all_ranks(
    rank: int, tmp_path: Path
) -> None:
    nodes, _ = recorded("gloo", rank, tmp_path)
    ours = [node for node in nodes if node.type is NodeType.COMM_COLL]
    found = [(node.comm_type, node.comm_size, node.comm_src) for node in ours]
    uneven = CollectiveType.ALL_TO_ALL
    assert [each for each in found if each[0] is not uneven] == [
        (CollectiveType.SCATTER, 3 * 24576, 1),
        (CollectiveType.GATHER, 24576, 1),
        (CollectiveType.BROADCAST, 24576, 1),
        (CollectiveType.REDUCE, 24576, 1),
        (CollectiveType.ALL_GATHER, 24576, None),
        (CollectiveType.BARRIER, 0, None),
        (CollectiveType.ALL_GATHER, 36864, None),
        (CollectiveType.REDUCE_SCATTER, 36864, None),
        (CollectiveType.ALL_REDUCE, 36864, None),
        (CollectiveType.BROADCAST, 24576, 1),
        (CollectiveType.ALL_REDUCE, 24576, None),
    ]
    # Rank r sends 4 (r + 1) rows of 32 bytes to each, and receives 4, 8 and 12 rows.
    assert [each[1] for each in found if each[0] is uneven] == [max(384 * (rank + 1), 768)] * 4
    parts = [node.comm_sizes for node in nodes if node.comm_type is uneven]
    assert parts == [*[(128 * (rank + 1),) * 3] * 3, (128, 256, 384)]  # the last goes back
    sends = [node for node in nodes if node.type is NodeType.COMM_SEND]
    assert {(node.comm_src, node.comm_size) for node in sends} == {(rank, 24576)}


@pytest.mark.parametrize("rank", range(4))
def test_fsdp2_and_dtensor_are_counted_once_and_in_one_order(rank: int, tmp_path: Path) -> None:
    nodes, groups = recorded("fsdp2", rank, tmp_path)
    tp, dp = [rank & 2, rank | 1], [rank & 1, rank | 2]
    assert list(groups.values()) == [dp, tp]
    assert [(node.comm_type, node.comm_size) for node in nodes] == [
        (CollectiveType.SCATTER, 512),
        (CollectiveType.ALL_GATHER, 128),
        *[(CollectiveType.ALL_GATHER, 8320)] * 4,
        *[(CollectiveType.REDUCE_SCATTER, 16640)] * 2,
    ]
    (named,) = {node.pg_name for node in nodes if node.pg_name}
    assert groups[named] == tp  # DTensor's; gloo doesn't say FSDP2's
