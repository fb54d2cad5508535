"""A film and its player as one HTML file, and as a frame to be put into a notebook."""

from __future__ import annotations

from collections.abc import Sequence

from simastra.config import NetworkConfig
from simastra.report.network_layouts import layout_of
from simastra.view.colours import SERIES
from simastra.view.html import Markup, document, element, json_script, resource
from simastra.view.human import human_time, time_unit

from .film import Film
from .picture import SIZE, SMALL, WIDE, picture

_HEIGHT = SIZE + 150  # of the frame: the picture, the controls, some lines of text


def page(film: Film, network: NetworkConfig, seconds: float) -> str:
    """Return the HTML file; the same film gives the same text.

    Args:
        film: what moves.
        network: on which.
        seconds: how long it takes to play.
    """
    ends = list(dict.fromkeys((flight.src, flight.dst) for flight in film.flights))
    layout = layout_of(network, ends, SMALL, wide=WIDE)
    links = [layout.curve(src, dst) for src, dst in ends]
    drawn = {
        "seconds": seconds,
        "radius": layout.radius,
        "links": [curve.numbers for curve in links],
        "colours": SERIES,
    }
    head = (
        element("meta", charset="utf-8"),
        element("title", "simastra"),
        element("style", resource(__package__, "player.css")),
    )
    body = (
        picture(layout, links),
        _controls(film),
        element("div", "", id="scene"),
        *_legend(film),
        *_cut(film),
        json_script(drawn | _moving(film, ends)),
        element("script", resource(__package__, "player.js")),
    )
    return document(head, body)


def _moving(film: Film, ends: Sequence[tuple[int, int]]) -> dict[str, object]:
    """What moves, as the player has it: links and payloads by their numbers, -1 for none."""
    payloads = list(dict.fromkeys(flight.payload for flight in film.flights))
    known = {payload: index for index, payload in enumerate(filter(None, payloads))}
    number = {each: index for index, each in enumerate(ends)}
    received: list[list[int]] = [[] for _ in range(film.npus)]
    for receipt in film.receipts:
        received[receipt.npu].append(receipt.time)
    return {
        "start": film.start,
        "end": film.end,
        "unit": time_unit(film.end),
        "payloads": list(known),
        "flights": [
            [number[src, dst], start, end, size, known[payload] if payload else -1]
            for src, dst, start, end, size, payload in film.flights
        ],
        "received": received,
        "scenes": film.scenes,
    }


def frame(html: str) -> str:
    """The HTML file inside a notebook's output, kept apart from the notebook's own page."""
    style = f"width: 100%; max-width: {SIZE + 60}px; height: {_HEIGHT}px; border: none"
    return element("iframe", srcdoc=html, sandbox="allow-scripts", style=style)


def _controls(film: Film) -> Markup:
    slider = element(
        "input",
        id="time",
        type="range",
        min=film.start,
        max=film.end,
        value=film.start,
        step="any",
        aria_label="simulated time",
    )
    return element(
        "div",
        element("button", "Play", id="play", type="button"),
        slider,
        element("output", human_time(film.start), id="clock"),
        id="controls",
    )


def _legend(film: Film) -> tuple[Markup, ...]:
    if all(it.payload is None for it in film.flights):
        return ()
    words = (
        "A dot is a message: its number and colour are those of the block that it carries, and it "
        "is as full as the block's sum is complete. Point at a dot, or pause, to read more."
    )
    return (
        element("div", words, id="legend"),
        element("div", "", id="carried", aria_live="polite"),
    )


def _cut(film: Film) -> tuple[Markup, ...]:
    if not film.left_out:
        return ()
    total = len(film.flights) + film.left_out
    words = f"The first {len(film.flights):,} of {total:,} messages on links are shown."
    return (element("div", words, id="cut"),)
