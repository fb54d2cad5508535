"""What memory holds over time."""

from matplotlib.axes import Axes

from simastra.errors import OptionError
from simastra.metrics import NpuMemory
from simastra.result import Result
from simastra.units import GiB, Ns
from simastra.view.alike import alike
from simastra.view.human import human_size
from simastra.view.phrases import npu_ranges, time_words

from .hover import tell
from .style import axes_for, time_axis

_ROWS = 12  # of the other plots: as tall as that


def memory(result: Result, *, ax: Axes | None = None) -> Axes:
    """Draw a curve for each NPU, one for those that are alike; and the capacity, if it is known.

    Args:
        result: of a simulation whose traces tell of memory (docs/metrics.md).
        ax: to draw on; new ones, if left out.

    Returns:
        the Axes.

    Raises:
        OptionError: the traces say nothing of memory.
    """
    metrics = result.metrics
    if not metrics.memory:
        raise OptionError("result", "its traces say nothing of memory; docs/metrics.md says how")
    drawn = axes_for(ax, _ROWS)
    for numbers in alike(map(id, metrics.memory)).values():
        name = npu_ranges(numbers)
        _draw(drawn, metrics.memory[numbers[0]], name, metrics.step_time)
    if metrics.capacity is not None:
        words = f"capacity, {human_size(metrics.capacity)}"
        drawn.axhline(metrics.capacity / GiB, color="gray", linestyle="--", label=words)
    drawn.set_xlim(0, metrics.step_time or 1)
    drawn.set_ylim(bottom=0)
    drawn.set_ylabel("memory, GiB")
    time_axis(drawn)
    drawn.legend(loc="upper left", bbox_to_anchor=(1, 1), frameon=False)
    return drawn


def _draw(ax: Axes, known: NpuMemory, name: str, end: Ns) -> None:
    times = [sample.time for sample in known.samples]
    sizes = [sample.size / GiB for sample in known.samples]
    (curve,) = ax.step([*times, end], [*sizes, sizes[-1]], where="post", label=name)
    peak = f"{human_size(known.peak.size)} at the peak, {time_words(known.peak.time)}"
    tell(curve, [f"{name}: {peak}; {human_size(known.static.total)} throughout"])
