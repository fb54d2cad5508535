"""The reference generator's traces for the same model and degrees: the same, explained.

They are public data outside this repository (../shared/data/traces/stg_sample); skipped without.
The reference, astra-sim/symbolic_tensor_graph, writes numbers of elements where bytes are meant,
and counts a multiplication and an addition as one operation; ours are bytes, of two for each
element, and operations, two for each. It has no biases and no weights in norms; it computes an
embedding as a matrix product, with a table that isn't cut and that needs an all-reduce for each
cut; its attention has no operations that grow with the square of the sequence; ours has.
"""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest
from support.trace_files import read_nodes

from simastra.trace import CollectiveType, Node, NodeType
from simastra.transformer import Family, Generated, Model, Parallelism, Training, Work, build

SAMPLE = Path(__file__).parents[3] / "shared/data/traces/stg_sample/gpt_dp2tp2pp2_4stacks"
pytestmark = pytest.mark.skipif(not SAMPLE.is_dir(), reason="the sample isn't here")

HIDDEN, FFN = 8192, 28672
MODEL = Model("gpt", Family.GPT, 4, HIDDEN, 64, FFN, vocabulary=32000, sequence=1024)
PARALLELISM = Parallelism(tp=2, dp=2, pp=2, sequence_parallel=True, order=("dp", "tp", "cp", "pp"))
TOKENS = 32 * 1024  # of a replica

BYTES = 2
OPERATIONS = 2


@pytest.fixture(scope="module")
def made() -> Generated:
    return build(MODEL, PARALLELISM, Training(64))


def of_layers(nodes: Iterable[Node]) -> list[Node]:
    return [node for node in nodes if "transformer." in node.name or "layer" in node.name]


def collectives(nodes: Iterable[Node]) -> Counter[tuple[CollectiveType, int]]:
    return Counter(
        (node.comm_type, node.comm_size or 0) for node in nodes if node.comm_type is not None
    )


@pytest.mark.parametrize("npu", range(8))
def test_layers_gather_and_scatter_the_same_elements_as_often(made: Generated, npu: int) -> None:
    theirs = collectives(of_layers(read_nodes(SAMPLE / f"workload.{npu}.et")))
    ours = collectives(of_layers(made.trace.npus[npu]))
    for kind in (CollectiveType.ALL_GATHER, CollectiveType.REDUCE_SCATTER):
        expected = {size * BYTES: n for (type, size), n in theirs.items() if type is kind}
        assert {size: n for (type, size), n in ours.items() if type is kind} == expected
        assert expected


@pytest.mark.parametrize("npu", [0, 4])
def test_gradients_differ_by_biases_and_norms_only(made: Generated, npu: int) -> None:
    theirs = collectives(of_layers(read_nodes(SAMPLE / f"workload.{npu}.et")))
    ((weights, count),) = (
        (size, n) for (kind, size), n in theirs.items() if kind is CollectiveType.ALL_REDUCE
    )
    norms = 4 * HIDDEN + 2 * HIDDEN  # two norms, and biases behind the all-reduces: not cut
    cut = (3 * HIDDEN + FFN) // 2
    ours = collectives(of_layers(made.trace.npus[npu]))
    found = {size: n for (kind, size), n in ours.items() if kind is CollectiveType.ALL_REDUCE}
    # Under sequence parallelism what isn't cut has gradients of parts of the tokens.
    assert found == {(weights + norms + cut) * BYTES: count, norms * BYTES: count}


@pytest.mark.parametrize("stage", [0, 1])
def test_matrix_products_are_twice_the_references_multiplications(
    made: Generated, stage: int
) -> None:
    nodes = of_layers(read_nodes(SAMPLE / f"workload.{4 * stage}.et"))
    # What is left of its computations is linear in the tensors: some 10^9, against 10^12.
    theirs = sum(node.num_ops or 0 for node in nodes if (node.num_ops or 0) > 10**12)
    ours = sum(
        draft.node.num_ops or 0
        for draft in made.stages[stage]
        if draft.label is Work.MATMUL and "layer" in draft.node.name
    )
    biases = 2 * 2 * TOKENS * (3 * HIDDEN + FFN) // 2  # 2 layers, forward and backward
    assert ours == theirs * OPERATIONS + biases


def test_a_layer_has_as_many_matrix_products(made: Generated) -> None:
    nodes = of_layers(read_nodes(SAMPLE / "workload.0.et"))
    theirs = sum((node.num_ops or 0) > 10**12 for node in nodes)
    ours = sum(
        draft.label is Work.MATMUL and "layer" in draft.node.name for draft in made.stages[0]
    )
    # Queries apart from keys and values: three products more in each of the two layers.
    assert ours == theirs + 2 * 3


def test_messages_and_groups_are_the_same(made: Generated) -> None:
    for npu in range(8):
        theirs = read_nodes(SAMPLE / f"workload.{npu}.et")
        messages = [
            {
                (node.type, (node.comm_size or 0) * unit, node.comm_dst if sends else node.comm_src)
                for node in nodes
                for sends in [node.type is NodeType.COMM_SEND]
                if node.type in (NodeType.COMM_SEND, NodeType.COMM_RECV)
            }
            for nodes, unit in ((theirs, BYTES), (made.trace.npus[npu], 1))
        ]
        assert messages[0] == messages[1]
    groups = made.comm_groups
    assert groups is not None
    members = {group.members for group in groups.groups}
    assert {(0, 1), (2, 3), (4, 5), (6, 7), (0, 2), (1, 3), (4, 6), (5, 7)} <= members
