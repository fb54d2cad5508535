"""Which axis of a sweep moves an objective."""

from matplotlib.axes import Axes

from simastra.errors import OptionError
from simastra.sweep.results import SweepResults
from simastra.view.colours import SERIES
from simastra.view.phrases import share_words

from .hover import tell
from .style import axes_for, name_rows


def sensitivity(
    results: SweepResults, objective: str | None = None, *, ax: Axes | None = None
) -> Axes:
    """Draw a bar for each part of an objective's variance: axes, pairs of axes, and the rest.

    Args:
        results: of a sweep.
        objective: a column; the first objective, if left out.
        ax: to draw on; new ones, if left out.

    Returns:
        the Axes; their title says whether the parts are exact or estimated.

    Raises:
        OptionError: there is no such column, or the study has no objective.
    """
    column = objective or next(iter(results.objectives), None)
    if column is None:
        raise OptionError("objective", "name a column; the study has no objective")
    found = results.sensitivity(column)
    parts = list(found.parts())
    drawn = axes_for(ax, len(parts))
    bars = drawn.barh(range(len(parts)), [part or 0 for _, part in parts], color=SERIES[0])
    for bar, (name, part) in zip(bars, parts, strict=True):
        told = "can't be told" if part is None else share_words(part)
        tell(bar, [f"{name}: {told}"])
    name_rows(drawn, [name for name, _ in parts])
    drawn.set_xlim(0, 1)
    drawn.xaxis.set_major_formatter(lambda part, _place: f"{100 * part:.0f} %")
    grid = "a full grid" if found.is_full else "estimated, not a full grid"
    drawn.set_xlabel(f"part of the variance of {column}")
    drawn.set_title(f"{found.points:,} points, {grid}")
    return drawn
