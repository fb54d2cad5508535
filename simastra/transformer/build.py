"""From a model, a parallelism and a task to traces."""

from collections.abc import Iterable, Iterator, Set
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from simastra.config import CommGroups
from simastra.notices import Notice, Severity
from simastra.trace import Annotations, Trace
from simastra.trace.files import ranks_path, trace_path
from simastra.trace.ranks import ranks_text
from simastra.trace.renamed import RenamedNodes
from simastra.units import NpuId

from .costs import Hardware
from .emission import Draft, Encoder, ExpertWork, NpuNodes, stage_drafts
from .expert_load import ExpertLoad
from .graph import TensorGraph
from .memory import stage_memory
from .models import Model
from .parallelism import AxisGroups, Parallelism
from .plan import Plan, make_plan
from .summary import Summary, memory_notices, model_operations, summarize, token_count
from .task import Task


class Generated:
    """A generated workload. What is asked of it is made then, and once.

    Args:
        plan: who does what.
        hardware: for durations, and the memory that there is.

    Attributes:
        plan: who does what.
        hardware: an NPU.
    """

    def __init__(self, plan: Plan, hardware: Hardware) -> None:
        self.plan = plan
        self.hardware = hardware

    @property
    def npus(self) -> int:
        """How many NPUs there are."""
        return self.plan.parallelism.npus

    @cached_property
    def trace(self) -> Trace:
        """What each NPU does. NPUs that are alike share their nodes; groups share collectives."""
        nodes = self._nodes
        made = Trace.of([nodes.nodes(npu) for npu in range(self.npus)])
        said = tuple(self.annotations[nodes.stage(npu)] for npu in range(self.npus))
        return replace(made, annotations=said)

    @cached_property
    def annotations(self) -> tuple[Annotations, ...]:
        """What the traces of each stage say of the step."""
        tokens, operations = token_count(self.plan), model_operations(self.plan)
        stages = range(self.plan.pipeline.stages)
        return tuple(_annotations(self.plan, stage, tokens, operations) for stage in stages)

    @cached_property
    def comm_groups(self) -> CommGroups | None:
        """The process groups; None where collectives name network dimensions."""
        return None if self._groups is None else self._groups.comm_groups()

    @cached_property
    def summary(self) -> Summary:
        """It in numbers."""
        return summarize(self.plan, self.stages)

    @cached_property
    def notices(self) -> tuple[Notice, ...]:
        """What is doubtful (more memory needed than there is), and how the traces are to be run."""
        notices = memory_notices(self.summary, self.hardware)
        return notices if self.comm_groups is None else (*notices, _needs_groups())

    @cached_property
    def stages(self) -> tuple[tuple[Draft, ...], ...]:
        """The nodes of each stage, as all its NPUs have them."""
        stages = range(self.plan.pipeline.stages)
        return tuple(stage_drafts(self.plan, stage, self.hardware) for stage in stages)

    def files(self, prefix: Path | str) -> Iterator[tuple[Path, bytes]]:
        """Yield the name and the content of each NPU's trace file, one at a time.

        Files with the same content are one object. They are, to the byte, what `write_trace` makes
        of `trace`, without so many nodes ever being in memory.

        Raises:
            TraceError: a node can't be written.
        """
        return self._files(prefix, range(self.npus))

    def files_by_ranks(self, prefix: Path | str) -> Iterator[tuple[Path, bytes]]:
        """Yield the trace files of one NPU of those that are alike, and the file of ranks.

        Raises:
            TraceError: a node can't be written.
        """
        yield from self._files(prefix, sorted(self.firsts))
        yield ranks_path(prefix), ranks_text(self.trace.npus).encode()

    @cached_property
    def firsts(self) -> Set[NpuId]:
        """The first NPU of each kind of those that differ in more than names."""
        nodes = self.trace.npus
        firsts = {id(it): npu for npu, it in reversed([*enumerate(nodes)])}
        return {npu for npu in firsts.values() if not isinstance(nodes[npu], RenamedNodes)}

    def _files(self, prefix: Path | str, npus: Iterable[NpuId]) -> Iterator[tuple[Path, bytes]]:
        encoder = Encoder(self._nodes, self.annotations)
        for npu in npus:
            path = trace_path(prefix, npu)
            yield path, encoder.content(npu, path)

    @cached_property
    def _groups(self) -> AxisGroups | None:
        if self.plan.placement.dimensions is not None:
            return None
        kinds = (draft.axes for drafts in self.stages for draft in drafts if draft.axes)
        return AxisGroups(self.plan.placement, kinds)

    @cached_property
    def _nodes(self) -> NpuNodes:
        return NpuNodes(self.plan.placement, self.stages, self._groups, self._expert_work)

    @property
    def _expert_work(self) -> ExpertWork | None:
        plan = self.plan
        if plan.expert_load is None:
            return None
        token = plan.model.hidden * plan.task.precision.activations
        return ExpertWork(plan.placement, plan.expert_load, plan.model.experts, token)


def _annotations(plan: Plan, stage: int, tokens: int, operations: int) -> Annotations:
    memory = stage_memory(plan, stage)
    return Annotations(
        tokens=tokens,
        model_flops=operations,
        weight_bytes=memory.weights,
        gradient_bytes=memory.gradients,
        optimizer_bytes=memory.optimizer,
        # Of a training step, nodes say which activations are there when.
        activation_bytes=None if plan.trains else memory.activations,
        cache_bytes=memory.cache,
    )


def _needs_groups() -> Notice:
    return Notice(
        "needs-groups",
        "traces",
        "each collective names its process group, which only ASTRA-sim's master reads",
        "run them with the file of groups, or generate them for a network's dimensions "
        "(npus-count), which every dialect reads",
        Severity.INFO,
    )


def build(
    model: Model,
    parallelism: Parallelism,
    task: Task,
    hardware: Hardware | None = None,
    *,
    layer: TensorGraph | None = None,
    expert_load: ExpertLoad | None = None,
) -> Generated:
    """Return the traces of one step of a model on tp * cp * dp * pp NPUs.

    >>> from simastra.transformer.models import PRESETS
    >>> from simastra.transformer.task import Training
    >>> step = Training(batch=8, micro_batches=8)
    >>> made = build(PRESETS["gpt3-13b"], Parallelism(tp=2, pp=4), step)
    >>> made.npus, made.summary.ideal_bubble
    (8, 0.2727272727272727)

    Args:
        model: the model.
        parallelism: how the work is shared out.
        task: a `Training` or an `Inference` step.
        hardware: an NPU's speed, for nodes with durations, and its memory, for a warning.
        layer: graph of a layer, from a table of your own, in place of the family's.
        expert_load: how tokens spread over experts; evenly, if left out.

    Raises:
        OptionError: they don't fit together; the message says what doesn't.
        TableError: the given `layer` makes no sense.
    """
    plan = make_plan(model, parallelism, task, layer, expert_load)
    return Generated(plan, hardware or Hardware())
