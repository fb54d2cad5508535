"""Whether a model and a task can be cut by degrees of parallelism."""

from math import prod

from simastra.errors import OptionError
from simastra.transformer.models import Model, ModelPhase
from simastra.transformer.task import Task

from .degrees import ContextStyle, Parallelism, PipelineSchedule


def check_fit(model: Model, parallelism: Parallelism, task: Task) -> None:
    """Check that a model and a task can be cut by these degrees.

    Raises:
        OptionError: they can't; the first thing that is wrong.
    """
    sequence = task.sequence or model.sequence
    if task.phase is ModelPhase.DECODE:
        _check_decode(parallelism)
        sequence = 0  # of one token, nothing is cut along it
    p, heads = parallelism, parallelism.tp
    what = "heads"
    if p.context is ContextStyle.HEADS:
        heads, what = p.tp * p.cp, "heads among tp x cp"
    part = sequence // p.cp
    checks = (
        ("tp", heads, model.heads, what),
        ("tp", heads, model.key_heads, what.replace("heads", "heads of keys and values", 1)),
        ("tp", p.tp, model.ffn, "columns of the feed-forward part"),
        ("tp", p.tp, model.padded_vocabulary, "rows of the (padded) vocabulary"),
        ("cp", p.cp, sequence, "tokens of a sequence"),
        ("sequence-parallel", p.tp if p.sequence_parallel else 1, part, "tokens of an NPU"),
        ("pp", p.pp * p.chunks, model.layers, "layers" + _by_chunks(p)),
        ("dp", p.dp * task.micro_batches, task.batch, "sequences among dp x micro-batches"),
        ("ep", p.ep, model.experts, "experts"),
    )
    for option, degree, number, name in checks:
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


def _by_chunks(parallelism: Parallelism) -> str:
    return " into pp x chunks" if parallelism.chunks > 1 else ""


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
