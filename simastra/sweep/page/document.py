"""The page: one HTML file with its style, its scripts and its table inside."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from simastra.errors import OptionError
from simastra.report.page_frame import PageSection, scripted_page
from simastra.sweep.results import SweepResults
from simastra.view.html import Markup, element, resource
from simastra.writing import WriteError, write_file

from .headline import headline
from .influence import influence
from .panels import parallel_panel, point_panel, scatter_panel, table_panel
from .shown_points import MOST_POINTS, page_data, shown_places

_SCRIPTS = ("scales", "points", "limits", "plane", "scatter", "parallel", "point", "start")


def sweep_page(results: SweepResults, *, most: int = MOST_POINTS) -> str:
    """Return the page; the same results give the same text.

    Args:
        results: of the sweep.
        most: how many points are on the page; of more, the front, the best and every n-th.
    """
    places = shown_places(results, most)
    return scripted_page(
        results.title,
        element("section", *headline(results, places), id="answer"),
        list(_parts(results)),
        page_data(results, places),
        resource(__package__, "sweep.css"),
        (resource(__package__, f"scripts/{name}.js") for name in _SCRIPTS),
    )


def write_sweep_page(path: Path | str, results: SweepResults) -> None:
    """Write the page, whole or not at all.

    Raises:
        OptionError: the file can't be written.
    """
    try:
        write_file(path, sweep_page(results).encode("utf-8", "replace"))
    except WriteError as error:
        raise OptionError("page", str(error)) from None


def _parts(results: SweepResults) -> Iterator[PageSection]:
    """The sections below the answer."""
    if not len(results):
        return
    yield PageSection("trade-offs", "Trade-offs", scatter_panel())
    yield PageSection("chosen", "Chosen point", point_panel())
    yield PageSection("coordinates", "Parallel coordinates", parallel_panel())
    yield PageSection("influence", "What matters", _influence(results))
    yield PageSection("points", "Points", table_panel())


def _influence(results: SweepResults) -> Markup:
    drawn = influence(results)
    return drawn or element("p", "No axis varies, or there is no objective.", class_="note")
