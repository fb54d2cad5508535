"""What each NPU did when."""

from collections.abc import Iterable

from matplotlib.axes import Axes

from simastra.palette.kinds import KINDS
from simastra.report.run_timeline.bars import longest_first, node_bars
from simastra.result import Result
from simastra.units import NpuId
from simastra.view.bars import Bar, rows_of
from simastra.view.phrases import time_words
from simastra.workload.kind_of_work import KindOfWork

from .hover import tell
from .style import axes_for, legend, name_rows, time_axis

_MOST_BARS = 20_000


def gantt(result: Result, *, npus: Iterable[NpuId] | None = None, ax: Axes | None = None) -> Axes:
    """Draw a row for each NPU and activity, with a bar for each ET node in its kind's colour.

    Nodes of one activity that overlap get several rows. Of more than 20,000 nodes the longest are
    drawn, and the title says so.

    Args:
        result: of a simulation.
        npus: those to be drawn; all, if left out.
        ax: to draw on; new ones, if left out.

    Returns:
        the Axes.
    """
    chosen = set(range(len(result.nodes)) if npus is None else npus)
    bars = [bar for bar in node_bars(result) if bar.npu in chosen]
    kinds = {(npu, it.node): it.kind for npu in chosen for it in result.nodes[npu]}
    shown = longest_first(bars, result.makespan)[:_MOST_BARS]
    rows = rows_of(shown, 0)
    drawn = axes_for(ax, len(rows))
    for number, row in enumerate(rows):
        drawn_row = drawn.broken_barh(
            [(bar.start, bar.until(bar.start) - bar.start) for bar in row.bars],
            (number - 0.4, 0.8),
            facecolors=[KINDS[kinds[bar.npu, bar.id]].light for bar in row.bars],
            edgecolors="white",
            linewidth=0.4,
        )
        tell(drawn_row, [_words(bar, kinds[bar.npu, bar.id]) for bar in row.bars])
    name_rows(drawn, [f"NPU {row.npu} {row.kind}" for row in rows])
    drawn.set_xlim(0, max(result.makespan, 1))
    time_axis(drawn)
    if len(shown) < len(bars):
        drawn.set_title(f"the {len(shown):,} longest of {len(bars):,} nodes")
    drawn_kinds = {kinds[bar.npu, bar.id] for bar in shown}
    legend(drawn, {kind: KINDS[kind].light for kind in KINDS if kind in drawn_kinds})
    return drawn


def _words(bar: Bar, kind: KindOfWork) -> str:
    lasted = time_words(bar.until(bar.start) - bar.start)
    return f"node {bar.id}, {bar.name} ({kind}): {lasted} from {time_words(bar.start)} on"
