"""What becomes a communication node, and what it says."""

import json
from typing import Any

import pytest
from linked import convert, converted, entry, kernel, operator, tensor
from support.trace_files import decode_nodes

from simastra.convert.pytorch import Conversion
from simastra.trace import CollectiveType, NodeType

GROUPS = [
    {"pg_name": "0", "pg_desc": "default_pg", "ranks": [], "group_size": 8},
    {"pg_name": "11", "pg_desc": "mesh_dp", "ranks": [1, 3], "group_size": 2},
    {"pg_name": "7", "pg_desc": "mesh_tp", "ranks": [4, 5, 6, 7], "group_size": 4},
]


def _init() -> dict[str, Any]:
    return entry(90, "## process_group:init ##", inputs=[json.dumps(GROUPS)])


@pytest.mark.parametrize(
    ("name", "collective"),
    [
        ("ncclDevKernel_AllReduce_Sum_f32_RING_LL(ncclDevComm*)", CollectiveType.ALL_REDUCE),
        ("ncclKernel_ReduceScatter_RING_LL_Sum_half(ncclWork)", CollectiveType.REDUCE_SCATTER),
        ("ncclDevKernel_AllGather_RING_LL(ncclDevComm*)", CollectiveType.ALL_GATHER),
        ("ncclKernel_Broadcast_RING_LL_Sum_int8_t(x)", CollectiveType.BROADCAST),
        ("ncclAllReduceRingLLKernel_sum_f32(ncclColl)", CollectiveType.ALL_REDUCE),
        ("ncclDevKernel_Reduce_Sum_f32_RING_LL(x)", CollectiveType.REDUCE),
        ("ncclKernel_SendRecv_RING_SIMPLE_Sum_int8_t(x)", CollectiveType.ALL_TO_ALL),
    ],
)
def test_kernels_of_every_nccl_become_collectives(name: str, collective: CollectiveType) -> None:
    nodes = converted(
        operator(1, "aten::x", 0, 9, inputs=[tensor(5, 25)]),
        kernel(2, name, 1, 5, parent=1, inputs=[tensor(5, 25)]),
    )
    assert nodes[2].type is NodeType.COMM_COLL
    assert (nodes[2].comm_type, nodes[2].comm_size) == (collective, 100)
    assert nodes[2].is_cpu_op is False


def test_a_kernel_without_a_telling_name_is_what_the_operator_says() -> None:
    nodes = converted(
        operator(1, "nccl:all_gather", 0, 9, inputs=[tensor(5, 25)]),
        kernel(2, "ncclDevKernel_Generic(ncclDevComm*)", 1, 5, parent=1, inputs=[tensor(5, 25)]),
    )
    assert nodes[2].comm_type is CollectiveType.ALL_GATHER


def test_an_unknown_communication_kernel_is_replayed_and_told_of() -> None:
    conversion = convert(
        operator(1, "aten::x", 0, 9), kernel(2, "ncclDevKernel_Generic(x)", 1, 5, parent=1)
    )
    assert conversion.types == {NodeType.COMP: 2}
    assert [notice.code for notice in conversion.notices] == ["unknown-communication"]


def test_kernels_that_only_look_like_nccl_stay_computations() -> None:
    nodes = converted(
        operator(1, "aten::x", 0, 9), kernel(2, "my_allreduce_kernel(float*)", 1, 5, parent=1)
    )
    assert nodes[2].type is NodeType.COMP


@pytest.mark.parametrize(
    ("request_name", "size"),
    [
        ("c10d::_allgather_base_", 40),
        ("c10d::_reduce_scatter_base_", 40),
        ("c10d::alltoall_base_", 40),
        ("c10d::allreduce_", 4000),
    ],
)
def test_sizes_are_of_what_goes_in_and_not_of_the_result(request_name: str, size: int) -> None:
    nodes = converted(
        operator(1, request_name, 0, 9, inputs=[tensor(5, 1000), tensor(6, 10)]),
        operator(2, "gloo:anything_all_reduce", 10, 50, inputs=[tensor(6, 10)]),
    )
    assert nodes[2].type is NodeType.COMM_COLL
    assert nodes[2].comm_size == size


def test_gloo_communicates_beside_the_thread_and_the_blocking_call_waits() -> None:
    call = operator(1, "c10d::allreduce_", 0, 10, inputs=[tensor(5, 25)])
    call["inputs"]["values"].append(False)  # async_op
    call["inputs"]["types"].append("Bool")
    nodes = converted(
        call,
        operator(2, "gloo:all_reduce", 8, 500, inputs=[tensor(5, 25)]),
        operator(3, "aten::mul", 520, 10),
    )
    assert nodes[2].type is NodeType.COMM_COLL
    assert nodes[2].data_deps == (1,)
    assert set(nodes[3].data_deps) == {1, 2}
    assert nodes[3].duration == (12 + 10) * 1000  # less the wait from 10 to 508


