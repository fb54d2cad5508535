"""The network with its links' load."""

from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import PatchCollection, PathCollection
from matplotlib.colors import Normalize
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Curve

from simastra.config import NetworkConfig
from simastra.report.network_layouts import layout_of
from simastra.result import LinkRecord, Result
from simastra.units import Ns
from simastra.view.colours import EDGE, SWITCH
from simastra.view.network import NetworkLayout
from simastra.view.phrases import part_words, size_words

from .hover import tell
from .style import HEAT, axes_for

_WIDE = 1.5
_POINTS = 140  # of a unit of the layout, in a plot of the usual size
_LETTER = 4.2  # width of one, in points
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
    numbered with an S, lie amid what they link. A link bends to its left. The switches of a graph
    lie in rows above its NPUs, by their distance from these, and have its file's names.

    Args:
        result: of a simulation.
        config: its network.
        most_links: how many links are drawn at most, the busiest; the title says so.
        ax: to draw on; new ones, if left out.

    Returns:
        the Axes.
    """
    drawn = axes_for(ax, _ROWS, width=7.5)
    layout = layout_of(config, ((it.src, it.dst) for it in result.links), wide=_WIDE)
    shown = sorted(result.links, key=lambda it: (it.busy, it.src, it.dst))[-most_links:]
    scale = ScalarMappable(Normalize(0, 1), HEAT)
    span = max(result.makespan, 1)
    curves = PatchCollection(
        [_curve(link, layout) for link in shown],
        facecolors="none",
        edgecolors=[colormaps[HEAT](link.busy / span) for link in shown],
        linewidths=[0.6 + 2.4 * link.busy / span for link in shown],
    )
    drawn.add_collection(curves)
    tell(curves, [_words(link, span, layout) for link in shown])
    _devices(drawn, layout)
    drawn.figure.colorbar(scale, ax=drawn, label="part of the time busy", shrink=0.7)
    drawn.set_aspect("equal")
    drawn.set_axis_off()
    if len(shown) < len(result.links):
        drawn.set_title(f"the {len(shown):,} busiest of {len(result.links):,} links")
    return drawn


def _curve(link: LinkRecord, layout: NetworkLayout) -> PathPatch:
    curve = layout.curve(link.src, link.dst)
    points = [(point.x, -point.y) for point in (curve.start, curve.bend, curve.end)]
    patch = PathPatch(Curve(points, [Curve.MOVETO, Curve.CURVE3, Curve.CURVE3]))
    patch.set_gid(f"link-{link.src}-{link.dst}")
    return patch


def _words(link: LinkRecord, span: Ns, layout: NetworkLayout) -> str:
    ends = f"{layout.label(link.src)} → {layout.label(link.dst)}"
    return f"{ends}: busy {part_words(link.busy, span)} of the time, {size_words(link.size)}"


def _devices(ax: Axes, layout: NetworkLayout) -> PathCollection:
    places = layout.places
    if layout.is_labelled:
        for device, point in places.items():
            label = layout.label(device)
            if len(label) * _LETTER > layout.apart * _POINTS:
                continue
            ax.text(point.x, -point.y, label, ha="center", va="center", fontsize=7, zorder=4)
    return ax.scatter(
        [point.x for point in places.values()],
        [-point.y for point in places.values()],
        s=max(12.0, min(320.0, 6000 / max(len(places), 1))),
        c=["#f5f7fa" if layout.is_npu(device) else SWITCH for device in places],
        edgecolors=EDGE,
        zorder=3,
    )
