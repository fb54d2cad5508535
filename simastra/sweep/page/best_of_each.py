"""Where a study asks for each value of some axes: tables of the best for each of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from simastra.report.scrolled_table import scroll_region
from simastra.sweep.results import SweepResults
from simastra.view.html import Markup, element, joined, part_note

_MOST_ROWS = 50


def best_of_each(results: SweepResults, places: Sequence[int]) -> Iterator[Markup]:
    """A table for each objective; none where all points are compared with each other.

    Args:
        results: of the sweep.
        places: rows of the points that are on the page, the best among them.
    """
    for objective, goal in results.objectives.items() if results.for_each else ():
        best = results.best_of_each_places(objective)
        if best:
            least = "Most" if goal == "max" else "Least"
            yield _table(
                results, f"{least} {objective} for each {_named(results)}", objective, best, places
            )


def _named(results: SweepResults) -> str:
    return " and ".join(results.for_each)


def _table(
    results: SweepResults, title: str, objective: str, best: Sequence[int], places: Sequence[int]
) -> Markup:
    others = [name for name in results.axes if name not in results.for_each]
    heads = (*results.for_each, *results.with_band(objective), *others)
    rows = (_row(results, heads, objective, at, places.index(at)) for at in best[:_MOST_ROWS])
    drawn = element(
        "table",
        element("caption", title, class_="unseen"),
        element("thead", element("tr", *(element("th", it, scope="col") for it in heads))),
        element("tbody", *rows),
        class_="best",
    )
    shown = part_note(min(len(best), _MOST_ROWS), len(best), "parts", "the first")
    return joined(element("h3", title), *shown, scroll_region(drawn, f"Table: {title}"))


def _row(
    results: SweepResults, names: Sequence[str], objective: str, at: int, place: int
) -> Markup:
    """The best of one part; its value leads to the chosen point."""

    def cell(name: str) -> Markup:
        words = results.words(name, results.columns[name][at])
        if name == objective:
            return element("td", element("a", words, href="#chosen", data_place=place))
        return element("td", words)

    return element("tr", *map(cell, names))
