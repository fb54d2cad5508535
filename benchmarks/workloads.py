"""What the NPUs of the catalogue's works do: functions from a work to its trace."""

from collections.abc import Mapping, Sequence
from math import isqrt
from random import Random

from simastra.convert.generate import PipelineShape, pipeline_trace
from simastra.trace import Node, Trace, TraceBuilder
from simastra.transformer import PRESETS, Generated, Parallelism, Training, build
from simastra.units import KiB, MiB, NpuId

from .work import SIZE, Work

LAYERS = 48
COMPUTATIONS = 50  # of each NPU, in the work without communication
MICROBATCHES = 16  # of a training step with pipeline parallelism
_MOST_MICROS = 1000  # of such a computation


def all_reduce(work: Work) -> Trace:
    """One of all NPUs over all dimensions."""
    et = TraceBuilder()
    et.all_reduce("all-reduce", size=SIZE, dims=[True] * len(work.npus_count))
    return Trace.uniform(et, work.npus)


def skewed(work: Work) -> Trace:
    """As in the golden cases: neighbours come to the all-reduce at quite different times."""
    builders = []
    for npu in range(work.npus):
        et = TraceBuilder(npu)
        start = et.compute("skew", micros=1 + 62 * npu % 97)
        et.all_reduce("all-reduce", size=SIZE, after=start)
        builders.append(et)
    return Trace.of(builders)


def training(work: Work) -> Trace:
    """Layers, each with an all-reduce of its gradients."""
    et = TraceBuilder()
    last = None
    for layer in range(LAYERS):
        last = et.compute(f"layer {layer}", micros=20, after=[] if last is None else last)
        last = et.all_reduce(f"gradients {layer}", size=SIZE, after=last)
    return Trace.uniform(et, work.npus)


def computations(work: Work) -> Trace:
    """All traces differ, and nobody waits for anybody."""
    random = Random(1)  # noqa: S311, RUF100  # no secret
    builders = [TraceBuilder(npu) for npu in range(work.npus)]
    for et in builders:
        _compute(et, random)
    return Trace.of(builders)


def same_computations(work: Work) -> Trace:
    """What one NPU computes, on all of them."""
    et = TraceBuilder()
    _compute(et, Random(1))  # noqa: S311, RUF100  # no secret
    return Trace.uniform(et, work.npus)


def _compute(et: TraceBuilder, random: Random) -> None:
    for index in range(COMPUTATIONS):
        et.compute(f"computation {index}", micros=random.randint(1, _MOST_MICROS))


def pipeline(work: Work, microbatches: int) -> Trace:
    """A stage an NPU, forward and back."""
    return pipeline_trace(work.npus, PipelineShape(microbatches, 1 * MiB, 100, 200))


def rows_and_columns(work: Work) -> Mapping[str, Sequence[NpuId]]:
    """NPUs in a square: a group for each row, then one for each column."""
    side = _side(work)
    rows = [range(first, first + side) for first in range(0, work.npus, side)]
    columns = [range(first, work.npus, side) for first in range(side)]
    return {str(1 + index): list(group) for index, group in enumerate((*rows, *columns))}


def random_graph(work: Work, rounds: int) -> Trace:
    """Rounds of computations and of either sends in pairs, or all-reduces of all rows or columns.

    Communication of an NPU is in order; computations run beside it, and both wait for each other
    here and there.
    """
    random = Random(1)  # noqa: S311, RUF100  # no secret
    builders = [TraceBuilder(npu) for npu in range(work.npus)]
    computed = [et.compute("first", micros=random.randint(1, _MOST_MICROS)) for et in builders]
    talked = list(computed)  # the last communication of each NPU
    for index in range(rounds):
        for npu, et in enumerate(builders):
            after = random.choice((computed, talked))[npu]
            micros = random.randint(1, _MOST_MICROS)
            computed[npu] = et.compute(f"computation {index}", micros=micros, after=after)
        if random.choice((True, False)):
            _sends(builders, talked, index, random)
        else:
            _groups(work, builders, talked, index, random)
    return Trace.of(builders)


def _sends(builders: list[TraceBuilder], last: list[Node], index: int, random: Random) -> None:
    size = random.choice((64 * KiB, 256 * KiB, 1 * MiB))
    npus = random.sample(range(len(builders)), len(builders))
    for source, to in zip(npus[::2], npus[1::2], strict=True):
        name, sender, receiver = f"round {index}", builders[source], builders[to]
        last[source] = sender.send(name, size=size, to=to, tag=index, after=last[source])
        last[to] = receiver.recv(name, size=size, source=source, tag=index, after=last[to])


def _groups(
    work: Work, builders: list[TraceBuilder], last: list[Node], index: int, random: Random
) -> None:
    side, along_rows = _side(work), random.choice((True, False))
    for npu, et in enumerate(builders):
        group = 1 + npu // side if along_rows else 1 + side + npu % side
        last[npu] = et.all_reduce(f"all-reduce {index}", size=SIZE, group=group, after=last[npu])


def _side(work: Work) -> int:
    return isqrt(work.npus)


def groups_of_step(work: Work) -> Mapping[str, Sequence[NpuId]]:
    """The process groups of `step`."""
    groups = _step(work).comm_groups
    assert groups is not None  # since its axes aren't the network's dimensions
    return {group.name: group.members for group in groups.groups}


def step(work: Work) -> Trace:
    """A training step with tensor, data and pipeline parallelism, in process groups."""
    return _step(work).trace


def _step(work: Work) -> Generated:
    degree = round(work.npus ** (1 / 3))
    return _training_step(Parallelism(tp=degree, dp=degree, pp=degree))


def three_axes_step(work: Work) -> Trace:
    """A training step with tensor, data and pipeline parallelism, each along a dimension."""
    tp, dp, pp = work.npus_count
    return _training_step(Parallelism(tp=tp, dp=dp, pp=pp, npus_count=work.npus_count)).trace


def _training_step(parallelism: Parallelism) -> Generated:
    batch = parallelism.dp * MICROBATCHES
    task = Training(batch=batch, micro_batches=MICROBATCHES)
    return build(PRESETS["gpt3-6.7b"], parallelism, task)
