"""Points of a sweep in two columns, with their front."""

from collections.abc import Sequence
from typing import Literal

from matplotlib.axes import Axes

from simastra.errors import OptionError
from simastra.sweep.comparison import front_of
from simastra.sweep.results import SweepResults
from simastra.view.colours import CRITICAL, SERIES

from .hover import tell
from .style import axes_for, number_axis

_ROWS = 16  # of the other plots: as tall as that
_TWO = 2


def pareto(
    results: SweepResults, x: str | None = None, y: str | None = None, *, ax: Axes | None = None
) -> Axes:
    """Draw finished points in two columns, and the line of those that no other is better than.

    Less is better in a column that is no objective.

    Args:
        results: of a sweep.
        x: a column; the first objective, if left out.
        y: another one; the second objective, if left out.
        ax: to draw on; new ones, if left out.

    Returns:
        the Axes.

    Raises:
        OptionError: there is no such column, or there are fewer objectives than columns left out.
    """
    across, up = _columns(results, x, y)
    pairs = list(zip(results.numbers(across), results.numbers(up), strict=True))
    places = [at for at, pair in enumerate(pairs) if None not in pair]
    drawn = axes_for(ax, _ROWS)
    dots = drawn.scatter(
        [pairs[at][0] or 0 for at in places],
        [pairs[at][1] or 0 for at in places],
        s=16,
        color=SERIES[0],
        alpha=0.7,
        linewidths=0,
    )
    tell(dots, [results.point_words(at) for at in places])
    costs = zip(results.costs(across), results.costs(up), strict=True)
    front = front_of([None if a is None or b is None else (a, b) for a, b in costs])
    ends = sorted((pairs[at][0] or 0, pairs[at][1] or 0) for at in front)
    _draw_front(drawn, ends, left_is_better=results.objectives.get(across) != "max")
    number_axis(drawn.xaxis, results, across)
    number_axis(drawn.yaxis, results, up)
    return drawn


def _columns(results: SweepResults, x: str | None, y: str | None) -> Sequence[str]:
    objectives = [name for name in results.objectives if name not in (x, y)]
    chosen = [name or (objectives.pop(0) if objectives else None) for name in (x, y)]
    names = [name for name in chosen if name is not None]
    if len(names) < _TWO:
        raise OptionError("y", f"name two columns; the study's objectives are {len(names)}")
    return names


def _draw_front(ax: Axes, ends: Sequence[tuple[float, float]], *, left_is_better: bool) -> None:
    """Steps from point to point: what lies beyond them, no point reaches."""
    # Ascending in x, a step goes along first where the better side of x is the left one.
    where: Literal["post", "pre"] = "post" if left_is_better else "pre"
    xs, ys = [x for x, _ in ends], [y for _, y in ends]
    ax.step(xs, ys, where=where, color=CRITICAL, linewidth=1.3, label="front")
    ax.scatter(xs, ys, s=26, color=CRITICAL, zorder=3, linewidths=0)
