"""Whole steps of small models, node by node, as `listings/` has them; and in numbers.

Each listing says what waits for what, what is computed, and what is communicated along which axes.
Where the generator is meant to make something else, the files are written again, by ``python
tests/transformer/test_transformer_listings.py``, and what has changed in them is read.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from small_models import GPT, LLAMA, MIXTURE

from simastra.trace import NodeType
from simastra.transformer import (
    ContextStyle,
    Generated,
    Hardware,
    Inference,
    ModelPhase,
    Parallelism,
    Recompute,
    Training,
    Zero,
    build,
)
from simastra.transformer.emission import Draft

FOLDER = Path(__file__).parent / "listings"
CASES = {
    "gpt-tied-pipeline": build(
        replace(GPT, layers=2, tied_embeddings=True),
        Parallelism(tp=2, pp=2, sequence_parallel=True),
        Training(2, 2),
    ),
    "gpt-heads-zero2-recomputed": build(
        replace(GPT, layers=1),
        Parallelism(dp=2, cp=2, zero=Zero.GRADIENTS, context=ContextStyle.HEADS),
        Training(4, 2, recompute=Recompute.FULL),
        Hardware(peak_perf=1, memory_bandwidth=50),
    ),
    "llama-zero3": build(
        replace(LLAMA, layers=2),
        Parallelism(tp=2, cp=2, zero=Zero.PARAMETERS, order=("cp", "tp")),
        Training(1),
    ),
    "mixture-on-dimensions": build(
        replace(MIXTURE, layers=1),
        Parallelism(tp=2, dp=4, ep=2, npus_count=(2, 2, 2)),
        Training(4),
    ),
    "mixture-prefill": build(
        replace(MIXTURE, layers=1),
        Parallelism(tp=2, dp=4, ep=2, sequence_parallel=True, zero=Zero.OPTIMIZER),
        Inference(ModelPhase.PREFILL, 4),
    ),
    "llama-decode": build(
        replace(LLAMA, layers=2), Parallelism(tp=2, pp=2), Inference(ModelPhase.DECODE, 4, 2)
    ),
}


def listed(made: Generated) -> Iterator[str]:
    """All that there is to say of a step."""
    for stage, drafts in enumerate(made.stages):
        yield f"stage {stage}"
        yield from map(node_line, drafts)
    summary = made.summary
    yield f"{summary.npus} NPUs, {summary.nodes} nodes, {summary.parameters} parameters"
    yield from (f"{work.value}: {count}" for work, count in summary.operations.items())
    yield f"of the model: {summary.model_operations}, bubble {summary.ideal_bubble:.6f}"
    for one in summary.traffic:
        axes = "-".join(one.axes) or "stages"
        yield (
            f"{one.purpose.value} {one.collective} {axes} of {one.group_size}: "
            f"{one.count} of {one.size} B, {one.sent} B sent"
        )
    for stage, memory in enumerate(summary.memory):
        yield (
            f"stage {stage}: weights {memory.weights}, gradients {memory.gradients}, "
            f"optimizer {memory.optimizer}, activations {memory.activations}, cache {memory.cache}"
        )
    groups = made.comm_groups
    for group in () if groups is None else groups.groups:
        yield f"group {group.name}: {' '.join(map(str, group.members))}"


def node_line(draft: Draft) -> str:
    """One node: its id, its name, what it does, what it waits for."""
    node = draft.node
    match node.type:
        case NodeType.COMP:
            what = f"{draft.label.value} {node.num_ops} on {node.tensor_size} B"
            if node.exact_duration:
                what += f", {node.exact_duration} ns"
        case NodeType.COMM_COLL:
            assert node.comm_type is not None
            what = f"{draft.label.value} {node.comm_type.name} {'-'.join(draft.axes)} "
            what += f"of {node.comm_size} B"
            if node.involved_dim != (True,) * 4:
                what += f" in {node.involved_dim}"
        case _:
            verb = "to" if draft.sends else "from"
            what = f"{node.comm_size} B {verb} stage {draft.peer}, tag {node.comm_tag}"
    after = f" after {' '.join(map(str, node.data_deps))}" if node.data_deps else ""
    return f"  {node.id} {node.name}: {what}{after}"


def listing(name: str) -> str:
    return "".join(f"{line}\n" for line in listed(CASES[name]))


@pytest.mark.parametrize("name", CASES)
def test_a_step_is_as_it_is_listed(name: str) -> None:
    expected = (FOLDER / f"{name}.txt").read_text("utf-8")
    assert listing(name).splitlines() == expected.splitlines()


@pytest.mark.parametrize("name", CASES)
def test_an_npu_has_the_nodes_of_its_stage_with_its_own_groups_and_peers(name: str) -> None:
    made = CASES[name]
    placement = made.plan.placement
    members = (
        {}
        if made.comm_groups is None
        else {group.name: group.members for group in made.comm_groups.groups}
    )
    for npu, nodes in enumerate(made.trace.npus):
        drafts = made.stages[placement.stage(npu)]
        for node, draft in zip(nodes, drafts, strict=True):
            own = replace(draft.node, pg_name=node.pg_name)
            if draft.peer is not None:
                ends = (npu, placement.on_stage(npu, draft.peer))
                src, dst = ends if draft.sends else ends[::-1]
                own = replace(own, comm_src=src, comm_dst=dst)
            assert node == own
            if members and draft.axes:
                assert members[node.pg_name or ""] == placement.line(npu, draft.axes)
            else:
                assert node.pg_name is None


if __name__ == "__main__":
    for each in CASES:
        (FOLDER / f"{each}.txt").write_text(listing(each), "utf-8")
