"""What each NPU did when."""

from collections.abc import Iterable
from itertools import groupby

from matplotlib.axes import Axes

from simastra.report.run_timeline.bars import longest_first, node_spans
from simastra.report.timeline import Span, spread
from simastra.result import Result
from simastra.units import NpuId

from .style import ACTIVITY_COLOURS, axes_for, legend, name_rows

_MOST_BARS = 20_000


def gantt(result: Result, *, npus: Iterable[NpuId] | None = None, ax: Axes | None = None) -> Axes:
    """Draw a row for each NPU and activity, with a bar for each ET node; time in ns.

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
    spans = [span for span in node_spans(result) if span.npu in chosen]
    shown = longest_first(spans, result.makespan)[:_MOST_BARS]
    rows = _rows(shown)
    drawn = axes_for(ax, len(rows))
    for number, (_, lane) in enumerate(rows):
        drawn.broken_barh(
            [(span.start, (span.end or span.start) - span.start) for span in lane],
            (number - 0.4, 0.8),
            facecolors=ACTIVITY_COLOURS[lane[0].activity],
            edgecolors="white",
            linewidth=0.4,
        )
    name_rows(drawn, [name for name, _ in rows])
    drawn.set_xlabel("time, ns")
    drawn.set_xlim(0, max(result.makespan, 1))
    if len(shown) < len(spans):
        drawn.set_title(f"the {len(shown):,} longest of {len(spans):,} nodes")
    used = dict.fromkeys(span.activity for span in sorted(shown, key=lambda it: it.activity))
    legend(drawn, {activity: ACTIVITY_COLOURS[activity] for activity in used})
    return drawn


def _rows(spans: list[Span]) -> list[tuple[str, list[Span]]]:
    ordered = sorted(spans, key=lambda it: (it.npu, it.activity, it.start, it.node))
    return [
        (f"NPU {npu} {activity}", lane)
        for (npu, activity), group in groupby(ordered, key=lambda it: (it.npu, it.activity))
        for lane in spread(group, 0)
    ]
