"""Colours and axes that the plots share."""

from collections.abc import Mapping

from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.patches import Patch

from simastra.sweep.results import SweepResults
from simastra.view.human import time_unit

HEAT = "YlOrRd"
"""matplotlib's colour map for how busy something is."""

_ROW_HEIGHT = 0.24  # inches
_TALLEST = 12.0


def axes_for(ax: Axes | None, rows: int, width: float = 9.0) -> Axes:
    """The Axes to draw on: the given ones, or new ones that are tall enough for so many rows."""
    if ax is not None:
        return ax
    height = min(1.2 + rows * _ROW_HEIGHT, _TALLEST)
    return plt.subplots(figsize=(width, max(height, 2.0)), layout="constrained")[1]


def time_axis(ax: Axes) -> None:
    """Show times, which are drawn in ns, in the largest unit that the end of the axis fills."""
    length, name = time_unit(round(ax.get_xlim()[1]))
    ax.xaxis.set_major_formatter(lambda time, _place: f"{time / length:,g}")
    ax.set_xlabel(f"time, {name}")


def number_axis(axis: Axis, results: SweepResults, column: str) -> None:
    """Show a column's numbers as people read them."""
    axis.set_major_formatter(lambda number, _place: results.words(column, number))
    axis.set_label_text(column)


def legend(ax: Axes, colours: Mapping[str, str]) -> None:
    """Explain the colours beside the picture."""
    if colours:
        handles = [Patch(color=colour, label=kind) for kind, colour in colours.items()]
        ax.legend(handles=handles, loc="upper left", bbox_to_anchor=(1, 1), frameon=False)


def name_rows(ax: Axes, names: list[str]) -> None:
    """Name the rows 0, 1, ... from the top down; of very many, some."""
    step = max(1, -(-len(names) // 64))
    ax.set_yticks(range(0, len(names), step), names[::step])
    ax.set_ylim(max(len(names), 1) - 0.5, -0.5)
