"""The page: one HTML file with its style, its script and its data inside."""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from simastra.errors import OptionError
from simastra.palette.categories import shades_of
from simastra.palette.kinds import KINDS
from simastra.report.page_frame import PageSection, scripted_page
from simastra.report.run_timeline.document import end_of
from simastra.view.html import Markup, element, joined, resource
from simastra.writing import WriteError, refuse_input, write_file

from . import sections
from .cause_bars import npu_bars
from .contents import PageContents
from .headline import headline
from .heat import heat_data
from .memory_data import memory_data
from .network_view import graph_view, heat_notes, network_view
from .panels import heat_panel, memory_panel, path_panel, timeline_panel
from .path_data import path_data
from .places import Places
from .tables import page_tables
from .timeline_data import timeline_data

_SCRIPTS = (
    *("decode", "axis", "rows", "timeline", "minimap", "selection", "heat", "memory"),
    *("path", "start"),
)


def html_report(contents: PageContents) -> str:
    """Return the page; the same contents give the same text."""
    places = Places(contents.simulation)
    data = _data(contents, places)
    return scripted_page(
        contents.title,
        _answer(contents, places),
        list(_parts(contents, data, places)),
        data,
        resource(__package__, "report.css"),
        (resource(__package__, f"scripts/{name}.js") for name in _SCRIPTS),
    )


def _answer(contents: PageContents, places: Places) -> Markup:
    return element(
        "section",
        element("h1", contents.title),
        element("p", sections.subtitle(contents), class_="subtitle"),
        sections.warnings_first(contents),
        headline(contents, places),
        id="answer",
    )


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


def _data(contents: PageContents, places: Places) -> dict[str, Any]:
    simulation, result, records = contents.simulation, contents.result, contents.records
    metrics = None if result.measures is None or contents.deadlock else result.metrics
    path = path_data(contents.critical_path)
    return {
        "title": contents.title,
        "timeline": timeline_data(simulation, result, records, end_of(result, records)),
        "heat": heat_data(records, places),
        "memory": memory_data(metrics),
        "path": path,
        "tables": [table.to_dict() for table in page_tables(contents, places)],
        "colours": {
            "kinds": {kind: list(shades) for kind, shades in KINDS.items()},
            "causes": {name: list(it) for name, it in shades_of(path["causes"]).items()},
        },
    }


def _parts(
    contents: PageContents, data: Mapping[str, Any], places: Places
) -> Iterator[PageSection]:
    """The sections below the answer."""
    yield PageSection("timeline", "Timeline", timeline_panel(data["timeline"]))
    if data["memory"] is not None:
        yield PageSection("memory", "Memory", memory_panel(data["memory"]))
    yield PageSection("links", "Network", _network(contents, data, places))
    if contents.critical_path:
        yield PageSection(
            "critical-path", "Critical path", joined(path_panel(), _table("step-table"))
        )
    if contents.attribution:
        yield PageSection(
            "attribution",
            "By NPU",
            joined(npu_bars(contents), _table("attributed-table", "under-way-table")),
        )
    else:
        yield PageSection("attribution", "By NPU", _table("under-way-table"))
    drawn = {table["id"] for table in data["tables"]}
    none = element("p", "No node was finished.")
    operators = _table("operator-table") if "operator-table" in drawn else none
    yield PageSection("operators", "Operators", operators)
    yield PageSection("collectives", "Communication", _collectives(drawn))
    count = len(contents.notices)
    title = f"Notices ({count})" if count else "Notices"
    yield PageSection("notices", title, sections.notices(contents))
    yield PageSection("configuration", "Configuration", sections.configuration(contents))


def _network(contents: PageContents, data: Mapping[str, Any], places: Places) -> Markup:
    if not contents.result.links:
        words = "No link was used: nothing was sent, or the network has none of its own."
        graph = contents.simulation.network.graph
        drawn = () if graph is None else (graph_view(contents, graph, places),)
        return joined(element("p", words), *drawn)
    return joined(
        heat_panel(heat_notes(contents.records, len(data["heat"]["links"]))),
        element("h3", "By place"),
        network_view(contents, places),
        _table("link-table"),
    )


def _collectives(drawn: Collection[str]) -> Markup:
    none: tuple[Markup, ...] = ()
    if "collective-table" not in drawn:
        none = (element("p", "No collective was finished by all its members."),)
    names = ("collective-table", "group-table", "purpose-table")
    return joined(*none, _table(*(name for name in names if name in drawn)))


def _table(*names: str) -> Markup:
    """Where the script puts tables."""
    return joined(*(element("div", id=name, class_="table-place") for name in names))
