"""The network with its links' load, as SVG."""

from collections.abc import Iterator, Sequence
from itertools import islice

from simastra.config import NetworkConfig
from simastra.network_graph import NetworkGraph
from simastra.report.network_drawing.boxes import Boxes
from simastra.report.network_drawing.drawing import WIDE
from simastra.report.network_layouts import layout_of
from simastra.result import LinkRecord
from simastra.units import Ns
from simastra.view.colours import heat_colour
from simastra.view.html import Markup, element
from simastra.view.network import Canvas, NetworkLayout
from simastra.view.phrases import share_words

from .places import Places

MOST_LINKS = 3000
"""That are drawn."""

_SIZE = 640
_CANVAS = Canvas(middle=_SIZE / 2, reach=280, radius=150, largest=13.0, digits=2)


def page_layout(network: NetworkConfig, links: Sequence[LinkRecord]) -> NetworkLayout:
    """Where the page draws the devices of a network, of which these links were used."""
    return layout_of(network, ((it.src, it.dst) for it in links), _CANVAS, wide=WIDE)


def network_picture(
    layout: NetworkLayout,
    links: Sequence[LinkRecord],
    duration: Ns,
    places: Places,
    graph: NetworkGraph | None = None,
) -> Markup:
    """Draw each device, and each link in the colour of its use; the busiest links, if too many.

    Args:
        layout: the `page_layout`.
        links: those that were used.
        duration: of the simulation, in ns.
        places: what devices are called.
        graph: the network, if it is no product of dimensions; links that weren't used are pale.
    """
    shown = sorted(links, key=lambda it: (it.busy, it.src, it.dst))[-MOST_LINKS:]
    most = max((it.busy for it in links), default=0) or 1
    pale = islice(_unused(graph, links), MOST_LINKS - len(shown))
    content = [_idle(ends, layout, places, is_known=bool(links)) for ends in pale]
    content += [_link(link, layout, link.busy / most, duration, places) for link in shown]
    if graph is None:
        content += [part for it in layout.places for part in _device(it, layout, places)]
    else:
        content += Boxes(graph, layout).drawn()
    return element(
        "svg",
        *content,
        viewBox=f"0 0 {_SIZE * layout.canvas.stretch:g} {_SIZE}",
        class_="network wide" if layout.canvas.stretch > 1 else "network",
        role="img",
        aria_label=f"{layout.npus} NPUs and {len(links)} links",
    )


def _link(
    link: LinkRecord, layout: NetworkLayout, part: float, duration: Ns, places: Places
) -> Markup:
    """A link in the colour of its use as a part of the busiest link's."""
    use = link.busy / duration if duration else 0.0
    src, dst = places.device(link.src), places.device(link.dst)
    load = f"busy {share_words(use)} of the time, {link.size:,} bytes, {link.messages:,} messages"
    return element(
        "path",
        element("title", f"{src} to {dst}: {load}"),
        d=layout.curve(link.src, link.dst).path,
        stroke=heat_colour(part),
        stroke_width=round(1 + 3 * use, 2),
        fill="none",
    )


def _unused(graph: NetworkGraph | None, links: Sequence[LinkRecord]) -> Iterator[tuple[int, int]]:
    """The ends of links that carried nothing."""
    used = {(it.src, it.dst) for it in links}
    if graph is not None:
        yield from ((it.src, it.dst) for it in graph.links if (it.src, it.dst) not in used)


def _idle(
    ends: tuple[int, int], layout: NetworkLayout, places: Places, *, is_known: bool
) -> Markup:
    """A link that wasn't used, or of which nothing is known, as in a network without queues."""
    src, dst = map(places.device, ends)
    told = element("title", f"{src} to {dst}: {'not used, ' * is_known}{places.kind(*ends)}")
    return element("path", told, d=layout.curve(*ends).path, class_="idle", fill="none")


def _device(device: int, layout: NetworkLayout, places: Places) -> list[Markup]:
    name = element("title", places.device(device))
    circle = layout.circle(device, name, class_="npu" if layout.is_npu(device) else "switch")
    size = layout.radius
    label = [layout.text(device, size / 3, font_size=size)] if layout.is_labelled else []
    return [circle, *label]
