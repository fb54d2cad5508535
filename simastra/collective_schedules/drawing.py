"""A schedule as an SVG file: a row for each link, along time; or ranks, and what moves between."""

from __future__ import annotations

from collections.abc import Iterator
from math import cos, pi, sin

from simastra.view.colours import SERIES
from simastra.view.html import Markup, element, picture, resource

from .schedule import Rank, Schedule
from .timeline import Carried, LinkTimeline

_ROW = 24
_LEFT, _RIGHT, _TOP, _BOTTOM = 96, 24, 52, 40
_WIDTH = 960
_LEAST_INSIDE = 26  # pixels of a bar that has its chunks written in it
_TICKS = 10
MOST_DRAWN = 20_000
"""Messages of a drawing; what comes later is left out, and said to be."""


def schedule_svg(schedule: Schedule, timeline: LinkTimeline) -> str:
    """Draw when which link carries which chunks; the same schedule gives the same text."""
    links = {link: row for row, link in enumerate(timeline.links)}
    height = _TOP + _ROW * len(links) + _BOTTOM
    scale = (_WIDTH - _LEFT - _RIGHT) / (timeline.end or 1)
    colours = _colours(timeline)
    rows = (_row(src, dst, row) for (src, dst), row in links.items())
    bars = (
        _bar(it, _TOP + _ROW * links[it.src, it.dst], scale, colours[it.held])
        for it in timeline.messages[:MOST_DRAWN]
    )
    axis = _axis(timeline, scale, height - _BOTTOM)
    return _svg(schedule, timeline, (_WIDTH, height), [*rows, *axis, *bars])


def animation_svg(schedule: Schedule, timeline: LinkTimeline, seconds: float = 12) -> str:
    """Draw the ranks in a circle, and messages that move between them, over and over.

    Args:
        schedule: is drawn.
        timeline: its messages.
        seconds: how long one time through takes.
    """
    size, radius = 640, 230
    places = [
        (
            size / 2 + radius * sin(2 * pi * rank / schedule.ranks),
            _TOP + size / 2 - radius * cos(2 * pi * rank / schedule.ranks),
        )
        for rank in range(schedule.ranks)
    ]
    colours = _colours(timeline)
    ways = (_way(places[src], places[dst]) for src, dst in timeline.links)
    ranks = (_rank(rank, *place) for rank, place in enumerate(places))
    moving = (
        _moving(it, places[it.src], places[it.dst], colours[it.held], seconds / (timeline.end or 1))
        for it in timeline.messages[:MOST_DRAWN]
    )
    clock = _clock(seconds)
    return _svg(schedule, timeline, (size, size + _TOP), [clock, *ways, *ranks, *moving])


def _svg(
    schedule: Schedule, timeline: LinkTimeline, size: tuple[int, int], drawn: list[Markup]
) -> str:
    title, said = schedule.name or schedule.source, _said(schedule, timeline)
    return picture(
        title,
        said,
        element("text", title, x=16, y=24, class_="title"),
        element("text", said, x=16, y=42, class_="note"),
        *drawn,
        style=resource(__package__, "drawing.css"),
        size=size,
        class_="schedule-drawing",
        label=said,
    )


def _said(schedule: Schedule, timeline: LinkTimeline) -> str:
    unit = "" if timeline.has_times else ", in units of a chunk's transfer"
    left = len(timeline.messages) - MOST_DRAWN
    more = f"; messages that are not drawn: {left}" if left > 0 else ""
    stuck = f"; steps that never begin: {timeline.stuck}" if timeline.stuck else ""
    return (
        f"{schedule.collective} among {schedule.ranks} ranks: {len(timeline.messages)} messages on "
        f"{len(timeline.links)} links until {timeline.end:g}{unit}{more}{stuck}"
    )


def _colours(timeline: LinkTimeline) -> dict[str, str]:
    """A colour for each chunk, or chunks together, in the order in which they are sent."""
    held = dict.fromkeys(it.held for it in timeline.messages)
    return {it: SERIES[at % len(SERIES)] for at, it in enumerate(held)}


