"""Nodes as Chakra's own converter makes them (docs/chakra.md 2.5)."""

from typing import Any

import pytest
from linked import THREAD, document, entry, kernel, operator, tensor
from support.trace_files import decode_nodes

from simastra.convert.pytorch import Conversion, convert_pytorch, parse_linked
from simastra.trace import CollectiveType, Node, NodeType

SEND_RECV = "ncclDevKernel_SendRecv(x)"


def like_chakra(*entries: dict[str, Any], **keys: Any) -> Conversion:
    linked = document(entry(1, THREAD), *entries, **keys)
    return convert_pytorch(parse_linked(linked, "linked.json"), like_chakra=True)


def nodes_of(*entries: dict[str, Any]) -> dict[int, Node]:
    return {node.id: node for node in decode_nodes(like_chakra(*entries).content, "linked.0.et")}


@pytest.mark.parametrize(
    ("caller", "type_"),
    [
        ("nccl:send 0->1", NodeType.COMM_SEND),
        ("nccl:recv 1<-0", NodeType.COMM_RECV),
        ("nccl:all_to_all", NodeType.COMM_COLL),
    ],
)
@pytest.mark.parametrize("with_parameters", [False, True])
def test_a_generic_kernel_is_what_its_caller_is_called(
    caller: str,
    type_: NodeType,
    with_parameters: bool,  # noqa: FBT001  # pytest passes it by name
) -> None:
    entries = [operator(2, caller, 0, 9, parent=1)]
    if with_parameters:
        entries.append(operator(3, "record_param_comms", 1, 8, parent=2, pg_name="5"))
    inputs = [tensor(5, 25), 7, tensor(6, 2)]
    launched = kernel(4, SEND_RECV, 2, 5, parent=len(entries) + 1, inputs=inputs, pg_name="8")
    node = nodes_of(*entries, launched)[4]
    assert (node.type, node.comm_size) == (type_, 108)
    assert node.pg_name == ("5" if with_parameters else "8")
    collective = CollectiveType.ALL_TO_ALL if type_ is NodeType.COMM_COLL else None
    assert node.comm_type is collective
    assert node.is_cpu_op is False


def test_parameters_without_a_group_leave_the_kernel_s() -> None:
    node = nodes_of(
        operator(2, "nccl:send 0->1", 0, 9, parent=1),
        operator(3, "record_param_comms", 1, 8, parent=2),
        kernel(4, SEND_RECV, 2, 5, parent=3, pg_name="8"),
    )[4]
    assert (node.type, node.pg_name, node.comm_size) == (NodeType.COMM_SEND, "8", 0)


@pytest.mark.parametrize(
    ("name", "collective"),
    [
        ("ncclDevKernel_AllReduce_Sum_f32_RING_LL(x)", CollectiveType.ALL_REDUCE),
        ("ncclKernel_ReduceScatter_RING_LL_Sum_half(x)", CollectiveType.REDUCE_SCATTER),
        ("ncclKernel_AllGather_RING_LL(x)", CollectiveType.ALL_GATHER),
        ("ncclKernel_Broadcast_RING_LL(x)", CollectiveType.BROADCAST),
        ("ncclDevKernel_Generic(x)", None),
        ("my_allreduce_kernel(x)", None),
    ],
)
def test_only_kernels_that_chakra_knows_communicate(
    name: str, collective: CollectiveType | None
) -> None:
    node = nodes_of(
        operator(2, "aten::x", 0, 9, parent=1, pg_name="3"),
        kernel(4, name, 2, 5, parent=2, inputs=[tensor(5, 25)], pg_name="8"),
    )[4]
    wanted = NodeType.COMP if collective is None else NodeType.COMM_COLL
    assert (node.type, node.comm_type) == (wanted, collective)
    assert (node.pg_name, node.comm_size) == ((None, None) if collective is None else ("8", 100))


def test_a_caller_comes_before_what_it_calls_and_kernels_hang_on_their_launchers() -> None:
    nodes = nodes_of(
        operator(2, "outer", 0, 9, parent=1),
        operator(3, "inner", 1, 2, parent=2),
        kernel(4, "gemm", 2, 5, parent=3),
        operator(5, "memset", 3, 5, parent=3, cat="gpu_memset", stream=7),
        operator(6, "next", 10, 2, parent=1),
        operator(7, "nobody's", 20, 2, parent=77),
    )
    assert {number: node.data_deps for number, node in nodes.items()} == {
        1: (),
        2: (1,),
        3: (2,),
        4: (3,),
        6: (3,),
    }
    assert {number: node.ctrl_deps for number, node in nodes.items()} == {
        1: (),
        2: (1,),
        3: (2,),
        4: (3,),
        6: (1,),
    }


def test_what_simastra_linked_is_told_to_be_linked_otherwise() -> None:
    def codes(**keys: Any) -> list[str]:
        return [notice.code for notice in like_chakra(entry(2, "a", parent=1), **keys).notices]

    assert codes(linked_by="simastra") == ["not-linked-like-chakra"]
    assert codes() == []
    assert codes(linked_by="chakra") == []
