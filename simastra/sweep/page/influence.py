"""Which axis moves which objective: a bar for each part of the variance."""

from __future__ import annotations

from simastra.report.scrolled_table import scroll_region
from simastra.sweep.results import SweepResults
from simastra.sweep.sensitivity import Sensitivity
from simastra.view.html import Markup, element, joined
from simastra.view.phrases import share_words

_LEAST = 0.0005  # of the whole; what is less would be shown as nothing
_FULL = (
    "Parts of the variance over the {points:,} points that finished, which are a full grid: "
    "together they are 100 %. "
)
_SAMPLED = (
    "Estimated from the {points:,} points that finished, which aren't a full grid: combinations "
    "are missing. Axes that move together share what they account for, so the parts need not sum "
    "to 100 %, and of interactions nothing is said. "
)
_TOTAL = (
    "All else alike: the part among points that differ in this axis alone (the pale bar); a dash "
    "where there are no two such points."
)

_COMPARED = (
    " Values are parts of the mean of the points with the same {axes}, which alone are compared."
)


def influence(results: SweepResults) -> Markup | None:
    """A table of bars for each objective; None where there is nothing to be said."""
    tables = [
        _table(results, found)
        for objective in results.objectives
        if (found := results.sensitivity(objective)).main
    ]
    return joined(*tables) if tables else None


def _table(results: SweepResults, found: Sensitivity) -> Markup:
    if not found.variance:
        words = "It is the same at all points." if found.points else "No point has a value."
        return joined(element("h3", found.column), element("p", words, class_="note"))
    heads = (
        ("axis", None),
        ("bar", None),
        ("alone", "number"),
        ("all else alike", "number"),
        ("mean, from the least", None),
    )
    cells = (element("th", it, scope="col", class_=kind) for it, kind in heads)
    rows = (_row(found, name, part, _range(results, found, name)) for name, part in found.parts())
    drawn = element(
        "table",
        element("caption", f"What {found.column} depends on", class_="unseen"),
        element("thead", element("tr", *cells)),
        element("tbody", *rows),
        class_="influence",
    )
    words = (_FULL if found.is_full else _SAMPLED).format(points=found.points) + _TOTAL
    if results.for_each:
        words += _COMPARED.format(axes=" and ".join(results.for_each))
    note = element("p", words, class_="note")
    scrolled = scroll_region(drawn, f"Table: what {found.column} depends on")
    return joined(element("h3", found.column), note, scrolled)


def _range(results: SweepResults, found: Sensitivity, axis: str) -> str:
    """Between which means an axis moves the objective; of what is no axis, nothing."""
    levels = found.levels.get(axis, ())
    if not levels:
        return ""
    ends = [choose(levels, key=lambda it: it.mean) for choose in (min, max)]
    means = (
        share_words(it.mean) if results.for_each else results.words(found.column, it.mean)
        for it in ends
    )
    values = (results.words(axis, it.value) for it in ends)
    return " to ".join(f"{mean} at {value}" for mean, value in zip(means, values, strict=True))


def _row(found: Sensitivity, name: str, part: float | None, means: str) -> Markup:
    total = found.total.get(name)
    widths = (("total", total), ("part", part))
    bars = (element("i", style=f"width:{100 * (it or 0):.2f}%", class_=kind) for kind, it in widths)
    return element(
        "tr",
        element("th", name, scope="row"),
        element("td", element("span", *bars), class_="bar", aria_hidden="true"),
        element("td", _percent(part), class_="number"),
        element("td", _percent(total) if name in found.total else "", class_="number"),
        element("td", means),
    )


def _percent(part: float | None) -> str:
    if part is None:
        return "\u2013"
    return "< 0.1 %" if 0 < part < _LEAST else share_words(part)
