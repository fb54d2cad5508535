"""The network with its links' load, as SVG."""

from collections.abc import Sequence

from simastra.result import LinkRecord
from simastra.units import Ns
from simastra.view.colours import heat_colour
from simastra.view.html import Markup, element
from simastra.view.network import Canvas, NetworkLayout, network_layout
from simastra.view.phrases import share_words

from .places import Places

_MOST_LINKS = 3000
_SIZE = 640
_CANVAS = Canvas(middle=_SIZE / 2, reach=280, radius=150, largest=13.0, digits=2)


def page_layout(npus_count: Sequence[int], links: Sequence[LinkRecord]) -> NetworkLayout:
    """Where the page draws the devices of a network, of which these links were used."""
    return network_layout(npus_count, ((it.src, it.dst) for it in links), _CANVAS)


def network_picture(
    layout: NetworkLayout, links: Sequence[LinkRecord], duration: Ns, places: Places
) -> Markup:
    """Draw each device, and each link in the colour of its use; the busiest links, if too many.

    Args:
        layout: the `page_layout`.
        links: those that were used.
        duration: of the simulation, in ns.
        places: what devices are called.
    """
    shown = sorted(links, key=lambda it: (it.busy, it.src, it.dst))[-_MOST_LINKS:]
    most = max((it.busy for it in links), default=0) or 1
    content = [_link(link, layout, link.busy / most, duration, places) for link in shown]
    for device in layout.places:
        content += _device(device, layout, places)
    return element(
        "svg",
        *content,
        viewBox=f"0 0 {_SIZE} {_SIZE}",
        class_="network",
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


def _device(device: int, layout: NetworkLayout, places: Places) -> list[Markup]:
    name = element("title", places.device(device))
    circle = layout.circle(device, name, class_="npu" if layout.is_npu(device) else "switch")
    size = layout.radius
    label = [layout.text(device, size / 3, font_size=size)] if layout.is_labelled else []
    return [circle, *label]
