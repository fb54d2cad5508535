"""A network as one HTML file that needs nothing else, with tables of its numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from simastra.network_graph import NetworkGraph
from simastra.report.page_frame import PageSection, drawn_section, frame_style, page_head
from simastra.report.scrolled_table import scrolled
from simastra.view.html import Markup, document, element, resource
from simastra.view.table import Table

from .drawing import drawing_of
from .lines import LegendEntry, Looks
from .svg import class_of, description, picture_svg, style_of


def network_page(
    graph: NetworkGraph,
    title: str,
    tables: Sequence[Table] = (),
    npus_count: Sequence[int] = (),
) -> str:
    """Return the page; the same network gives the same text.

    Args:
        graph: the network.
        title: what it is called.
        tables: its numbers.
        npus_count: NPUs along each logical dimension, by which they lie where there is no switch.
    """
    drawing = drawing_of(graph, npus_count)
    looks = Looks(drawing.lines)
    said = description(graph)
    style = frame_style(resource(__package__, "page.css"), style_of(looks))
    notes = [said, drawing.left_out, "Point at a link or a device to read what it is."]
    main = (
        element("h1", title),
        *(element("p", it, class_="note") for it in notes if it),
        element(
            "div",
            picture_svg(drawing, looks, said),
            class_="drawing",
            tabindex=0,
            role="region",
            aria_label="Drawing",
        ),
        element("ul", *map(_entry, looks.legend()), class_="legend", aria_label="Links"),
        *map(drawn_section, _sections(tables)),
    )
    return document(page_head(title, style), (element("main", *main),))


def _entry(entry: LegendEntry) -> Markup:
    width = max(entry.look.width, 2)
    line = element("path", d="M0 6h34", class_=class_of(entry), stroke_width=width)
    sample = element("svg", line, width=34, height=12, aria_hidden="true")
    return element("li", sample, element("span", entry.said))


def _sections(tables: Sequence[Table]) -> Iterator[PageSection]:
    for number, table in enumerate(tables):
        words = table.title or "Numbers"
        name = f"numbers-{number}"
        yield PageSection(name, f"{words[:1].upper()}{words[1:]}", scrolled(table))