def _row(src: Rank, dst: Rank, row: int) -> Markup:
    y = _TOP + _ROW * row
    return element(
        "g",
        element("line", x1=_LEFT, x2=_WIDTH - _RIGHT, y1=y + _ROW, y2=y + _ROW, class_="row"),
        element("text", f"{src} → {dst}", x=_LEFT - 10, y=y + _ROW * 0.7, class_="label"),
    )


def _bar(message: Carried, y: int, scale: float, colour: str) -> Markup:
    x, width = _LEFT + message.start * scale, max((message.end - message.start) * scale, 1.5)
    words = (
        f"{message.held}: rank {message.src} to {message.dst}, {message.start:g} to {message.end:g}"
    )
    bar = element(
        "rect",
        element("title", f"{words}; {message.step}"),
        x=f"{x:.2f}",
        y=y + 3,
        width=f"{width:.2f}",
        height=_ROW - 6,
        fill=colour,
        class_="bar",
    )
    inside = message.held.rpartition(" ")[2]
    if width < _LEAST_INSIDE or not inside:
        return bar
    middle = f"{x + width / 2:.2f}"
    return element("g", bar, element("text", inside, x=middle, y=y + _ROW * 0.68, class_="inside"))


def _axis(timeline: LinkTimeline, scale: float, bottom: int) -> Iterator[Markup]:
    step = max(timeline.end / _TICKS, 1e-12)
    if not timeline.has_times:
        step = max(1, round(step))
    at = 0.0
    while at <= timeline.end * (1 + 1e-9):
        x = f"{_LEFT + at * scale:.2f}"
        yield element("line", x1=x, x2=x, y1=_TOP, y2=bottom, class_="tick")
        yield element("text", f"{at:.4g}", x=x, y=bottom + 18, class_="axis")
        at += step


def _way(one: tuple[float, float], other: tuple[float, float]) -> Markup:
    (x1, y1), (x2, y2) = one, other
    ends = {"x1": f"{x1:.1f}", "y1": f"{y1:.1f}", "x2": f"{x2:.1f}", "y2": f"{y2:.1f}"}
    return element("line", **ends, class_="way")


def _rank(rank: Rank, x: float, y: float) -> Markup:
    circle = element("circle", cx=f"{x:.1f}", cy=f"{y:.1f}", r=20, class_="rank")
    number = element("text", str(rank), x=f"{x:.1f}", y=f"{y + 4:.1f}", class_="middle")
    return element("g", circle, number)


def _moving(
    message: Carried,
    one: tuple[float, float],
    other: tuple[float, float],
    colour: str,
    pace: float,
) -> Markup:
    """A dot that is seen while its message is on the way; the clock begins it again each time."""
    begin = f"clock.begin+{message.start * pace:.3f}s"
    lasts = f"{max((message.end - message.start) * pace, 0.05):.3f}s"
    moves = (
        element(
            "animate",
            attributeName=name,
            **{"from": f"{start:.1f}", "to": f"{end:.1f}"},
            begin=begin,
            dur=lasts,
        )
        for name, start, end in (("cx", one[0], other[0]), ("cy", one[1], other[1]))
    )
    seen = element("set", attributeName="visibility", to="visible", begin=begin, dur=lasts)
    words = element("title", f"{message.held}; {message.step}")
    return element("circle", words, seen, *moves, r=8, fill=colour, visibility="hidden")


def _clock(seconds: float) -> Markup:
    """What begins anew each time through: a bar that fills."""
    fills = element(
        "animate",
        id="clock",
        attributeName="width",
        **{"from": "0", "to": "608"},
        begin="0s;clock.end+1s",
        dur=f"{seconds:g}s",
    )
    return element("rect", fills, x=16, y=_TOP, width=0, height=4, fill=SERIES[0])
