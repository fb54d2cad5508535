"""The parts of the page that its scripts draw into: controls, canvases, and words about them."""

from __future__ import annotations

from simastra.view.html import Markup, element, joined

_SCATTER_HELP = (
    "Click a point to choose it. Keys: left and right to the next point in the horizontal column, "
    "up and down in the vertical one, F and B forward and backward along the front, Home and End "
    "for the ends, Enter to read the chosen point, Escape to let go."
)
_PARALLEL_HELP = (
    "Drag along an axis to keep only lines that cross it there; click it to let go. The fields "
    "below say the same in numbers. Limits hold for the scatter plot and the table, too."
)


def scatter_panel() -> Markup:
    """Two columns against each other, with the front."""
    canvas = element(
        "canvas",
        id="scatter",
        tabindex="0",
        role="application",
        aria_label="Scatter plot of points",
        aria_describedby="scatter-help",
    )
    words = element("p", _SCATTER_HELP, id="scatter-help")
    return joined(
        element("div", *_scatter_controls(), class_="controls"),
        element("div", canvas, class_="plane"),
        element("ul", id="scatter-legend", class_="legend", aria_label="Colours"),
        element("p", id="scatter-said", class_="note"),
        element("details", element("summary", "Keys and mouse"), words),
    )


def _scatter_controls() -> tuple[Markup, ...]:
    return (
        _select("x-column", "Across"),
        _select("x-goal", "best is"),
        _check("x-log", "log"),
        _select("y-column", "Up"),
        _select("y-goal", "best is"),
        _check("y-log", "log"),
        _select("colour-column", "Colour"),
    )


def point_panel() -> Markup:
    """Where the chosen point is told."""
    none = element("p", "Choose a point above, or in the table.", class_="note")
    return element("div", none, id="point", aria_live="polite")


def parallel_panel() -> Markup:
    """A line for each point over the axes and what was asked for, and limits as fields."""
    clear = element("button", "Clear limits", id="clear-limits", type="button", disabled="")
    said = element("span", id="limits-said", class_="dim", role="status")
    label = "Parallel coordinates; the table of points has the same values"
    canvas = element("canvas", id="parallel", role="img", aria_label=label)
    fields = (element("summary", "Limits as numbers"), element("div", id="limits"))
    return joined(
        element("p", _PARALLEL_HELP, class_="note"),
        element("div", clear, said, class_="controls"),
        element(
            "div",
            canvas,
            class_="plane",
            tabindex="0",
            role="region",
            aria_label="Parallel coordinates, to be scrolled",
        ),
        element("details", *fields, id="limits-fields"),
    )


def table_panel() -> Markup:
    """Where the table is drawn, and what all points have in common."""
    return joined(
        element("div", id="point-table", class_="table-place"),
        element(
            "details",
            element("summary", "The same at all points"),
            element("dl", id="same", class_="keys columns"),
            id="same-all",
        ),
    )


def _select(name: str, words: str) -> Markup:
    return element("label", f"{words} ", element("select", id=name))


def _check(name: str, words: str) -> Markup:
    return element("label", element("input", type="checkbox", id=name), f" {words}")
