"""How much is communicated: by a kernel's arguments, by requests, or by nothing at all."""

from typing import Any

import pytest
from linked import convert, converted, kernel, operator, tensor

from simastra.convert.pytorch import Conversion
from simastra.trace import CollectiveType, Node, NodeType

ALL_REDUCE = "ncclDevKernel_AllReduce_Sum_f32_RING_LL(ncclDevKernelArgsStorage<4096ul>)"
SEND_RECV = "ncclDevKernel_SendRecv(ncclDevKernelArgsStorage<4096ul>)"
WORLD = {"world_size": 4, "pg_config": [{"pg_name": "0", "pg_desc": "default_pg", "ranks": []}]}


def graph(name: str, **told: Any) -> list[dict[str, Any]]:
    """Two kernels that a CUDA graph launched; the operator around has tensors of its own."""
    arguments = {"communication": told} if told else {}
    return [
        operator(1, "## Call CompiledFxGraph ##", 0, 20, inputs=[tensor(5, 999)]),
        kernel(2, "triton_poi_fused_0", 5, 9, parent=1, inputs=[tensor(5, 999)]),
        kernel(3, name, 15, 50, parent=1, inputs=[tensor(5, 999)], **arguments),
    ]


def codes(conversion: Conversion) -> list[str]:
    return [notice.code for notice in conversion.notices]


def node(*entries: dict[str, Any], number: int = 3, **keys: Any) -> Node:
    return converted(*entries, **keys)[number]


@pytest.mark.parametrize(
    ("dtype", "size"),
    [
        ("Float", 4000),
        ("BFloat16", 2000),
        ("Half", 2000),
        ("Double", 8000),
        ("Int", 4000),
        ("Long", 8000),
        ("Byte", 1000),
        ("Bool", 1000),
        ("Float8_e4m3fn", 1000),
        ("float8_e5m2fnuz", 1000),
        ("ComplexDouble", 16000),
    ],
)
def test_a_kernel_in_a_graph_has_the_elements_that_it_tells_of(dtype: str, size: int) -> None:
    told = {"Collective name": "allreduce", "In msg nelems": 1000, "dtype": dtype}
    entries = graph(ALL_REDUCE, **told)
    made = node(*entries)
    assert (made.comm_type, made.comm_size) == (CollectiveType.ALL_REDUCE, size)
    assert codes(convert(*entries)) == []


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"In msg nelems": 1000},
        {"dtype": "Float"},
        {"In msg nelems": 1000, "dtype": "Quaternion"},
        {"In msg nelems": -1, "dtype": "Float"},
        {"In msg nelems": 2**63, "dtype": "Float"},
        {"In msg nelems": True, "dtype": "Float"},
        {"In msg nelems": "1000", "dtype": 4},
    ],
)
def test_a_kernel_in_a_graph_that_does_not_tell_is_replayed_and_never_free(
    told: dict[str, Any],
) -> None:
    entries = graph(ALL_REDUCE, **told)
    made = node(*entries)
    assert (made.type, made.duration, made.is_cpu_op) == (NodeType.COMP, 50_000, False)
    assert codes(convert(*entries)) == ["unknown-size"]


def test_an_empty_collective_is_one_of_no_bytes() -> None:
    told = {"In msg nelems": 0, "dtype": "Float"}
    assert node(*graph(ALL_REDUCE, **told)).comm_size == 0
    call = operator(1, "c10d::allreduce_", 0, 9, inputs=[[tensor(5, 0)]])
    assert node(call, number=1).comm_size == 0
    assert codes(convert(call)) == []


def test_what_the_kernel_tells_goes_before_what_launched_it() -> None:
    call = operator(1, "nccl:all_reduce", 0, 20, inputs=[tensor(5, 25)])
    told = {"Collective name": "allreduce", "In msg nelems": 7, "dtype": "Half"}
    launched = kernel(2, ALL_REDUCE, 5, 9, parent=1, inputs=[tensor(5, 25)], communication=told)
    assert node(call, launched, number=2).comm_size == 14
    launched.pop("communication")
    assert node(call, launched, number=2).comm_size == 100


def test_a_single_kernel_of_an_operator_is_sized_by_it_with_a_remark() -> None:
    entries = graph(ALL_REDUCE)
    entries.pop(1)
    assert node(*entries).comm_size == 3996
    assert codes(convert(*entries)) == ["guessed-size"]


def test_a_generic_kernel_is_what_its_arguments_name() -> None:
    told = {"In msg nelems": 8, "Out msg nelems": 2, "dtype": "Float", "Group size": 4}
    gather = node(*graph(SEND_RECV, **{**told, "Collective name": "gather"}))
    assert (gather.comm_type, gather.comm_size) == (CollectiveType.GATHER, 32)
    scatter = node(*graph(SEND_RECV, **{**told, "Collective name": "scatter"}))
    assert (scatter.comm_type, scatter.comm_size) == (CollectiveType.SCATTER, 32)
    exchange = node(*graph(SEND_RECV, **{**told, "Collective name": "all_to_all"}))
    assert (exchange.comm_type, exchange.comm_size) == (CollectiveType.ALL_TO_ALL, 32)
    assert exchange.comm_uneven is None


