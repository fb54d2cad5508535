"""The page: one HTML file with its style, its script and its data inside."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from simastra.errors import OptionError
from simastra.report.run_timeline.document import end_of
from simastra.view.colours import heat_colour
from simastra.view.html import Markup, document, element, joined, json_script, resource
from simastra.view.phrases import part_shown
from simastra.writing import WriteError, refuse_input, write_file

from . import sections, table_sections, time_sections
from .bars import timeline_data
from .contents import PageContents
from .heat import heat_data
from .network_picture import network_picture

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
"""What the page may load: nothing. The browser enforces that the file needs no other."""


def html_report(contents: PageContents) -> str:
    """Return the page; the same contents give the same text."""
    end = end_of(contents.result, contents.records)
    data = {
        "timeline": timeline_data(contents.result, contents.records, end),
        "heat": heat_data(contents.records),
    }
    parts = list(_parts(contents, data))
    head = (
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", contents.title),
        element("style", resource(__package__, "report.css")),
    )
    links = (element("a", title, href=f"#{name}") for name, title, _ in parts)
    body = (
        element("h1", contents.title),
        element("nav", *links),
        *(
            element("section", element("h2", title), content, id=name)
            for name, title, content in parts
        ),
        element("div", id="tip", role="tooltip"),
        json_script(data),
        element("script", resource(__package__, "report.js")),
    )
    return document(head, body)


def write_html_report(path: Path | str, contents: PageContents) -> None:
    """Write the page, whole or not at all.

    Raises:
        OptionError: the file can't be written, or was read for the simulation.
    """
    try:
        refuse_input(path, contents.simulation.files)
        write_file(path, html_report(contents).encode("utf-8", "replace"))
    except WriteError as error:
        raise OptionError("output", str(error)) from None


def _parts(contents: PageContents, data: dict[str, Any]) -> Iterator[tuple[str, str, Markup]]:
    """The sections: id, title and content."""
    yield "summary", "Summary", sections.summary(contents)
    yield "warnings", "Warnings", sections.warnings(contents)
    yield "timeline", "Timeline", _timeline(data["timeline"])
    yield "links", "Links", _links(contents, data["heat"])
    if contents.attribution:
        yield "attribution", "Where the time went", time_sections.attribution(contents)
    if contents.critical_path:
        yield "critical-path", "Critical path", time_sections.critical_path(contents)
    yield "collectives", "Collectives", table_sections.collectives(contents)
    yield "tables", "Tables", table_sections.tables(contents)
    yield "configuration", "Configuration", sections.configuration(contents)


def _timeline(data: dict[str, Any]) -> Markup:
    buttons = (("zoom-in", "+"), ("zoom-out", "\u2212"), ("zoom-whole", "whole"))
    moves = (("earlier", "\u25c0"), ("later", "\u25b6"))
    controls = [
        *(element("button", text, id=name) for name, text in (*buttons, *moves)),
        element("label", element("input", type="checkbox", id="chunks"), " chunks"),
        element("input", type="search", id="search", placeholder="part of a name"),
    ]
    return joined(
        element(
            "p",
            "Drag to move, Ctrl and the wheel or a double click to zoom, click on a bar to keep "
            "what it says. With the keyboard: w, s, a, d or +, -, arrows, 0.",
            class_="note",
        ),
        element("div", *controls, class_="controls"),
        *(element("p", note, class_="note") for note in data["notes"]),
        _canvas("timeline-view", "what each NPU did when"),
        element("div", "Click on a bar to keep it here.", id="detail", aria_live="polite"),
    )


def _links(contents: PageContents, data: dict[str, Any]) -> Markup:
    if not data["links"]:
        return element("p", "No link was used, or the backend has none.")
    result = contents.result
    part = part_shown(len(data["links"]), data["total"], "links", "the busiest")
    picked = element("input", type="radio", name="heat", id="heat-busy", checked="checked")
    other = element("input", type="radio", name="heat", id="heat-queue")
    return joined(
        element("p", f"A row a link, darker where it was busier. {part}".rstrip(), class_="note"),
        element(
            "div",
            element("label", picked, " use"),
            element("label", other, " queue"),
            element("button", "whole", id="heat-whole"),
            _scale(),
            class_="controls",
        ),
        _canvas("heat-view", "how busy each link was when"),
        element("h3", "The network"),
        network_picture(contents.simulation.network.npus_count, result.links, end_of_run(contents)),
    )


def end_of_run(contents: PageContents) -> int:
    """What a link's use is a part of, in ns."""
    return contents.result.makespan or end_of(contents.result, contents.records)


def _scale() -> Markup:
    """What the colours mean, in the heat map and in the network."""
    colours = ",".join(heat_colour(place / 4) for place in range(5))
    bar = element("i", class_="scale", style=f"background:linear-gradient(90deg,{colours})")
    return element("span", "little ", bar, " much", class_="note")


def _canvas(name: str, label: str) -> Markup:
    canvas = element("canvas", role="img", aria_label=label, tabindex=0)
    return element("div", canvas, element("div", class_="spacer"), id=name, class_="view")
