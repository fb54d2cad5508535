"""Whether a model and a task can be cut by degrees of parallelism."""

from collections.abc import Iterator
from math import prod
from typing import TypeAlias

from simastra.errors import OptionError
from simastra.transformer.models import Model, ModelPhase
from simastra.transformer.task import Task

from .degrees import ContextStyle, Parallelism, PipelineSchedule

_Cut: TypeAlias = tuple[str, int, int, str]
"""An option, into how many parts it cuts something, how much there is of that, and what it is."""


def check_fit(model: Model, parallelism: Parallelism, task: Task) -> None:
    """Check that a model and a task can be cut by these degrees.

    Raises:
        OptionError: they can't; the first thing that is wrong.
    """
    sequence = task.sequence or model.sequence
    if task.phase is ModelPhase.DECODE:
        _check_decode(parallelism)
        sequence = 0  # of one token, nothing is cut along it
    p = parallelism
    for option, degree, number, name in (
        *_heads(model, p),
        ("tp", p.tp, model.ffn, "columns of the feed-forward part"),
        ("tp", p.tp, model.padded_vocabulary, "rows of the (padded) vocabulary"),
        ("cp", p.cp, sequence, "tokens of a sequence"),
        *_cut_along(sequence // p.cp, p),
        ("pp", p.pp * p.chunks, model.layers, "layers" + " into pp x chunks" * (p.chunks > 1)),
        ("dp", p.dp * task.micro_batches, task.batch, "sequences among dp x micro-batches"),
        ("ep", p.ep, model.experts, "experts"),
    ):
        if number % degree:
            raise OptionError(option, f"{number} {name} can't be cut evenly into {degree}")
    if p.ep > 1 and not model.experts:
        raise OptionError("ep", f"is {p.ep}, and {model.name} has no experts; leave it out")
    if p.schedule is PipelineSchedule.INTERLEAVED and task.micro_batches % p.pp:
        raise OptionError(
            "micro-batches",
            f"are {task.micro_batches}; the interleaved schedule wants a multiple of pp, {p.pp}",
        )
    _check_experts(model, p, task, 1 if task.phase is ModelPhase.DECODE else sequence)


def _heads(model: Model, parallelism: Parallelism) -> Iterator[_Cut]:
    degree, among = parallelism.tp, ""
    if parallelism.context is ContextStyle.HEADS:
        degree, among = parallelism.tp * parallelism.cp, " among tp x cp"
    yield "tp", degree, model.heads, f"heads{among}"
    yield "tp", degree, model.key_heads, f"heads of keys and values{among}"


def _cut_along(tokens: int, parallelism: Parallelism) -> Iterator[_Cut]:
    if parallelism.sequence_parallel:
        yield "sequence-parallel", parallelism.tp, tokens, "tokens of an NPU"


def _check_decode(parallelism: Parallelism) -> None:
    if parallelism.cp > 1:
        raise OptionError("cp", "one token can't be cut; for decoding leave cp out")
    if parallelism.sequence_parallel:
        problem = "one token can't be cut; for decoding leave it out"
        raise OptionError("sequence-parallel", problem)


def _check_experts(model: Model, parallelism: Parallelism, task: Task, sequence: int) -> None:
    if not model.experts or model.latent is not None:  # whose tables have slots to spare
        return
    p = parallelism
    cuts = (p.dp, p.cp, p.tp if p.sequence_parallel else 1)
    tokens = task.batch // task.micro_batches * sequence * model.top_k
    if tokens % (prod(cuts) * model.experts):
        raise OptionError(
            "top-k",
            f"each NPU's {tokens // prod(cuts)} choices of a micro-batch can't be spread evenly "
            f"over {model.experts} experts; give more sequences or fewer micro-batches",
        )
