"""The picture: lanes along time, below them what the time went to, a legend, and a deadlock."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import wrap

from simastra.report.page import PageContents
from simastra.report.page.sections import subtitle
from simastra.view.colours import Shades
from simastra.view.html import Markup, element, picture, resource
from simastra.view.human import human_time

from .drawn import LEFT, LETTER, RIGHT, WIDTH, Drawn, at, class_of
from .strips import draw_causes, draw_lanes

_TITLE, _NOTE, _TOP = 26, 46, 70
_LINE, _SQUARE = 18, 11
_BOTTOM = 14
_MONOSPACE = 6.8  # how wide a letter is


def run_svg(contents: PageContents) -> str:
    """Draw a run as an SVG file that needs nothing else; the same contents give the same text.

    Args:
        contents: as for the page. Of a run that stands still, what never ended is drawn pale up to
            where it stands, and who waits for what is written below.
    """
    drawn = Drawn(_TOP)
    draw_lanes(contents, drawn)
    draw_causes(contents, drawn)
    _draw_legend(drawn)
    _draw_waits(contents, drawn)
    said = _said(contents)
    return picture(
        contents.title,
        said,
        element("text", contents.title, x=16, y=_TITLE, class_="title"),
        element("text", said, x=16, y=_NOTE, class_="note"),
        *drawn.parts,
        style=_style(drawn.shades),
        size=(WIDTH, round(drawn.y) + _BOTTOM),
        class_="run-picture",
    )


def _said(contents: PageContents) -> str:
    time = human_time(contents.duration)
    whole = time if contents.deadlock is None else f"stands still at {time}"
    return f"{whole} · {subtitle(contents)}"


def _draw_legend(drawn: Drawn) -> None:
    """A square and a name each, in as many lines as they need."""
    drawn.y += _LINE / 2
    x = float(LEFT)
    for name in drawn.shades:
        width = _SQUARE + 20 + len(name) * LETTER
        if x + width > WIDTH - RIGHT:
            x, drawn.y = float(LEFT), drawn.y + _LINE
        look, y = class_of(name), at(drawn.y)
        drawn.parts += (
            element("rect", x=at(x), y=y, width=_SQUARE, height=_SQUARE, class_=look),
            element("text", name, x=at(x + _SQUARE + 5), y=at(drawn.y + _SQUARE - 1)),
        )
        x += width
    drawn.y += _LINE


def _draw_waits(contents: PageContents, drawn: Drawn) -> None:
    """Who waits for what, as the error says it."""
    if contents.deadlock is None:
        return
    for line in str(contents.deadlock).splitlines():
        for part in wrap(line.strip(), int((WIDTH - 32) / _MONOSPACE)):
            drawn.y += _LINE
            drawn.parts.append(element("text", part, x=16, y=at(drawn.y), class_="wait"))


def _style(shades: Mapping[str, Shades]) -> Markup:
    sheet = resource(__package__, "picture.css")
    light = "".join(f".{class_of(name)}{{fill:{it.light}}}" for name, it in shades.items())
    dark = "".join(f".{class_of(name)}{{fill:{it.dark}}}" for name, it in shades.items())
    return Markup(f"{sheet}{light}@media (prefers-color-scheme:dark){{{dark}}}")
