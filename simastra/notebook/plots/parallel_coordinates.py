"""A line for each point of a sweep, over axes that stand side by side."""

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes

from simastra.sweep.results import SweepResults
from simastra.sweep.values import is_numeric
from simastra.view.colours import CRITICAL, SERIES

from .style import axes_for

_ROWS = 16
_MOST_LINES = 2000
_TICKS = 5


def parallel_coordinates(
    results: SweepResults, columns: Sequence[str] | None = None, *, ax: Axes | None = None
) -> Axes:
    """Draw a line for each finished point; those on the front in red, above the others.

    Of more than 2,000 points every n-th is drawn, and the title says so.

    Args:
        results: of a sweep.
        columns: from left to right; the axes and the objectives, if left out.
        ax: to draw on; new ones, if left out.

    Returns:
        the Axes.
    """
    names = list(columns) if columns is not None else [*results.axes, *results.objectives]
    drawn = axes_for(ax, _ROWS)
    scales = [_places(results.columns[name]) for name in names]
    finished = [at for at, it in enumerate(results.finished) if it]
    shown = finished[:: max(1, -(-len(finished) // _MOST_LINES))]
    for at in shown:
        drawn.plot([it[at] for it in scales], color=SERIES[0], alpha=0.25, linewidth=0.8)
    for at in results.front_places:
        drawn.plot([it[at] for it in scales], color=CRITICAL, alpha=0.8, linewidth=1.2)
    for place, name in enumerate(names):
        _name(drawn, results, name, place)
    drawn.set_xticks(range(len(names)), names, rotation=15, ha="right")
    drawn.set_yticks([])
    drawn.set_ylim(-0.05, 1.05)
    if len(shown) < len(finished):
        drawn.set_title(f"{len(shown):,} of {len(finished):,} points")
    return drawn


def _places(values: Sequence[Any]) -> list[float]:
    """Where values are between 0 and 1; what there isn't, is nowhere."""
    if is_numeric(values):
        known = [it for it in values if it is not None]
        low, span = min(known), max(known) - min(known)
        return [float("nan") if it is None else _part(it - low, span) for it in values]
    places: dict[str, int] = {}
    numbers = [places.setdefault(str(it), len(places)) for it in values]
    return [_part(it, len(places) - 1) for it in numbers]


def _part(distance: float, span: float) -> float:
    return distance / span if span else 0.5


def _name(ax: Axes, results: SweepResults, name: str, at: int) -> None:
    """What is where along one of the axes."""
    ax.axvline(at, color="gray", linewidth=0.8)
    values = results.columns[name]
    ends = dict(zip(_places(values), values, strict=True))
    known = sorted((place, value) for place, value in ends.items() if value is not None)
    for place, value in known if len(known) <= _TICKS else (known[0], known[-1]):
        ax.text(at + 0.02, place, results.words(name, value), fontsize="small", va="center")
