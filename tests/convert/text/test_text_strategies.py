"""Our dialect: every strategy's graph, drawn node by node, and the attributes that nodes have."""

import pytest
from text_cases import drawn, lines

from simastra.convert.text import TextConversion, TextOptions, TimeUnit, convert_text
from simastra.trace import CollectiveType, NodeType, check_nodes

ALL = "1 ALLGATHER 8 2 REDUCESCATTER 16 3 ALLREDUCE 32"


def convert(text: str, npus: int = 8, **options: object) -> TextConversion:
    return convert_text(text, "model.txt", TextOptions(npus, **options))  # type: ignore[arg-type]


def graph(text: str, npus: int = 8, **options: object) -> list[str]:
    nodes = convert(text, npus, **options).nodes(0)
    check_nodes(nodes, "model.txt", with_ctrl_deps=True)
    return drawn(nodes)


def dims(conversion: TextConversion) -> dict[str, str]:
    """For each collective, by layer and word, its dimensions as in ``TF``."""
    return {
        node.name.removeprefix("COMM_COLL_NODE_"): "".join(
            "FT"[flag] for flag in node.involved_dim or ()
        )
        for node in conversion.nodes(0)
        if node.type is NodeType.COMM_COLL
    }


def test_data_parallel_passes_are_joined_by_each_layers_own_all_reduce() -> None:
    text = lines(
        "DATA", "a -1 1 NONE 0 2 NONE 0 3 ALLREDUCE 8 9", "b -1 1 NONE 0 2 NONE 0 3 NONE 0 9"
    )
    first = [
        "a_FWD",
        "b_FWD <- a_FWD",
        "b_BWD_WG <- b_FWD",
        "b_BWD_IG <- b_BWD_WG",
        "a_BWD_WG <- b_BWD_IG",
        "a_ALLREDUCE <- a_BWD_WG",
    ]
    assert graph(text) == first
    # Layer b has no collective, so its next forward pass waits for the gradient itself.
    assert graph(text, passes=2)[6:8] == ["a_FWD <- a_ALLREDUCE", "b_FWD <- a_FWD, b_BWD_WG"]


def test_model_parallel_layers_wait_for_collectives_and_skip_those_of_no_size() -> None:
    text = lines(
        "MODEL",
        "a -1 1 ALLGATHER 8 2 ALLREDUCE 8 3 NONE 0 9",
        "b -1 1 ALLGATHER 0 2 ALLREDUCE 8 3 NONE 0 9",
    )
    assert graph(text) == [
        "a_FWD",
        "a_ALLGATHER <- a_FWD",
        "b_FWD <- a_ALLGATHER",
        "b_BWD_IG <- b_FWD",
        "b_ALLREDUCE <- b_BWD_IG",
        "b_BWD_WG <- b_BWD_IG",
        "a_BWD_IG <- b_BWD_WG, b_ALLREDUCE",
        "a_BWD_WG <- a_BWD_IG",
    ]


def test_hybrids_divide_the_dimensions_between_model_and_data() -> None:
    layers = ("a -1 " + ALL + " 9", "b -1 " + ALL + " 9")
    expected = {"a_ALLGATHER": "TFF", "b_IG_COMM__REDUCESCATTER": "TFF", "b_ALLREDUCE": "FTT"}
    assert expected.items() <= dims(convert(lines("HYBRID_DATA_MODEL", *layers), dims=3)).items()
    expected = {"a_ALLGATHER": "FTT", "b_REDUCESCATTER": "FTT", "b_ALLREDUCE": "TFF"}
    assert expected.items() <= dims(convert(lines("HYBRID_MODEL_DATA", *layers), dims=3)).items()


def test_a_collective_over_no_dimension_is_left_out_with_a_notice() -> None:
    conversion = convert(lines("HYBRID_DATA_MODEL", "a -1 " + ALL + " 9"), dims=1)
    assert dims(conversion) == {"a_ALLGATHER": "T"}
    (notice,) = conversion.notices
    assert (notice.code, notice.severity) == ("among-nobody", "warning")
    assert "1 collective (a ALLREDUCE)" in notice.message