@pytest.mark.parametrize("is_root", [True, False])
def test_a_scatter_is_the_root_s_buffer_on_every_rank(is_root: bool) -> None:  # noqa: FBT001
    shares = [[tensor(storage, 10) for storage in range(10, 14)]] if is_root else []
    call = operator(1, "c10d::scatter_", 0, 9, inputs=[[tensor(5, 10)], shares, 0, 2])
    made = node(call, number=1, distributedInfo=WORLD)
    assert (made.comm_type, made.comm_size) == (CollectiveType.SCATTER, 160)


def test_a_scatter_among_who_knows_how_many_is_replayed() -> None:
    call = operator(1, "c10d::scatter_", 0, 9, inputs=[[tensor(5, 10)], [], 0, 2])
    assert codes(convert(call)) == ["unknown-size"]


def exchange(sent: list[int], received: list[int], name: str = "c10d::alltoall_base_") -> Any:
    out, into = tensor(6, 10 * sum(received)), tensor(5, 10 * sum(sent))
    call = operator(1, name, 0, 9, inputs=[out, into, 0])
    call["inputs"]["values"][2:] = ["<Object>", received, sent, False]
    return call


@pytest.mark.parametrize(
    ("sent", "received", "size"),
    [([1, 2], [3, 4], 280), ([3, 4], [1, 2], 280), ([0, 0], [1, 0], 40), ([2, 2], [2, 2], 160)],
)
def test_an_uneven_all_to_all_has_the_larger_of_what_goes_in_and_out(
    sent: list[int], received: list[int], size: int
) -> None:
    made = node(exchange(sent, received), number=1)
    assert (made.comm_type, made.comm_size) == (CollectiveType.ALL_TO_ALL, size)
    assert (made.comm_sizes, made.comm_uneven) == (tuple(40 * rows for rows in sent), None)
    assert codes(convert(exchange(sent, received))) == ["uneven-collective"]


def test_arguments_that_are_missing_are_no_split_sizes() -> None:
    call = exchange([1, 2], [3, 4])
    del call["inputs"]["values"][4:]
    made = node(call, number=1)
    assert (made.comm_size, made.comm_uneven, made.comm_sizes) == (280, True, None)
    assert codes(convert(call)) == ["uneven-all-to-all"]
    del call["inputs"]["values"][3:]
    assert node(call, number=1).comm_uneven is None


def test_an_all_to_all_without_split_sizes_is_even() -> None:
    call = exchange([], [])
    call["inputs"]["values"][:2] = [tensor(6, 8), tensor(5, 8)]
    made = node(call, number=1)
    assert (made.comm_size, made.comm_uneven) == (32, None)
    assert codes(convert(call)) == []


@pytest.mark.parametrize(
    ("sent", "size", "parts"),
    [("[1, 3]", 96, (8, 24)), ("[1, 1, ..., 3]", 32, None), ("[]", 32, (16, 16))],
)
def test_a_kernel_tells_the_split_sizes_too_unless_they_are_shortened(
    sent: str, size: int, parts: tuple[int, ...] | None
) -> None:
    told = {"Collective name": "all_to_allv", "In msg nelems": 8, "dtype": "Float"}
    splits = {"In split size": sent, "Out split size": "[6, 6]"}
    made = node(*graph(SEND_RECV, **told, **splits))
    assert (made.comm_type, made.comm_size) == (CollectiveType.ALL_TO_ALL, size)
    assert (made.comm_sizes, made.comm_uneven) == (parts, None if parts else True)
    told["Out msg nelems"] = 50
    assert node(*graph(SEND_RECV, **told, **splits)).comm_size == 200


def test_the_parameters_that_the_backend_recorded_tell_the_split_sizes_as_well() -> None:
    call = operator(1, "c10d::alltoall_base_", 0, 20, inputs=[[tensor(5, 8)]])
    parameters = operator(2, "record_param_comms", 1, 9, parent=1)
    parameters["inputs"]["values"] = [[], 7, ["0", "x"], 0, "all_to_allv", [1, 3], [6, 6], 0, 1, 2]
    launched = kernel(3, SEND_RECV, 5, 9, parent=2)
    made = node(call, parameters, launched)
    assert (made.comm_type, made.comm_size) == (CollectiveType.ALL_TO_ALL, 96)
    assert made.comm_sizes == (8, 24)


def test_lists_of_tensors_may_be_of_any_sizes() -> None:
    out, into = [tensor(6, 5), tensor(7, 6)], [tensor(8, 1), tensor(9, 2)]
    made = node(operator(1, "c10d::alltoall_", 0, 9, inputs=[out, into]), number=1)
    assert (made.comm_size, made.comm_sizes) == (44, (4, 8))


