"""The network with its links' load, as SVG."""

from collections.abc import Sequence

from simastra.report.layout import Point, device_positions
from simastra.result import LinkRecord
from simastra.units import Ns
from simastra.view.html import Markup, element
from simastra.view.phrases import device_name

_MOST_LINKS = 3000
_MOST_LABELS = 160
_SIZE = 640
_MARGIN = 40
_BOW = 0.12  # how far a link bends to its left, so that the two directions lie side by side


def network_picture(npus_count: Sequence[int], links: Sequence[LinkRecord], makespan: Ns) -> Markup:
    """Draw each device, and each link in the colour of its use; the busiest links, if too many.

    Args:
        npus_count: NPUs along each dimension.
        links: those that were used.
        makespan: of the simulation, in ns.
    """
    npus = 1
    for count in npus_count:
        npus *= count
    shown = sorted(links, key=lambda it: (it.busy, it.src, it.dst))[-_MOST_LINKS:]
    places = {
        device: Point(_scaled(point.x), _scaled(point.y))
        for device, point in device_positions(npus_count, links).items()
    }
    content = [
        _link(link, places[link.src], places[link.dst], makespan, npus)
        for link in shown
        if link.src in places and link.dst in places
    ]
    radius = max(3.0, min(13.0, 150 / max(len(places), 1) ** 0.5))
    with_labels = len(places) <= _MOST_LABELS
    for device, point in places.items():
        content += _device(device, point, npus, radius, with_labels=with_labels)
    return element(
        "svg",
        *content,
        viewBox=f"0 0 {_SIZE} {_SIZE}",
        class_="network",
        role="img",
        aria_label=f"{npus} NPUs and {len(links)} links",
    )


def _scaled(coordinate: float) -> float:
    half = _SIZE / 2
    return round(half + coordinate * (half - _MARGIN), 2)


def _link(link: LinkRecord, start: Point, end: Point, makespan: Ns, npus: int) -> Markup:
    use = link.busy / makespan if makespan else 0.0
    x, y = (start.x + end.x) / 2, (start.y + end.y) / 2
    bend_x = round(x + (end.y - start.y) * _BOW, 2)
    bend_y = round(y - (end.x - start.x) * _BOW, 2)
    ends = f"{device_name(link.src, npus)} to {device_name(link.dst, npus)}"
    words = f"{ends}: busy {use:.1%} of the time, {link.size:,} bytes, {link.messages:,} messages"
    return element(
        "path",
        element("title", words),
        d=f"M{start.x} {start.y}Q{bend_x} {bend_y} {end.x} {end.y}",
        stroke=heat_colour(use),
        stroke_width=round(1 + 3 * use, 2),
        fill="none",
    )


def _device(
    device: int, point: Point, npus: int, radius: float, *, with_labels: bool
) -> list[Markup]:
    name = device_name(device, npus)
    kind = "npu" if device < npus else "switch"
    circle = element(
        "circle", element("title", name), cx=point.x, cy=point.y, r=round(radius, 2), class_=kind
    )
    if not with_labels:
        return [circle]
    label = str(device) if device < npus else f"S{device}"
    text = element(
        "text", label, x=point.x, y=round(point.y + radius / 3, 2), font_size=round(radius, 2)
    )
    return [circle, text]


def heat_colour(use: float) -> str:
    """The colour of a use between 0 and 1: from a pale to a dark red, over yellow and orange."""
    place = min(max(use, 0.0), 1.0) * (len(_SCALE) - 1)
    low = min(int(place), len(_SCALE) - 2)
    part = place - low
    mixed = (round(a + (b - a) * part) for a, b in zip(_SCALE[low], _SCALE[low + 1], strict=True))
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


_SCALE = ((255, 237, 190), (254, 204, 92), (253, 141, 60), (240, 59, 32), (150, 0, 38))
