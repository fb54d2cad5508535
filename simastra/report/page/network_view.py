"""The network with the use of its links: drawn if it is small, else line by line."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from simastra.network_graph import NetworkGraph
from simastra.report.run_records import RunRecords
from simastra.result import LinkRecord
from simastra.units import Ns
from simastra.view.colours import heat_colour
from simastra.view.html import Markup, element, joined
from simastra.view.phrases import part_shown, part_words, share_words

from .contents import PageContents
from .network_picture import MOST_LINKS, network_picture, page_layout
from .places import Places

MOST_DRAWN = 16
"""NPUs of a network that is drawn, if its devices lie apart; links of more can't be told apart."""

_MOST_DEVICES = 1500
_MOST_CELLS = 2048
_CELL = 14
_STEP = _CELL + 2
"""From one square to the next."""


class _Scale(NamedTuple):
    """The whole time, and how long the busiest link of all was busy."""

    span: Ns
    most: Ns


def network_view(contents: PageContents, places: Places) -> Markup:
    """The network, in the colours of its links' use."""
    result, network = contents.result, contents.simulation.network
    most = max((it.busy for it in result.links), default=1) or 1
    words = f"The darkest is the busiest link, {part_words(most, contents.duration)} of the time."
    note = element("p", words, class_="note")
    if network.graph is not None:
        return joined(note, graph_view(contents, network.graph, places))
    if network.npus <= MOST_DRAWN:
        layout = page_layout(network, result.links)
        if layout.is_legible:
            return joined(note, network_picture(layout, result.links, contents.duration, places))
    by_dimension: list[list[LinkRecord]] = [[] for _ in network.npus_count]
    for link in result.links:
        by_dimension[places.link(link.src, link.dst).dimension].append(link)
    blocks = (
        _dimension(contents, places, dimension, links, most)
        for dimension, links in enumerate(by_dimension)
    )
    return element("div", note, *blocks, class_="dimensions")


def graph_view(contents: PageContents, graph: NetworkGraph, places: Places) -> Markup:
    """The network as a graph, if its devices can be told apart; links that aren't used are pale."""
    links, network = contents.result.links, contents.simulation.network
    if graph.devices > _MOST_DEVICES:
        words = f"{graph.devices:,} devices are too many to draw; the table has the busiest links."
        return element("p", words, class_="note")
    layout = page_layout(network, links)
    drawn = network_picture(layout, links, contents.duration, places, graph)
    said = part_shown(min(len(graph.links), MOST_LINKS), len(graph.links), "links", "the busiest")
    return joined(
        element("p", said, class_="note"),
        element("div", drawn, class_="drawing", tabindex=0, role="group", aria_label="Network"),
    )


def _dimension(
    contents: PageContents, places: Places, dimension: int, links: Sequence[LinkRecord], most: Ns
) -> Markup:
    network, span = contents.simulation.network, contents.duration
    size = network.npus_count[dimension]
    title = f"Dimension {dimension}: {network.topology[dimension]} of {size}"
    rate = f"{network.bandwidth[dimension]:g} GB/s (2^30), {network.latency[dimension]:g} ns"
    lines = network.npus // size
    words = f"{lines:,} {'line' if lines == 1 else 'lines'}, {rate}"
    if not links:
        return element("div", element("h4", title), element("p", f"{words}; no link was used."))
    busy = sum(it.busy for it in links)
    top = max(links, key=lambda it: (it.busy, -it.src, -it.dst))
    said = (
        f"{words}; {len(links):,} links were used, "
        f"{part_words(busy, span * len(links))} of the time on average; the busiest, from "
        f"{places.device(top.src)} to {places.device(top.dst)}, {part_words(top.busy, span)}."
    )
    return element(
        "div",
        element("h4", title),
        element("p", said, class_="note"),
        *_cells(places, links, _Scale(span, most), size, lines),
    )


def _cells(
    places: Places, links: Sequence[LinkRecord], scale: _Scale, size: int, lines: int
) -> Iterator[Markup]:
    """A square for the busiest link of each NPU there: a row a line, a column a place in it."""
    if size * lines > _MOST_CELLS:
        yield element("p", "Too many links to draw each; the table has the busiest.", class_="note")
        return
    for up, words in ((True, "from NPUs"), (False, "to NPUs")):
        busiest: dict[tuple[int, int], LinkRecord] = {}
        for link in links:
            place = places.link(link.src, link.dst)
            if place.up is up:
                at = place.line, place.position
                if at not in busiest or link.busy > busiest[at].busy:
                    busiest[at] = link
        if busiest:
            yield _matrix(places, busiest, scale, size, lines, words)


def _matrix(
    places: Places,
    busiest: dict[tuple[int, int], LinkRecord],
    scale: _Scale,
    size: int,
    lines: int,
    words: str,
) -> Markup:
    across = lines > size  # long sides go from left to right
    squares = (
        _square(places, link, scale, *((position, line) if across else (line, position)))
        for (line, position), link in sorted(busiest.items())
    )
    rows, columns = (size, lines) if across else (lines, size)
    width, height = columns * _STEP, rows * _STEP
    label = f"use of links {words}: {rows} rows, {columns} columns"
    picture = element(
        "svg",
        *squares,
        viewBox=f"0 0 {width} {height}",
        width=width,
        height=height,
        role="img",
        aria_label=label,
        class_="matrix",
    )
    key = "a row a place in a line" if across else "a row a line"
    scrolled = element("div", picture, tabindex="0", role="group", aria_label=f"Links {words}")
    return element("figure", scrolled, element("figcaption", f"Links {words}; {key}."))


def _square(places: Places, link: LinkRecord, scale: _Scale, row: int, column: int) -> Markup:
    use = link.busy / scale.span if scale.span else 0.0
    ends = f"{places.device(link.src)} to {places.device(link.dst)}"
    return element(
        "rect",
        element("title", f"{ends}: busy {share_words(use)} of the time, {link.size:,} bytes"),
        x=column * _STEP,
        y=row * _STEP,
        width=_CELL,
        height=_CELL,
        rx=2,
        fill=heat_colour(link.busy / scale.most),
    )


def heat_notes(records: RunRecords, shown: int) -> Markup:
    """What is to be known of the heat map."""
    total = len(records.load.links)
    some = f"The {shown:,} busiest of {total:,} links are shown. " if shown < total else ""
    return joined(element("p", f"{some}The busiest link is on top.", class_="note"))