def test_dlrm_overlaps_the_embeddings_all_to_all_with_the_bottom_layers() -> None:
    text = lines(
        "HYBRID_DLRM 1",
        "emb -1 1 ALLTOALL 8 2 ALLTOALL 8 3 NONE 0 9",
        "bot -1 1 NONE 0 2 NONE 0 3 ALLREDUCE 8 9",
        "top -1 1 NONE 0 2 NONE 0 3 ALLREDUCE 8 9",
    )
    assert graph(text) == [
        "emb_FWD",
        "emb_ALLTOALL <- emb_FWD",
        "bot_FWD <- emb_FWD, emb_ALLTOALL",
        "top_FWD <- bot_FWD",
        "top_BWD_WG <- top_FWD",
        "top_ALLREDUCE <- top_BWD_WG",
        "top_BWD_IG <- top_BWD_WG",
        "emb_ALLTOALL <- top_BWD_IG",
        "bot_BWD_WG <- top_BWD_IG",
        "bot_ALLREDUCE <- bot_BWD_WG",
        "bot_BWD_IG <- bot_BWD_WG",
        "emb_BWD_WG <- bot_BWD_IG, emb_ALLTOALL",
    ]


def test_a_transformer_runs_in_sequence_but_for_what_goes_backward() -> None:
    text = lines(
        "HYBRID_TRANSFORMER model_parallel_NPU_group: 4",
        "a -1 1 ALLREDUCE 8 2 ALLREDUCE 8 3 ALLREDUCE 8 9",
        "b -1 1 ALLGATHER 8 2 REDUCESCATTER 8 3 ALLREDUCE 8 9",
    )
    assert graph(text, npus_count=(4, 2), dims=2, passes=2)[:15] == [
        "a_FWD",
        "a_ALLREDUCE <- a_FWD",
        "b_FWD <- a_ALLREDUCE",
        "b_ALLGATHER <- b_FWD",
        "b_BWD_IG <- b_ALLGATHER",
        "b_REDUCESCATTER <- b_BWD_IG",
        "b_BWD_WG <- b_BWD_IG",
        "b_ALLREDUCE <- b_BWD_WG",
        "a_BWD_IG <- b_BWD_WG, b_REDUCESCATTER",
        "a_ALLREDUCE <- a_BWD_IG",
        "a_BWD_WG <- a_BWD_IG",
        "a_ALLREDUCE <- a_BWD_WG",
        # The next pass: its own weight gradient's collective, and the end of the pass before.
        "a_FWD <- a_ALLREDUCE, a_BWD_WG, a_ALLREDUCE",
        "a_ALLREDUCE <- a_FWD",
        "b_FWD <- b_ALLREDUCE, a_ALLREDUCE",
    ]


@pytest.mark.parametrize(
    ("group", "counts", "model", "notices"),
    [
        (1, (4, 2), "FF", []),
        (4, (4, 2), "TF", []),
        (8, (4, 2), "TT", []),
        (2, (4, 2), "TF", ["uneven-group"]),
        (6, (4, 2), "TT", ["uneven-group"]),
        (4, None, "TF", ["assumed-group"]),
        (8, None, "TT", []),
    ],
)
def test_the_first_dimensions_that_reach_the_group_are_the_models(
    group: int, counts: tuple[int, ...] | None, model: str, notices: list[str]
) -> None:
    text = lines(
        f"HYBRID_TRANSFORMER model_parallel_NPU_group: {group}",
        "a -1 1 ALLGATHER 8 2 NONE 0 3 ALLREDUCE 8 9",
    )
    conversion = convert(text, npus_count=counts, dims=2)
    data = model.translate(str.maketrans("TF", "FT"))
    expected = {"a_ALLGATHER": model, "a_ALLREDUCE": data}
    assert dims(conversion) == {name: flags for name, flags in expected.items() if "T" in flags}
    assert [n.code for n in conversion.notices if n.code != "among-nobody"] == notices


