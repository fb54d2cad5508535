"""A plan: a model, a task and a parallelism that fit, with all that follows from them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from simastra.errors import OptionError
from simastra.transformer.costs.lowered import LoweredBlock, lower_blocks
from simastra.transformer.expert_load import OPTION, ExpertLoad
from simastra.transformer.graph import TensorGraph
from simastra.transformer.models import Model, ModelBlock, ModelPhase
from simastra.transformer.parallelism import (
    Parallelism,
    Pass,
    PassInterval,
    Pipeline,
    RankMapping,
    check_fit,
    passes,
    pipeline_of,
    timetable,
)
from simastra.transformer.task import Task


@dataclass(frozen=True, slots=True)
class StagePart:
    """One block of the model, as a stage has it.

    Attributes:
        block: of which kind.
        name: tells it from others of its kind.
        number: of a layer.
    """

    block: ModelBlock
    name: str
    number: int = 0


@dataclass(frozen=True)
class Plan:
    """Who does what.

    Attributes:
        model: the model.
        parallelism: how the work is shared out.
        task: what is to be done.
        placement: where the NPUs stand.
        blocks: what one NPU does for each kind of block.
        pipeline: the numbers of the pipeline.
        orders: the passes of each stage, in order.
        times: when each pass runs, in an ideal pipeline.
        layer: the graph of a layer, where it isn't the family's own.
        expert_load: how tokens spread over experts; None for evenly.
    """

    model: Model
    parallelism: Parallelism
    task: Task
    placement: RankMapping
    blocks: Mapping[ModelBlock, LoweredBlock]
    pipeline: Pipeline
    orders: tuple[tuple[Pass, ...], ...]
    times: Mapping[Pass, PassInterval]
    layer: TensorGraph | None = None
    expert_load: ExpertLoad | None = None

    @property
    def trains(self) -> bool:
        """Whether there is a backward pass."""
        return self.task.phase is ModelPhase.TRAINING

    @property
    def exchanges_tables(self) -> bool:
        """Whether the first and the last stage have copies of one table."""
        return self.trains and self.model.tied_embeddings and self.parallelism.pp > 1

    def parts(self, piece: int) -> tuple[StagePart, ...]:
        """The blocks of a piece of the model, in order."""
        layers = self.model.layers // self.pipeline.pieces
        parts = [
            StagePart(ModelBlock.LAYER, f"layer{index}", index)
            for index in range(piece * layers, (piece + 1) * layers)
        ]
        if piece == 0:
            parts.insert(0, StagePart(ModelBlock.EMBEDDING, "embedding"))
        if piece == self.pipeline.pieces - 1:
            parts.append(StagePart(ModelBlock.HEAD, "head"))
        return tuple(parts)

    def pieces(self, stage: int) -> range:
        """The pieces of the model that a stage has."""
        return range(stage, self.pipeline.pieces, self.pipeline.stages)

    def stage_parts(self, stage: int) -> Iterator[StagePart]:
        """All blocks that a stage has."""
        for piece in self.pieces(stage):
            yield from self.parts(piece)


def make_plan(
    model: Model,
    parallelism: Parallelism,
    task: Task,
    layer: TensorGraph | None = None,
    expert_load: ExpertLoad | None = None,
) -> Plan:
    """Return the plan for these.

    Raises:
        OptionError: they don't fit together.
        TableError: the given `layer` makes no sense.
    """
    check_fit(model, parallelism, task)
    _check_size(model, parallelism, task)
    if expert_load is not None:
        _check_load(model, parallelism, expert_load)
    placement = RankMapping(parallelism)
    placement.involved(())  # whether the axes fit the network
    trains = task.phase is ModelPhase.TRAINING
    pipeline = pipeline_of(parallelism, task.micro_batches, backward=trains)
    orders = passes(parallelism.schedule, pipeline)
    blocks = lower_blocks(model, parallelism, task, layer)
    return Plan(
        model,
        parallelism,
        task,
        placement,
        blocks,
        pipeline,
        orders,
        timetable(orders, pipeline),
        layer,
        expert_load,
    )


_MOST_STEPS = 2_000_000
"""Blocks that a stage goes through; each has some 20 nodes."""
_MOST_NPUS = 2**20


def _check_load(model: Model, parallelism: Parallelism, load: ExpertLoad) -> None:
    if not model.experts:
        raise OptionError(OPTION, "is for a model with experts; leave it out")
    if parallelism.ep == 1:
        raise OptionError(
            OPTION, "is for experts that NPUs share; give an expert parallelism (ep) above 1"
        )
    load.check(model.layers, model.experts)


def _check_size(model: Model, parallelism: Parallelism, task: Task) -> None:
    """Refuse what would take all memory."""
    if parallelism.npus > _MOST_NPUS:
        raise OptionError(
            "dp", f"tp x cp x dp x pp are {parallelism.npus} NPUs; at most {_MOST_NPUS} are wanted"
        )
    steps = model.layers // parallelism.pp * task.micro_batches
    if max(steps, parallelism.pp * parallelism.chunks * task.micro_batches) > _MOST_STEPS:
        raise OptionError(
            "layers" if model.layers > task.micro_batches else "micro-batches",
            f"{task.micro_batches} through {model.layers} layers are more than {_MOST_STEPS} "
            "layers for each NPU to go through; give fewer",
        )
