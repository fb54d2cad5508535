"""An explanation as the page shows it: costs by NPU, and the steps of the critical path."""

from collections.abc import Callable

from simastra.explain import Explanation
from simastra.explain.spans import Span
from simastra.simulation import Simulation
from simastra.units import NpuId, Ns
from simastra.view.ends import device_words

from .contents import PathStep
from .places import Places


def costs_of(explanation: Explanation) -> dict[NpuId, dict[str, Ns]]:
    """For each NPU, what its time went to; kinds of cost that no NPU had are left out."""
    every = explanation.attributions
    used = [kind for kind in every[0].times if any(it.times[kind] for it in every)]
    return {it.npu: {kind.value: it.times[kind] for kind in used} for it in every}


def lost_to(explanation: Explanation) -> dict[str, dict[NpuId, Ns]]:
    """What each event of a scenario, and each other job, cost each NPU, in ns."""
    costs: dict[str, dict[NpuId, Ns]] = {}
    for it in explanation.attributions:
        of_jobs = {f"job {name}": time for name, time in it.other_jobs.items()}
        for name, time in (*it.faults.items(), *of_jobs.items()):
            costs.setdefault(name, {})[it.npu] = time
    return costs


def path_of(explanation: Explanation, simulation: Simulation | None = None) -> tuple[PathStep, ...]:
    """The steps of the critical path, from the start to the last NPU's finish.

    Args:
        explanation: of a simulation.
        simulation: that simulation, so that switches are called by their dimension.
    """
    names = explanation.device_names
    name = names.__getitem__ if simulation is None else Places(simulation).device
    return tuple(
        PathStep(
            it.start,
            it.end,
            it.npu,
            it.category.value,
            _detail(it, name),
            "" if it.node is None else f"{it.node.id}: {it.node.name}",
        )
        for it in explanation.critical_path()
    )


def _detail(span: Span, name: Callable[[int], str]) -> str:
    parts = []
    if span.peer is not None:
        parts.append(f"to {device_words(span.peer)}")
    if span.link is not None:
        src, dst = map(name, span.link)
        parts.append(f"on the link from {src} to {dst}")
    if span.because:
        parts.append(f"because of {span.because}")
    return ", ".join(parts)
