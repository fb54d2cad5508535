"""Pipeline schedules: in which order each stage takes the micro-batches, forward and backward.

A model of pp * chunks pieces, in order: piece k is chunk k // pp of stage k % pp.
"""

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from .degrees import Parallelism, PipelineSchedule

_FORWARD_TIME = 1
_BACKWARD_TIME = 2


@dataclass(frozen=True, slots=True, order=True)
class Pass:
    """A micro-batch on its way through one piece of the model.

    Attributes:
        micro_batch: which.
        piece: of the model.
        backward: whether on its way back.
    """

    micro_batch: int
    piece: int
    backward: bool = False


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The numbers that a schedule depends on."""

    stages: int
    chunks: int
    micro_batches: int
    backward: bool = True

    @property
    def pieces(self) -> int:
        """Pieces of the model."""
        return self.stages * self.chunks

    def source(self, one: Pass) -> Pass | None:
        """The pass whose result this one takes from another piece, None if it takes none."""
        piece = one.piece + (1 if one.backward else -1)
        return Pass(one.micro_batch, piece, one.backward) if 0 <= piece < self.pieces else None


def passes(schedule: PipelineSchedule, pipeline: Pipeline) -> tuple[tuple[Pass, ...], ...]:
    """Return the passes of each stage, in order."""
    if not pipeline.backward:
        schedule = PipelineSchedule.INTERLEAVED if pipeline.chunks > 1 else PipelineSchedule.GPIPE
    made = (_SCHEDULES[schedule](stage, pipeline) for stage in range(pipeline.stages))
    return tuple(
        tuple(one for one in each if pipeline.backward or not one.backward) for each in made
    )


@dataclass(frozen=True, slots=True)
class PassInterval:
    """When a pass starts and ends, in the time that a forward pass takes."""

    start: int
    end: int


def timetable(orders: Sequence[Sequence[Pass]], pipeline: Pipeline) -> dict[Pass, PassInterval]:
    """Return when each pass runs, if a backward pass takes twice as long as a forward one.

    Messages take no time. What is sent and received where is taken from it: see `receipts`.
    """
    done: dict[Pass, PassInterval] = {}
    at, clock = [0] * len(orders), [0] * len(orders)
    moved = True
    while moved:
        moved = False
        for stage, order in enumerate(orders):
            while at[stage] < len(order):
                one = order[at[stage]]
                needed = pipeline.source(one)
                if needed is not None and needed not in done:
                    break
                start = max(clock[stage], done[needed].end if needed is not None else 0)
                clock[stage] = start + (_BACKWARD_TIME if one.backward else _FORWARD_TIME)
                done[one] = PassInterval(start, clock[stage])
                at[stage] += 1
                moved = True
    # A schedule whose stages wait for each other would be a mistake in this module.
    assert all(index == len(order) for index, order in zip(at, orders, strict=True))
    return done


def receipts(
    order: Sequence[Pass], pipeline: Pipeline, times: Mapping[Pass, PassInterval]
) -> list[list[Pass]]:
    """Return for each pass of a stage the passes whose results it receives just before.

    These are those that have ended by then, which may be results for later passes too. Since every
    stage then sends and receives in the order in which passes end, none ever waits for a message
    that another one sends only after it: not even if a send waits for its receiver (rendezvous).
    """
    starts = [times[one].start for one in order]
    received: list[list[Pass]] = [[] for _ in order]
    for one in order:
        source = pipeline.source(one)
        if source is not None:
            received[bisect_left(starts, times[source].end)].append(source)
    return received


def most_in_flight(order: Sequence[Pass], sizes: Callable[[int], int]) -> int:
    """Return the most that a stage keeps at a time for backward passes.

    Args:
        order: the stage's passes.
        sizes: what one micro-batch keeps on a piece.
    """
    kept = most = 0
    for one in order:
        if one.backward:
            kept -= sizes(one.piece)
        else:
            kept += sizes(one.piece)
            most = max(most, kept)
    return most


def _gpipe(stage: int, pipeline: Pipeline) -> list[Pass]:
    """All forward passes, then all backward ones (arXiv:1811.06965)."""
    return [
        Pass(index, stage, backward)
        for backward in (False, True)
        for index in range(pipeline.micro_batches)
    ]


def _one_f_one_b(stage: int, pipeline: Pipeline) -> list[Pass]:
    """Forward and backward in turn, once the pipeline is full (arXiv:1806.03377)."""
    count = pipeline.micro_batches
    early = min(count, pipeline.stages - 1 - stage)
    forward = [Pass(index, stage) for index in range(count)]
    backward = [Pass(index, stage, backward=True) for index in range(count)]
    return _alternating(forward, backward, early)


def _interleaved(stage: int, pipeline: Pipeline) -> list[Pass]:
    """1F1B with several chunks on each stage (arXiv:2104.04473, section 2.2)."""
    stages, chunks = pipeline.stages, pipeline.chunks
    count = pipeline.micro_batches * chunks
    forward, backward = list[Pass](), list[Pass]()
    for index in range(count):
        # Groups of as many micro-batches as there are stages go through one chunk after another.
        group, place = divmod(index, stages * chunks)
        chunk, within = divmod(place, stages)
        micro_batch = group * stages + within
        forward.append(Pass(micro_batch, chunk * stages + stage))
        last = (chunks - 1 - chunk) * stages + stage
        backward.append(Pass(micro_batch, last, backward=True))
    early = min(count, 2 * (stages - 1 - stage) + (chunks - 1) * stages)
    if pipeline.micro_batches == stages:
        early = count
    return _alternating(forward, backward, early)


def _alternating(forward: list[Pass], backward: list[Pass], early: int) -> list[Pass]:
    order = forward[:early]
    for ahead, behind in zip(forward[early:], backward, strict=False):
        order += (ahead, behind)
    return order + backward[len(forward) - early :]


_SCHEDULES: Mapping[PipelineSchedule, Callable[[int, Pipeline], list[Pass]]] = MappingProxyType(
    {
        PipelineSchedule.GPIPE: _gpipe,
        PipelineSchedule.ONE_F_ONE_B: _one_f_one_b,
        PipelineSchedule.INTERLEAVED: _interleaved,
    }
)
"""To add a schedule: a name, and a function that gives a stage's passes in order."""


def pipeline_of(parallelism: Parallelism, micro_batches: int, *, backward: bool) -> Pipeline:
    """Return the pipeline of these degrees."""
    return Pipeline(parallelism.pp, parallelism.chunks, micro_batches, backward)
