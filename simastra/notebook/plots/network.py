"""The network with its links' load."""

from collections.abc import Sequence

from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import PatchCollection, PathCollection
from matplotlib.colors import Normalize
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Curve

from simastra.config import NetworkConfig
from simastra.report.layout import Point, device_positions
from simastra.result import LinkRecord, Result

from .style import HEAT, axes_for

_BOW = 0.12  # how far a link bends to its left, so that the two directions lie side by side
_MOST_LABELS = 160
_ROWS = 24  # as tall as that many rows of other plots


def network(
    result: Result,
    config: NetworkConfig,
    *,
    most_links: int = 3000,
    ax: Axes | None = None,
) -> Axes:
    """Draw every device, and every link that was used in the colour of its use.

    NPUs of the outermost dimension lie on a circle of circles of the next, and so on; switches,
    numbered with an S, lie amid what they link. A link bends to its left.

    Args:
        result: of a simulation.
        config: its network.
        most_links: how many links are drawn at most, the busiest; the title says so.
        ax: to draw on; new ones, if left out.

    Returns:
        the Axes.
    """
    drawn = axes_for(ax, _ROWS, width=7.5)
    places = device_positions(config.npus_count, result.links)
    shown = sorted(result.links, key=lambda it: (it.busy, it.src, it.dst))[-most_links:]
    scale = ScalarMappable(Normalize(0, 1), HEAT)
    span = max(result.makespan, 1)
    curves = PatchCollection(
        [_curve(link, places[link.src], places[link.dst]) for link in shown],
        facecolors="none",
        edgecolors=[colormaps[HEAT](link.busy / span) for link in shown],
        linewidths=[0.6 + 2.4 * link.busy / span for link in shown],
    )
    drawn.add_collection(curves)
    _devices(drawn, list(places.items()), config.npus)
    drawn.figure.colorbar(scale, ax=drawn, label="part of the time busy", shrink=0.7)
    drawn.set_aspect("equal")
    drawn.set_axis_off()
    if len(shown) < len(result.links):
        drawn.set_title(f"the {len(shown):,} busiest of {len(result.links):,} links")
    return drawn


def _curve(link: LinkRecord, start: Point, end: Point) -> PathPatch:
    bend = (
        (start.x + end.x) / 2 + (end.y - start.y) * _BOW,
        -(start.y + end.y) / 2 + (end.x - start.x) * _BOW,
    )
    points = [(start.x, -start.y), bend, (end.x, -end.y)]
    patch = PathPatch(Curve(points, [Curve.MOVETO, Curve.CURVE3, Curve.CURVE3]))
    patch.set_gid(f"link-{link.src}-{link.dst}")
    return patch


def _devices(ax: Axes, places: Sequence[tuple[int, Point]], npus: int) -> PathCollection:
    size = max(12.0, min(320.0, 6000 / max(len(places), 1)))
    colours = ["#f5f7fa" if device < npus else "#c9d2e0" for device, _ in places]
    if len(places) <= _MOST_LABELS:
        for device, point in places:
            label = str(device) if device < npus else f"S{device}"
            ax.text(point.x, -point.y, label, ha="center", va="center", fontsize=7, zorder=4)
    return ax.scatter(
        [point.x for _, point in places],
        [-point.y for _, point in places],
        s=size,
        c=colours,
        edgecolors="#5d6778",
        zorder=3,
    )