def test_collectives_of_gloo_run_in_the_order_of_the_calls() -> None:
    nodes = converted(
        operator(1, "c10d::allreduce_", 0, 10, rf_id=10, inputs=[tensor(5, 25)]),
        operator(2, "c10d::allreduce_", 20, 10, rf_id=20, inputs=[tensor(6, 25)]),
        operator(3, "gloo:all_reduce", 30, 500, rf_id=21, inputs=[tensor(6, 25)]),
        operator(4, "gloo:all_reduce", 40, 500, rf_id=11, inputs=[tensor(5, 25)]),
    )
    assert nodes[4].data_deps == (1,)
    assert nodes[3].data_deps == (2, 4)


def test_a_request_that_no_backend_served_communicates_itself() -> None:
    nodes = converted(operator(1, "c10d::broadcast_", 0, 9, inputs=[tensor(5, 25), 0, 1]))
    assert nodes[1].type is NodeType.COMM_COLL
    assert nodes[1].comm_src == 1


def test_the_ends_of_a_message_are_ranks_of_the_job() -> None:
    send = kernel(2, "ncclDevKernel_SendRecv(x)", 1, 5, parent=1, pg_name="11")
    nodes = converted(_init(), operator(1, "nccl:send 0->1", 0, 9, inputs=[tensor(5, 25)]), send)
    assert nodes[2].type is NodeType.COMM_SEND
    assert (nodes[2].comm_src, nodes[2].comm_dst) == (1, 3)


def test_gloo_s_send_takes_peer_and_tag_from_the_call_and_the_rank_from_the_user() -> None:
    call = operator(1, "c10d::send", 0, 9, inputs=[tensor(5, 25), 0, 6, 4])
    for rank in (None, 2):
        conversion = convert(call, rank=rank)
        assert (NodeType.COMM_SEND in conversion.types) == (rank is not None)
        assert [n.code for n in conversion.notices] == ([] if rank else ["unknown-peer"])
    node = converted(call, rank=2)[1]
    assert (node.comm_src, node.comm_dst, node.comm_tag, node.comm_size) == (2, 6, 4, 100)


@pytest.mark.parametrize(("peer", "ends"), [(0, (3, 1)), (1, (1, 3))])
def test_in_a_group_of_two_the_peer_tells_who_one_is(peer: int, ends: tuple[int, int]) -> None:
    pair = {"pg_config": [{"pg_name": "11", "ranks": [1, 3]}], "world_size": 8}
    call = operator(1, "c10d::send", 0, 9, inputs=[[tensor(5, 25)], 0, peer, 0])
    node = converted(call, distributedInfo=pair)[1]
    assert (node.comm_src, node.comm_dst) == ends
    more = {"pg_config": [{"pg_name": "11", "ranks": [1, 3, 5]}], "world_size": 8}
    assert [n.code for n in convert(call, distributedInfo=more).notices] == ["unknown-peer"]


def test_process_groups_have_pytorch_s_numbers_and_the_group_of_all_none() -> None:
    def reduce(number: int, group: str) -> list[dict[str, Any]]:
        parent = operator(number, "nccl:all_reduce", number, 1, inputs=[tensor(number, 5)])
        name = "ncclDevKernel_AllReduce(x)"
        return [parent, kernel(number + 1, name, number, 1, parent=number, pg_name=group)]

    entries = [_init(), *reduce(1, "0"), *reduce(3, "11"), *reduce(5, "7")]
    nodes = converted(*entries)
    assert [nodes[number].pg_name for number in (2, 4, 6)] == [None, "11", "7"]
    assert convert(*entries).groups == {"7": [4, 5, 6, 7], "11": [1, 3]}


def test_groups_and_rank_are_taken_from_the_linker_too() -> None:
    nodes = converted(
        operator(1, "c10d::send", 0, 9, inputs=[tensor(5, 25), 0, 3, 0]),
        distributedInfo={"rank": 5, "pg_config": GROUPS[:1]},
    )
    assert (nodes[1].comm_src, nodes[1].comm_dst) == (5, 3)


def of_parameters(*values: Any, pg_name: str = "", **keys: Any) -> Conversion:
    """A kernel whose name tells nothing, launched within ``record_param_comms``."""
    parameters = operator(2, "record_param_comms", 1, 8, parent=1)
    parameters["inputs"]["values"] = list(values)
    named = {"pg_name": pg_name} if pg_name else {}
    name = "ncclDevKernel_Generic(x)"
    return convert(
        operator(1, "aten::x", 0, 9), parameters, kernel(3, name, 2, 5, parent=2, **named), **keys
    )


