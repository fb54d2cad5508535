"""A pipeline: NPU k is stage k, which computes on microbatches and passes them on.

All forward computations come before all backward ones (GPipe, arXiv:1811.06965).
"""

from dataclasses import dataclass

from simastra.errors import TraceError
from simastra.trace import Node, Trace, TraceBuilder
from simastra.units import Bytes, NpuId

_BACKWARD_TAGS = 1_000_000  # more than there are microbatches, so that no two messages share a tag


@dataclass(frozen=True, slots=True)
class PipelineShape:
    """What passes through a pipeline.

    Attributes:
        microbatches: how many.
        size: bytes that a stage passes on for each.
        forward_micros: what a stage computes for each, in whole microseconds.
        backward_micros: likewise on the way back; None for a pipeline without one (inference).
    """

    microbatches: int
    size: Bytes
    forward_micros: int
    backward_micros: int | None = None


def pipeline_trace(stages: int, shape: PipelineShape) -> Trace:
    """Return the trace of a pipeline with a stage for each NPU.

    Raises:
        TraceError: a number is out of its range.
    """
    if not 1 <= shape.microbatches <= _BACKWARD_TAGS:
        raise TraceError(
            f"there are {shape.microbatches} microbatches; 1 to {_BACKWARD_TAGS} are wanted"
        )
    if stages < 1:
        raise TraceError(f"it is for {stages} NPUs; 1 or more are wanted")
    return Trace.of([_stage(stage, stages, shape) for stage in range(stages)])


def _stage(stage: NpuId, stages: int, shape: PipelineShape) -> TraceBuilder:
    builder = TraceBuilder(stage)
    last = _pass(builder, _Direction("forward", stage - 1, stage + 1, 0), stages, shape, ())
    if shape.backward_micros is not None:
        back = _Direction("backward", stage + 1, stage - 1, _BACKWARD_TAGS)
        _pass(builder, back, stages, shape, last)
    return builder


@dataclass(frozen=True, slots=True)
class _Direction:
    """One way through the pipeline, as a stage sees it; NPUs beyond its ends don't exist."""

    name: str
    source: NpuId
    to: NpuId
    first_tag: int


def _pass(
    builder: TraceBuilder,
    way: _Direction,
    stages: int,
    shape: PipelineShape,
    after: tuple[Node, ...],
) -> tuple[Node, ...]:
    """Add the nodes of one stage and direction; return those that the next direction waits for.

    It waits for them because in ASTRA-sim at hoti2024 a receive holds the NPU's one communication
    unit until its message is there, and would keep this direction's sends from ever being made.
    """
    micros = shape.backward_micros if way.first_tag else shape.forward_micros
    received = computed = sent = after
    for index in range(shape.microbatches):
        name, tag = f"{way.name}_{index}", way.first_tag + index
        if 0 <= way.source < stages:
            label = f"recv_{name}"
            got = builder.recv(label, size=shape.size, source=way.source, tag=tag, after=received)
            received = (got,)
        needed = dict.fromkeys((*received, *computed))
        computed = (builder.compute(name, micros=micros or 0, after=needed),)
        if 0 <= way.to < stages:
            label = f"send_{name}"
            sent = (builder.send(label, size=shape.size, to=way.to, tag=tag, after=computed),)
    return tuple(dict.fromkeys((*computed, *sent)))
