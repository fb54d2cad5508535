"""A network as one SVG file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from simastra.network_graph import NetworkGraph
from simastra.view.html import Markup, element, picture, resource

from .boxes import Boxes, line_words
from .drawing import HEIGHT, Drawing, drawing_of
from .lines import LegendEntry, Line, Looks, attributes_words

_ROW = 22  # height of a line of the legend
_SAMPLE = 34  # length of its line
_TOP = 46  # room for the title


def network_svg(graph: NetworkGraph, title: str, npus_count: Sequence[int] = ()) -> str:
    """Draw a network as an SVG file that needs nothing else; the same network gives the same text.

    Args:
        graph: the network.
        title: what it is called.
        npus_count: NPUs along each logical dimension, by which they lie where there is no switch.
    """
    drawing = drawing_of(graph, npus_count)
    looks = Looks(drawing.lines)
    below = _below(drawing, looks)
    drawn = [*_picture(drawing, looks), element("g", *below, class_="legend")]
    said = f"{description(graph)} {drawing.left_out}".rstrip()
    return picture(
        title,
        said,
        element("text", title, x=24, y=30, class_="title"),
        element("g", *drawn, transform=f"translate(0 {_TOP})"),
        style=style_of(looks),
        size=(round(drawing.width), _TOP + HEIGHT + _ROW * len(below) + 16),
        class_="network-drawing",
    )


def picture_svg(drawing: Drawing, looks: Looks, said: str) -> Markup:
    """Draw it as a part of a page, which has title, legend and style."""
    return element(
        "svg",
        *_picture(drawing, looks),
        viewBox=f"0 0 {round(drawing.width)} {HEIGHT}",
        class_="network-drawing",
        role="img",
        aria_label=said,
    )


def description(graph: NetworkGraph) -> str:
    """What a network is made of: "8 NPUs; other devices: 2 leaf, 1 spine; 20 directed links."."""
    kinds = Counter(node.kind for node in graph.nodes if not node.is_npu)
    npus = "1 NPU" if graph.npus == 1 else f"{graph.npus:,} NPUs"
    others = ", ".join(f"{count:,} {kind}" for kind, count in kinds.items())
    beside = f"; other devices: {others}" if others else ""
    return f"{npus}{beside}; {len(graph.links):,} directed links."


def style_of(looks: Looks) -> Markup:
    """The style sheet: that of all drawings, and the colours of these links."""
    sheet = resource(__package__, "drawing.css")
    shades = {class_of(it): it.look.shades for it in looks.legend()}
    light = "".join(f".{name}{{stroke:{it.light}}}" for name, it in shades.items())
    dark = "".join(f".{name}{{stroke:{it.dark}}}" for name, it in shades.items())
    return Markup(f"{sheet}{light}@media (prefers-color-scheme:dark){{{dark}}}")


def class_of(entry: LegendEntry) -> str:
    """The class of lines of a colour."""
    return f"c{entry.look.shades.light[1:]}"


def _picture(drawing: Drawing, looks: Looks) -> list[Markup]:
    lines = [_line(line, drawing, looks) for line in drawing.lines]
    boxes = Boxes(drawing.graph, drawing.layout).drawn()
    return [element("g", *lines, class_="links"), element("g", *boxes, class_="devices")]


def _line(line: Line, drawing: Drawing, looks: Looks) -> Markup:
    look = looks.of(line)
    words = line_words(line, drawing.graph, attributes_words(line.attributes))
    return element(
        "path",
        element("title", words),
        d=drawing.layout.curve(line.src, line.dst).path,
        class_=f"c{look.shades.light[1:]}",
        stroke_width=look.width,
    )


def _below(drawing: Drawing, looks: Looks) -> list[Markup]:
    """The rows of the legend, and what isn't drawn."""
    rows = [_legend_row(*it) for it in enumerate(looks.legend())]
    if drawing.left_out:
        y = HEIGHT + _ROW * (len(rows) + 1)
        rows.append(element("text", drawing.left_out, x=24, y=y, class_="note"))
    return rows


def _legend_row(number: int, entry: LegendEntry) -> Markup:
    y = HEIGHT + _ROW * number + _ROW / 2
    width = max(entry.look.width, 2)
    sample = element("path", d=f"M24 {y}h{_SAMPLE}", class_=class_of(entry), stroke_width=width)
    return element("g", sample, element("text", entry.said, x=24 + _SAMPLE + 12, y=y + 4))
