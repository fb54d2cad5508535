"""What a generated trace does, in numbers: parameters, operations, bytes, memory."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from math import prod
from typing import Any

from simastra.notices import Notice
from simastra.trace import CollectiveType, NodeType, Purpose
from simastra.transformer.costs import (
    Hardware,
    lower_blocks,
    task_symbols,
)
from simastra.transformer.emission import Draft
from simastra.transformer.graph import Computation, Segment, Work
from simastra.transformer.memory import Memory, stage_memory
from simastra.transformer.models import ModelBlock, ModelPhase, block_graphs, parameter_count
from simastra.transformer.parallelism import Parallelism
from simastra.transformer.plan import Plan
from simastra.units import Bytes, GiB

SEND = "SEND"
"""What stands in place of a collective's name for messages."""


@dataclass(frozen=True, slots=True)
class TrafficSummary:
    """What is communicated for one purpose, by one collective, along the same axes.

    Attributes:
        purpose: what for.
        collective: its name; SEND for messages.
        axes: along which; those of data parallelism are edp (dp / ep) and ep.
        group_size: NPUs of each group; 2 for messages.
        count: collectives, each counted once a group; or messages.
        size: the sum of comm_size over all NPUs (of senders, for messages).
        sent: bytes that all NPUs together send in it, if each sends as little as is possible, as a
            ring does (Thakur et al., IJHPCA 19(1), 2005).
    """

    purpose: Purpose
    collective: str
    axes: tuple[str, ...]
    group_size: int
    count: int
    size: Bytes
    sent: Bytes