@pytest.mark.parametrize("counts", [(1, 2), (2, 2)])
def test_lists_of_tensors_of_other_collectives_tell_their_parts_if_these_differ(
    counts: tuple[int, int],
) -> None:
    parts = [[tensor(8 + at, count) for at, count in enumerate(counts)]]
    own = [tensor(5, counts[0])]
    expected = (4, 8) if counts == (1, 2) else None
    gather = node(operator(1, "c10d::allgather_", 0, 9, inputs=[parts, own]), number=1)
    assert (gather.comm_type, gather.comm_sizes) == (CollectiveType.ALL_GATHER, expected)
    scatter = node(operator(1, "c10d::reduce_scatter_", 0, 9, inputs=[own, parts]), number=1)
    assert (scatter.comm_type, scatter.comm_sizes) == (CollectiveType.REDUCE_SCATTER, expected)


@pytest.mark.parametrize(
    ("name", "collective"),
    [
        ("void vllm::cross_device_reduce_1stage<__nv_bfloat16, 8>(vllm::RankData*)", "ALL_REDUCE"),
        ("void sglang::cross_device_reduce_2stage<half, 4>(sglang::RankData*)", "ALL_REDUCE"),
        ("void tensorrt_llm::kernels::oneShotAllReduceKernel<half, 8>(x)", "ALL_REDUCE"),
        ("void tensorrt_llm::kernels::twoShotAllReduceKernel<half, 8>(x)", "ALL_REDUCE"),
        ("void c10d::one_shot_all_reduce_kernel<c10::BFloat16, 16>(x)", "ALL_REDUCE"),
        ("void two_shot_all_reduce_kernel_inplace<float, 16, 8>(x)", "ALL_REDUCE"),
        ("void multimem_all_reduce_kernel<c10::BFloat16, 16>(x)", "ALL_REDUCE"),
        ("void multimem_one_shot_all_reduce_kernel<float>(x)", "ALL_REDUCE"),
        ("multimem_all_gather_kernel", "ALL_GATHER"),
        ("void allreduce_fusion_kernel_oneshot_lamport<half>(x)", "ALL_REDUCE"),
        ("void aiter::allreduce_fusion_kernel_1stage<__hip_bfloat16>(x)", "ALL_REDUCE"),
        ("void quickreduce::allreduce_prototype_twoshot<x>(y)", "ALL_REDUCE"),
        ("void deep_ep::intranode::dispatch<8, 768>(int4*)", "ALL_TO_ALL"),
        ("void deep_ep::internode_ll::combine<true>(void*)", "ALL_TO_ALL"),
        ("mscclKernel_Sum_half_Simple(ncclDevComm*)", None),
        ("nvshmemi_reduce_kernel", "REDUCE"),
    ],
)
def test_collectives_that_are_not_nccl_s_are_found_or_told_of(
    name: str, collective: str | None
) -> None:
    assert codes(convert(*graph(name))) == [
        "unknown-size" if collective else "unknown-communication"
    ]
    told = {"In msg nelems": 8, "dtype": "Half"}
    made = node(*graph(name, **told))
    assert (made.comm_type.name if made.comm_type is not None else None) == collective
    assert made.comm_size == (16 if collective else None)


@pytest.mark.parametrize(
    ("request_name", "tensors"),
    [
        ("_C_custom_ar::all_reduce", [77, tensor(5, 25), tensor(6, 25)]),
        ("vllm::all_reduce", [tensor(5, 25)]),
        ("symm_mem::two_shot_all_reduce_", [tensor(5, 25)]),
    ],
)
def test_the_operator_of_a_serving_engine_tells_how_much(
    request_name: str, tensors: list[Any]
) -> None:
    name = "void vllm::cross_device_reduce_1stage<float, 2>(vllm::RankData*)"
    call = operator(1, request_name, 0, 20, inputs=tensors)
    entries = [call, kernel(2, name, 5, 9, parent=1, inputs=tensors), kernel(3, "gemm", 9, 9)]
    made = node(*entries, number=2)
    assert (made.comm_type, made.comm_size) == (CollectiveType.ALL_REDUCE, 100)
    assert codes(convert(*entries)) == []


@pytest.mark.parametrize(
    "name",
    [
        "void at::native::reduce_kernel<512, 1, float>(x)",
        "void cub::DeviceReduceKernel<float>(x)",
        "triton_red_fused_all_reduce_like_0",
        "void at::native::vectorized_gather_kernel<16>(x)",
        "dispatch_kernel(int)",
    ],
)
def test_kernels_that_reduce_on_the_device_stay_computations(name: str) -> None:
    entries = graph(name)
    assert node(*entries).type is NodeType.COMP
    assert codes(convert(*entries)) == []
