"""What is doubtful in what traces say of the step: that they disagree, or need too much memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from simastra.metrics.npu_memory import StaticMemory
from simastra.notices import Notice
from simastra.simulation.measures.planned_memory import planned_peak, static_memory
from simastra.trace import NOT_ANNOTATED
from simastra.units import Bytes, NpuId
from simastra.view.human import human_size

from .context import Context

_OF_THE_STEP = ("tokens", "model_flops")


def annotation_notices(context: Context) -> Iterator[Notice]:
    """All of them."""
    yield from _differing(context)
    yield from _too_large(context)


def _differing(context: Context) -> Iterator[Notice]:
    annotations = context.scenario.trace.annotations
    distinct = set(annotations)
    for name in _OF_THE_STEP:
        said = {getattr(it, name) for it in distinct} - {None}
        if len(said) > 1:
            first = next(value for it in annotations if (value := getattr(it, name)) is not None)
            other = next(
                npu for npu, it in enumerate(annotations) if getattr(it, name) not in {None, first}
            )
            yield Notice(
                "annotations-differ",
                context.source(other),
                f"says {name} {getattr(annotations[other], name)}, and another NPU {first}; it is "
                "of the whole step, the same on all, and left out of the metrics now",
                "give all of them the sum over all NPUs",
            )


@dataclass(frozen=True, slots=True)
class _Need:
    """What an NPU's memory has to hold at the most, about."""

    npu: NpuId
    static: StaticMemory
    activations: Bytes

    @property
    def total(self) -> Bytes:
        return self.static.total + self.activations


def _too_large(context: Context) -> Iterator[Notice]:
    capacity = context.system.local_mem_capacity
    if not capacity:
        return
    most = max(_needs(context), key=lambda it: it.total)
    if most.total <= capacity:
        return
    static = most.static
    parts = {
        "weights": static.weights,
        "gradients": static.gradients,
        "optimiser": static.optimizer,
        "activations": static.activations + most.activations,
        "cache": static.cache,
    }
    listed = ", ".join(f"{name} {human_size(size)}" for name, size in parts.items() if size)
    yield Notice(
        "memory-exceeded",
        context.source(most.npu),
        f"an NPU needs {human_size(most.total)} of local memory, and has {human_size(capacity)} "
        f"(local-mem-capacity): {listed}",
        "share the model out among more NPUs, keep fewer activations or compute them again",
    )


def _needs(context: Context) -> Iterator[_Need]:
    """One NPU of each kind: those with one template hold the same tensors."""
    annotations = context.scenario.trace.annotations
    seen = set()
    for npu, program in enumerate(context.programs):
        said = annotations[npu] if annotations else NOT_ANNOTATED
        key = id(program.template), said
        if key not in seen:
            seen.add(key)
            users = [it for it in program.graph.nodes if it.inputs or it.outputs]
            yield _Need(npu, static_memory(said) or StaticMemory(), planned_peak(users))