@dataclass(frozen=True, slots=True)
class Summary:
    """What a generated trace does.

    Attributes:
        model: its name.
        npus: how many there are.
        nodes: ET nodes of all NPUs.
        tokens: of the step: those that it reads, or in decoding adds, on all NPUs together.
        parameters: of the model, a table that is tied counted once.
        operations: of all NPUs, by what they count as.
        model_operations: those of matrix products and attention, without what is computed twice:
            what the model FLOPs utilisation (MFU, arXiv:2204.02311) is of.
        traffic: what is communicated.
        memory: of an NPU of each stage.
        ideal_bubble: share of the time that stages of equal speed wait in the pipeline.
    """

    model: str
    npus: int
    nodes: int
    tokens: int
    parameters: int
    operations: Mapping[Work, int]
    model_operations: int
    traffic: tuple[TrafficSummary, ...]
    memory: tuple[Memory, ...]
    ideal_bubble: float

    @property
    def total_operations(self) -> int:
        """All operations of all NPUs."""
        return sum(self.operations.values())

    def size(self, purpose: Purpose, collective: CollectiveType | str | None = None) -> Bytes:
        """Sum of comm_size over all NPUs, for a purpose, and a collective if one is named."""
        name = collective.name if isinstance(collective, CollectiveType) else collective
        return sum(
            traffic.size
            for traffic in self.traffic
            if traffic.purpose is purpose and name in (None, traffic.collective)
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain dicts, lists, numbers and strings, ready for JSON; sizes in bytes."""
        return {
            "model": self.model,
            "npus": self.npus,
            "nodes": self.nodes,
            "tokens": self.tokens,
            "parameters": self.parameters,
            "operations": {work.value: count for work, count in self.operations.items()},
            "total_operations": self.total_operations,
            "model_operations": self.model_operations,
            "ideal_bubble": self.ideal_bubble,
            "traffic": [
                {**asdict(one), "purpose": one.purpose.value, "axes": list(one.axes)}
                for one in self.traffic
            ],
            "memory": [
                {"stage": stage, **asdict(one), "total": one.total}
                for stage, one in enumerate(self.memory)
            ],
        }


def summarize(plan: Plan, stages: Sequence[tuple[Draft, ...]]) -> Summary:
    """Return the summary of the drafts of all stages."""
    npus, pipeline = plan.parallelism.npus, plan.pipeline
    each = npus // pipeline.stages
    operations = dict.fromkeys(Work, 0)
    for drafts in stages:
        for draft in drafts:
            if isinstance(draft.label, Work):
                operations[draft.label] += (draft.node.num_ops or 0) * each
    waits = pipeline.stages - 1
    return Summary(
        plan.model.name,
        npus,
        sum(map(len, stages)) * each,
        token_count(plan),
        _parameters(plan),
        operations,
        model_operations(plan),
        _traffic(plan, stages),
        tuple(stage_memory(plan, stage) for stage in range(pipeline.stages)),
        waits / (pipeline.micro_batches * pipeline.chunks + waits),
    )


def memory_notices(summary: Summary, hardware: Hardware) -> tuple[Notice, ...]:
    """Return a warning if the stage that needs most needs more memory than an NPU has."""
    if hardware.capacity is None:
        return ()
    stage, most = max(enumerate(summary.memory), key=lambda entry: entry[1].total)
    if most.total <= hardware.capacity:
        return ()
    return (
        Notice(
            "memory-exceeded",
            f"{summary.model}, stage {stage}",
            f"an NPU needs {most.total / GiB:.1f} GiB of local memory, and has "
            f"{hardware.capacity / GiB:.1f} GiB (weights {most.weights / GiB:.1f}, gradients "
            f"{most.gradients / GiB:.1f}, optimizer {most.optimizer / GiB:.1f}, activations "
            f"{most.activations / GiB:.1f}, cache {most.cache / GiB:.1f})",
            "raise tp, pp, zero or micro-batches, or recompute activations",
        ),
    )


def _parameters(plan: Plan) -> int:
    """Parameters of the model, on all NPUs together."""
    model = plan.model
    symbols = task_symbols(model, plan.parallelism, plan.task)
    # Positions are those of a whole sequence, of however many tokens a step is.
    symbols["Seq"] = symbols["Context"]
    graphs = block_graphs(model, ModelPhase.TRAINING, plan.layer)
    counts = {block: parameter_count(graph, symbols) for block, graph in graphs.items()}
    total = (
        counts[ModelBlock.EMBEDDING]
        + model.layers * counts[ModelBlock.LAYER]
        + counts[ModelBlock.HEAD]
    )
    return total - (model.padded_vocabulary * model.hidden if model.tied_embeddings else 0)


def token_count(plan: Plan) -> int:
    """Tokens that the step reads, or adds in decoding, on all NPUs together."""
    sequence = task_symbols(plan.model, plan.parallelism, plan.task)["Seq"]
    return plan.task.batch * sequence


def model_operations(plan: Plan) -> int:
    """Operations of the model's matrix products and attention in the step, each counted once."""
    # As one NPU would do it all: cut, some small things are done by several.
    blocks = lower_blocks(plan.model, Parallelism(), plan.task, plan.layer)
    counts = {ModelBlock.EMBEDDING: 1, ModelBlock.LAYER: plan.model.layers, ModelBlock.HEAD: 1}
    total = 0
    for block, count in counts.items():
        lowered = blocks[block]
        total += count * _multiplied(lowered.forward)
        if lowered.backward is not None:
            total += count * _multiplied(lowered.backward)
    return total * plan.task.micro_batches


def _multiplied(segment: Segment) -> int:
    return sum(
        step.operations
        for step in segment.steps
        if isinstance(step, Computation) and step.work in (Work.MATMUL, Work.ATTENTION)
    )


def _traffic(plan: Plan, stages: Sequence[tuple[Draft, ...]]) -> tuple[TrafficSummary, ...]:
    each = plan.parallelism.npus // plan.pipeline.stages
    sums: dict[tuple[Purpose, str, tuple[str, ...]], list[int]] = {}
    for drafts in stages:
        for draft in drafts:
            if isinstance(draft.label, Purpose) and draft.node.type is not NodeType.COMM_RECV:
                kind = draft.node.comm_type
                name = SEND if kind is None else kind.name
                total = sums.setdefault((draft.label, name, draft.axes), [0, 0])
                total[0] += 1
                total[1] += draft.node.comm_size or 0
    made = []
    for (purpose, name, axes), (count, size) in sums.items():
        members = prod(plan.parallelism.degrees[axis] for axis in axes)
        sent = size * each if name == SEND else int(_sent(name, members) * size * each)
        group_size = 2 if name == SEND else members
        groups = each if name == SEND else each // members
        made.append(
            TrafficSummary(purpose, name, axes, group_size, count * groups, size * each, sent)
        )
    return tuple(sorted(made, key=lambda one: (list(Purpose).index(one.purpose), one.collective)))


def _sent(collective: str, members: int) -> float:
    """Bytes that each NPU sends at the least for each byte of comm_size."""
    match collective:
        case CollectiveType.ALL_REDUCE.name:
            return 2 * (members - 1) / members
        case CollectiveType.ALL_GATHER.name:
            return members - 1
        case _:
            return (members - 1) / members
