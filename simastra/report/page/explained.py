"""An explanation as the page shows it: costs by NPU, and the steps of the critical path."""

from simastra.explain import Explanation
from simastra.explain.spans import Span
from simastra.units import NpuId, Ns
from simastra.view.phrases import device_name

from .contents import PathStep


def costs_of(explanation: Explanation) -> dict[NpuId, dict[str, Ns]]:
    """For each NPU, what its time went to; kinds of cost that no NPU had are left out."""
    every = explanation.attributions
    used = [kind for kind in every[0].times if any(it.times[kind] for it in every)]
    return {it.npu: {kind.value: it.times[kind] for kind in used} for it in every}


def path_of(explanation: Explanation) -> tuple[PathStep, ...]:
    """The steps of the critical path, from the start to the last NPU's finish."""
    return tuple(
        PathStep(
            it.start,
            it.end,
            it.npu,
            it.category.value,
            _detail(it, explanation.npus),
            "" if it.node is None else f"{it.node.id}: {it.node.name}",
        )
        for it in explanation.critical_path()
    )


def _detail(span: Span, npus: int) -> str:
    parts = []
    if span.peer is not None:
        parts.append(f"to NPU {span.peer}")
    if span.link is not None:
        src, dst = (device_name(device, npus) for device in span.link)
        parts.append(f"on the link from {src} to {dst}")
    return ", ".join(parts)