def test_a_checkpointed_transformer_runs_forward_again_before_going_backward() -> None:
    layers = [f"l{index} -1 1 ALLREDUCE 8 2 NONE 0 3 NONE 0 9" for index in range(5)]
    text = lines(
        "HYBRID_TRANSFORMER_FWD_IN_BCKWD model_parallel_NPU_group: 8 checkpoints: 2 0 2 "
        "checkpoint_initiates: 2 4 2",
        *layers,
    )
    backward = graph(text)[10:]
    assert backward[:6] == [
        "l2_FWD_IN_BCKWD <- l4_ALLREDUCE",
        "l2_ALLREDUCE <- l2_FWD_IN_BCKWD",
        "l3_FWD_IN_BCKWD <- l2_ALLREDUCE",
        "l3_ALLREDUCE <- l3_FWD_IN_BCKWD",
        "l4_BWD_IG <- l3_ALLREDUCE",
        "l4_BWD_WG <- l4_BWD_IG",
    ]
    # Layer 2 is a checkpoint itself, so for it nothing is run again.
    assert sum("FWD_IN_BCKWD <-" in node for node in backward) == 2


def test_each_layer_of_a_customized_workload_has_its_own_dimensions() -> None:
    text = lines(
        "HYBRID_CUSTOMIZED",
        *(
            f"{strategy.lower()} -1 {ALL} 9 {strategy}"
            for strategy in ("DATA", "MODEL", "HYBRID_DATA_MODEL", "HYBRID_MODEL_DATA")
        ),
    )
    assert dims(convert(text, dims=3)) == {
        "data_ALLREDUCE": "TTT",
        "model_ALLGATHER": "TTT",
        "model_REDUCESCATTER": "TTT",
        "hybrid_data_model_ALLGATHER": "TFF",
        "hybrid_data_model_REDUCESCATTER": "TFF",
        "hybrid_data_model_ALLREDUCE": "FTT",
        "hybrid_model_data_ALLGATHER": "FTT",
        "hybrid_model_data_REDUCESCATTER": "FTT",
        "hybrid_model_data_ALLREDUCE": "TFF",
    }


def test_inference_goes_forward_only_pass_after_pass() -> None:
    text = lines("DISTRIBUTED_INFERENCE", "a -1 " + ALL + " 9", "b -1 " + ALL + " 9")
    assert graph(text, passes=2)[:5] == [
        "a_FWD",
        "a_ALLGATHER <- a_FWD",
        "b_FWD <- a_ALLGATHER",
        "b_ALLGATHER <- b_FWD",
        "a_FWD <- b_ALLGATHER",
    ]
    assert len(graph(text, passes=2)) == 8


def test_a_microbenchmark_is_collectives_that_wait_for_nothing() -> None:
    text = lines("MICRO", "a -1 5 NONE 0 5 NONE 0 5 ALLTOALL 1048576 5")
    assert graph(text, passes=3) == ["a_ALLTOALL"] * 3


def test_nodes_have_all_that_a_simulator_needs_and_are_alike_on_all_npus() -> None:
    conversion = convert(lines("MODEL", "a -1 7 ALLTOALL 64 2 NONE 0 3 NONE 0 9"), dims=2)
    compute, exchange = conversion.nodes(0)[:2]
    assert (compute.id, compute.duration, compute.is_cpu_op) == (1, 7000, False)
    assert (exchange.id, exchange.comm_type) == (2, CollectiveType.ALL_TO_ALL)
    assert (exchange.comm_size, exchange.involved_dim) == (64, (True, True))
    assert exchange.is_cpu_op is False
    assert conversion.nodes(7) is conversion.nodes(0)
    assert conversion.trace().npus[7] is conversion.trace().npus[0]


def test_what_a_strategy_has_no_use_for_is_told() -> None:
    text = lines("DATA", "a -1 1 ALLGATHER 8 2 NONE 0 3 ALLREDUCE 8 9")
    (notice,) = convert(text).notices
    assert notice.code == "unused-collective"
    assert "DATA has no use for 1 collective (a ALLGATHER)" in notice.message


def test_nanoseconds_are_rounded_to_microseconds_and_the_sum_of_it_is_told() -> None:
    text = lines("DISTRIBUTED_INFERENCE", *(f"l -1 {t} NONE 0 0 NONE 0 0 NONE 0 0" for t in TIMES))
    conversion = convert(text, time_unit=TimeUnit.NS)
    assert [node.duration for node in conversion.nodes(0)] == [0, 1000, 1000, 2000, 3000]
    (notice,) = conversion.notices
    assert notice.message.startswith("3 of 5 computations are rounded")
    assert "together they are 399 ns shorter" in notice.message


TIMES = (499, 500, 1000, 2400, 3000)
