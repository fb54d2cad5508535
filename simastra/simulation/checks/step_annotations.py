"""What is doubtful in what traces say of the step: that they disagree, or need too much memory."""

from __future__ import annotations

from collections.abc import Iterator

from simastra.notices import Notice
from simastra.simulation.measures.planned_memory import largest_need
from simastra.view.human import human_size

from .context import Context

_OF_THE_STEP = ("tokens", "model_flops")


def annotation_notices(context: Context) -> Iterator[Notice]:
    """All of them."""
    yield from _differing(context)
    yield from _too_large(context)


def _differing(context: Context) -> Iterator[Notice]:
    annotations = context.experiment.trace.annotations
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


def _too_large(context: Context) -> Iterator[Notice]:
    capacity = context.system.local_mem_capacity
    if not capacity:
        return
    most = largest_need(context.experiment)
    if most.total <= capacity:
        return
    static = most.static
    parts = {
        "weights": static.weights,
        "gradients": static.gradients,
        "optimizer": static.optimizer,
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