def test_the_parameters_tell_what_an_unnamed_kernel_does_and_among_whom() -> None:
    info = {"pg_config": GROUPS, "rank": 1, "world_size": 8}
    values = [[tensor(5, 25)], 7, ["11", "mesh_dp"], 0, "reduce_scatter", [], [], 0, 1, 2]
    made = of_parameters(*values, distributedInfo=info)
    node = {node.id: node for node in decode_nodes(made.content, "x")}[3]
    assert (node.type, node.comm_type) == (NodeType.COMM_COLL, CollectiveType.REDUCE_SCATTER)
    assert (node.comm_size, node.pg_name) == (100, "11")
    assert made.notices == ()
    values[2] = ["7", 4]  # no pair of texts: no name
    assert [n.code for n in of_parameters(*values, distributedInfo=info).notices] == [
        "unknown-group"
    ]
    values[2] = ["7", "mesh_tp", "more"]
    assert [n.code for n in of_parameters(*values, distributedInfo=info).notices] == [
        "unknown-group"
    ]


def test_parameters_that_name_nothing_leave_it_unknown() -> None:
    told = of_parameters([tensor(5, 25)], 7, ["0", "x"], 0, "something", [], [], 0, 1, 2)
    assert [notice.code for notice in told.notices] == ["unknown-communication"]


@pytest.mark.parametrize(("place", "ends"), [(0, (1, 3)), (1, (3, 3)), (None, None)])
def test_the_parameters_tell_who_one_is_in_the_group(
    place: int | None, ends: tuple[int, int] | None
) -> None:
    info = {"pg_config": [GROUPS[0], {"pg_name": "11", "ranks": [1, 3, 5]}], "world_size": 8}
    call = operator(1, "c10d::send", 0, 9, inputs=[[tensor(5, 25)], 0, 1, 0])
    parameters = operator(2, "record_param_comms", 1, 8, parent=1)
    parameters["inputs"]["values"] = [[tensor(5, 25)], 7, ["11", "x"], place, "send"]
    name = "ncclDevKernel_SendRecv(x)"
    conversion = convert(call, parameters, kernel(3, name, 2, 5, parent=2), distributedInfo=info)
    if ends is None:
        assert [notice.code for notice in conversion.notices] == ["unknown-peer"]
        return
    node = {node.id: node for node in decode_nodes(conversion.content, "x")}[3]
    assert (node.type, node.comm_src, node.comm_dst) == (NodeType.COMM_SEND, *ends)


def test_of_the_texts_of_a_functional_collective_the_last_is_its_group() -> None:
    call = operator(1, "_c10d_functional::all_reduce", 0, 9, inputs=[tensor(5, 25)])
    call["inputs"]["values"] += ["7", "11"]
    info = {"pg_config": GROUPS, "rank": 1, "world_size": 8}
    assert converted(call, distributedInfo=info)[1].pg_name == "11"
    del call["inputs"]["values"][1:]
    assert [n.code for n in convert(call, distributedInfo=info).notices] == ["unknown-group"]


@pytest.mark.parametrize(("members", "is_told"), [([1, 3], True), ([3, 1], False), ([], False)])
def test_the_legacy_members_name_a_group_in_their_order(
    members: list[int],
    is_told: bool,  # noqa: FBT001  # pytest passes it by name
) -> None:
    call = operator(1, "c10d_functional::all_reduce", 0, 9, inputs=[tensor(5, 25)])
    call["inputs"]["values"] += ["sum", "", members, 2]
    info = {"pg_config": GROUPS, "rank": 1, "world_size": 8}
    assert converted(call, distributedInfo=info)[1].pg_name == ("11" if is_told else None)
    codes = [notice.code for notice in convert(call, distributedInfo=info).notices]
    assert codes == ([] if is_told else ["unknown-group"])


@pytest.mark.parametrize(
    ("without", "told"), [(1, []), (2, []), (3, ["few-times"]), (4, ["no-times"])]
)
def test_operators_without_times_are_told_from_more_than_half_on(
    without: int, told: list[str]
) -> None:
    untimed = [entry(number, "aten::a") for number in range(1, without + 1)]
    timed = [operator(number, "aten::a", number, 1) for number in range(without + 1, 5)]
    assert [notice.code for notice in convert(*untimed, *timed).notices] == told


@pytest.mark.parametrize(("count", "listed"), [(1, "node 1"), (5, "nodes 1, 2, 3, 4, 5"),
    (6, "nodes 1, 2, 3, 4, 5 and 1 more")])  # fmt: skip
def test_five_nodes_of_a_doubt_are_shown(count: int, listed: str) -> None:
    calls = [operator(number, "c10d::barrier", number, 1) for number in range(1, count + 1)]
    (notice,) = convert(*calls).notices
    assert (notice.code, notice.message.rpartition(": ")[2]) == (
        "needs-extended-collectives",
        listed,
    )


def test_every_kind_of_collective_that_astra_sim_does_not_simulate_is_named() -> None:
    names = ("c10d::barrier", "c10d::allreduce_", "c10d::reduce_", "c10d::barrier")
    calls = [
        operator(number, name, number, 1, inputs=[tensor(5, 25)])
        for number, name in enumerate(names, 1)
    ]
    told = {it.code: it.message for it in convert(*calls).notices}
    assert told["needs-extended-collectives"] == (
        "barriers, reduces, which ASTRA-sim doesn't simulate: nodes 1, 3, 4"
    )
