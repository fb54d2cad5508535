"""The parts of the page that its script draws into: controls, canvases, and words about them."""

from collections.abc import Mapping
from typing import Any

from simastra.view.colours import heat_colour
from simastra.view.html import Markup, element, joined

_TIMELINE_HELP = (
    "Drag to move, drag along the axis or with Shift to measure a range, Ctrl and the wheel or a "
    "double click to zoom, click a bar to keep it. Keys: left and right in time, up and down and "
    "Page Up and Page Down over rows, + and - to zoom, Home and End for the ends, 0 for the whole, "
    "Enter to unfold, Space or N and P for the next and the previous bar of a row, S to measure "
    "what is shown, Escape to let go."
)


def timeline_panel(data: Mapping[str, Any]) -> Markup:
    """The timeline: what NPUs did."""
    return joined(
        element("div", *_controls(data), class_="controls"),
        element("ul", id="kinds", class_="legend", aria_label="Kinds of work; each can be hidden"),
        element("canvas", id="minimap", aria_hidden="true"),
        _view("timeline-view", "Timeline of what NPUs did", "timeline-help"),
        element("p", "Click a bar to keep what it says.", id="detail", aria_live="polite"),
        element("div", id="selection", aria_live="polite"),
        *(element("p", note, class_="note") for note in data["notes"]),
        element(
            "details",
            element("summary", "Keys and mouse"),
            element("p", _TIMELINE_HELP, id="timeline-help"),
        ),
        element(
            "details",
            element("summary", "The timeline as a table"),
            element("div", id="kinds-table", class_="table-place"),
            id="timeline-table",
            class_="printed",
        ),
    )


def _controls(data: Mapping[str, Any]) -> tuple[Markup, ...]:
    """What moves the timeline, and what chooses what it shows."""
    return (
        _button("zoom-in", "+", "Zoom in"),
        _button("zoom-out", "\u2212", "Zoom out"),
        _button("earlier", "\u2190", "Earlier"),
        _button("later", "\u2192", "Later"),
        _button("zoom-whole", "Whole", "Show the whole time"),
        _button("measure", "Measure", "Measure the range that is shown"),
        _button("unfold", "Unfold all", "Unfold all"),
        element("label", element("input", type="checkbox", id="messages", checked=""), "Messages"),
        *_chunks(data),
        element(
            "input",
            type="search",
            id="npus",
            placeholder="NPUs, as 0-7, 12",
            aria_label="Show only these NPUs, such as 0-7, 12",
        ),
        element(
            "input",
            type="search",
            id="search",
            placeholder="Find a name",
            aria_label="Find nodes by a part of their name",
        ),
    )


def _chunks(data: Mapping[str, Any]) -> tuple[Markup, ...]:
    if not any(data["chunks"]):
        return ()
    box = element("input", type="checkbox", id="chunks")
    return (element("label", box, "Chunks", title="how chunks of collectives went through"),)


def heat_panel(notes: Markup) -> Markup:
    """The heat map of links, in the timeline's time."""
    scale = ", ".join(heat_colour(part / 10) for part in range(11))
    choices = (
        element("label", element("input", type="radio", name="heat", value=value, **more), words)
        for value, words, more in (
            ("busy", "Use", {"checked": ""}),
            ("queue", "Queue", {}),
        )
    )
    return joined(
        element("h3", "Over time"),
        element(
            "fieldset",
            element("legend", "What is shown", class_="unseen"),
            *choices,
            element(
                "span",
                "idle ",
                element("i", class_="scale", style=f"background:linear-gradient(90deg,{scale})"),
                element("span", " always busy", id="scale-end"),
                class_="dim",
            ),
            class_="controls",
        ),
        notes,
        _view("heat-view", "Heat map of links, in the time that the timeline shows"),
    )


def memory_panel(data: Mapping[str, Any]) -> Markup:
    """Memory over time."""
    some = (element("p", f"The {len(data['lines'])} that need most are drawn.", class_="note"),)
    return joined(
        element("p", "What NPUs hold, in the time that the timeline shows.", class_="note"),
        *(some if data["total"] > len(data["lines"]) else ()),
        element("ul", id="memory-legend", class_="legend"),
        element(
            "canvas",
            id="memory-canvas",
            role="img",
            aria_label="Memory over time; the table below has its parts",
        ),
        element("div", id="memory-table", class_="table-place"),
    )


def path_panel() -> Markup:
    """The critical path as a chain."""
    return joined(
        element(
            "p",
            "The chain of last causes that the end waited for, back to the start: shorten one of "
            "these, and the step may get shorter; anything else can't help.",
            class_="note",
        ),
        element("ul", id="path-legend", class_="legend"),
        element("canvas", id="path-strip", role="img", aria_label="The path's causes over time"),
        element(
            "div",
            element(
                "div",
                _button("path-first", "First", "First stretch"),
                _button("path-previous", "\u2190 Previous", "Previous stretch"),
                _button("path-next", "Next \u2192", "Next stretch"),
                _button("path-longest", "Longest", "Longest stretch"),
                _button("path-show", "Show in the timeline", "Show in the timeline"),
                class_="controls",
            ),
            element("div", id="path-card", aria_live="polite"),
            id="path-walk",
            role="group",
            tabindex="0",
            aria_label="Stretches of the critical path; left and right arrow keys walk along it",
        ),
    )


def _view(name: str, label: str, described_by: str | None = None) -> Markup:
    canvas = element(
        "canvas",
        tabindex="0",
        role="application",
        aria_label=label,
        aria_describedby=described_by,
    )
    spacer = element("div", class_="spacer")
    return element("div", canvas, spacer, id=name, class_="view", tabindex="-1")


def _button(name: str, words: str, label: str) -> Markup:
    spelt = None if words == label else label
    return element("button", words, id=name, type="button", aria_label=spelt, title=spelt)
