"""What each NPU's time went to."""

from collections.abc import Mapping

from matplotlib.axes import Axes

from simastra.explain import Explanation
from simastra.palette.categories import colours_of
from simastra.report.page import costs_of
from simastra.units import NpuId, Ns
from simastra.view.phrases import part_words, time_words

from .hover import tell
from .style import axes_for, legend, name_rows, time_axis


def attribution(
    costs: Explanation | Mapping[NpuId, Mapping[str, Ns]], *, ax: Axes | None = None
) -> Axes:
    """Draw a bar for each NPU, made of what its time went to.

    Args:
        costs: an explanation (``simulation.explain()``), or for each NPU kinds of cost and their
            ns.
        ax: to draw on; new ones, if left out.

    Returns:
        the Axes.
    """
    by_npu = costs_of(costs) if isinstance(costs, Explanation) else costs
    ordered = sorted(by_npu.items())
    kinds = list(dict.fromkeys(str(kind) for _, parts in ordered for kind in parts))
    colours = colours_of(kinds)
    drawn = axes_for(ax, len(ordered))
    before = [0] * len(ordered)
    for kind in kinds:
        times = [{str(it): time for it, time in parts.items()}.get(kind, 0) for _, parts in ordered]
        bars = drawn.barh(range(len(ordered)), times, left=before, color=colours[kind], height=0.8)
        for bar, (npu, parts), time in zip(bars, ordered, times, strict=True):
            tell(bar, [f"NPU {npu}, {kind}: {_share(time, sum(parts.values()))}"])
        before = [a + b for a, b in zip(before, times, strict=True)]
    name_rows(drawn, [f"NPU {npu}" for npu, _ in ordered])
    time_axis(drawn)
    legend(drawn, colours)
    return drawn


def _share(time: Ns, whole: Ns) -> str:
    return f"{time_words(time)}, {part_words(time, whole)}"
