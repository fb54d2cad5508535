"""Lanes of what NPUs did along time, and bars of what their time went to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from simastra.palette.categories import shades_of
from simastra.palette.kinds import KINDS
from simastra.report.difference_page.strips import tick_times
from simastra.report.page import PageContents
from simastra.report.page.cause_bars import all_costs
from simastra.report.page.causes import fared_alike
from simastra.report.page.lanes import PageLane, Piece, by_npu, fitted, node_lanes
from simastra.report.page.words import npu_words, share_words
from simastra.units import Ns
from simastra.view.alike import alike
from simastra.view.html import Markup, element
from simastra.view.human import human_time
from simastra.view.phrases import part_shown
from simastra.workload import Activity

from .drawn import INSIDE, LEFT, LETTER, Drawn, at, class_of

_HEIGHT, _GAP = 15, 3  # of a lane, and below it
_BETWEEN = 5  # groups of lanes
_TEXT = 11.5  # from the top of a lane down to the line that its words stand on
_MOST_GROUPS = 16
_MOST_PIECES = 500  # of all lanes: short ones that follow each other are joined
_LEAST = 0.5  # pixels: what is shorter can't be seen


def draw_lanes(contents: PageContents, drawn: Drawn) -> None:
    """What NPUs did, those that did the same at the same times once, and a scale below it."""
    end = max(contents.duration, 1)
    result = contents.result
    lanes = node_lanes(contents.simulation, result, contents.records, end)
    shown = fitted(lanes, end, _MOST_PIECES).lanes
    groups = alike(_rows(own) for own in by_npu(shown, len(result.nodes)))
    top, below = drawn.y, len(drawn.parts)
    for rows, npus in list(groups.items())[:_MOST_GROUPS]:
        drawn.parts.append(_who(npu_words(npus), drawn.y))
        for pieces in rows or ((),):
            drawn.parts += _lane(pieces, end, drawn)
            drawn.y += _HEIGHT + _GAP
        drawn.y += _BETWEEN
    drawn.parts[below:below] = _scale(end, top, drawn.y)
    drawn.y += _HEIGHT + _GAP
    _tell_part(len(groups), "lanes", drawn)


def _rows(lanes: Sequence[PageLane]) -> tuple[tuple[Piece, ...], ...]:
    """The pieces of an NPU's lanes, those of communication below the others."""
    ordered = sorted(lanes, key=lambda it: it.name.startswith(Activity.COMMUNICATION))
    return tuple(tuple(it.pieces) for it in ordered)


def _lane(pieces: Sequence[Piece], end: Ns, drawn: Drawn) -> Iterator[Markup]:
    for piece in pieces:
        until = end if piece.end is None else piece.end
        left, width = INSIDE * piece.start / end, INSIDE * (until - piece.start) / end
        if width < _LEAST:
            continue
        drawn.shades.setdefault(piece.kind.value, KINDS[piece.kind])
        ending = "never ends" if piece.end is None else f"to {human_time(until)}"
        name = piece.name if piece.nodes == 1 else f"{piece.nodes:,} from {piece.name} on"
        words = f"{name}: {piece.kind.value}, from {human_time(piece.start)} {ending}"
        look = f"{class_of(piece.kind.value)}{'' if piece.end is not None else ' endless'}"
        box = _box(LEFT + left, drawn.y, width, look, words)
        yield element("g", box, *_inside(piece, left, width, drawn.y))


def _inside(piece: Piece, left: float, width: float, y: float) -> Iterator[Markup]:
    """The name of a piece that is long enough for it and stands for one node."""
    said = piece.name if piece.end is not None else f"{piece.name}: never ends"
    if piece.nodes == 1 and width > LETTER * len(said) + 8:
        look = "inside" if piece.end is not None else "beside"
        yield element("text", said, x=at(LEFT + left + 4), y=at(y + _TEXT), class_=look)


def _scale(end: Ns, top: float, bottom: float) -> Iterator[Markup]:
    for time in tick_times(end):
        x = at(LEFT + INSIDE * time / end)
        yield element("line", x1=x, x2=x, y1=at(top - 4), y2=at(bottom), class_="tick")
        yield element("text", human_time(time), x=x, y=at(bottom + _TEXT), class_="time")


def draw_causes(contents: PageContents, drawn: Drawn) -> None:
    """What the time went to: a bar for each of the NPUs that fared differently."""
    costs = all_costs(contents)
    if not costs:
        return
    drawn.shades |= {name: it for name, it in shades_of(costs).items() if name not in drawn.shades}
    drawn.y += _HEIGHT + _GAP
    words = "what the time went to"
    drawn.parts.append(element("text", words, x=16, y=at(drawn.y + _TEXT), class_="head"))
    drawn.y += _HEIGHT + _GAP + _BETWEEN
    groups = fared_alike(contents.attribution, list(costs))
    longest = max(1, *map(sum, groups))
    for times, npus in list(groups.items())[:_MOST_GROUPS]:
        drawn.parts.append(_who(npu_words(npus), drawn.y))
        drawn.parts += _stack(list(costs), times, longest, drawn.y)
        drawn.y += _HEIGHT + _GAP
    _tell_part(len(groups), "bars", drawn)


def _stack(causes: Sequence[str], times: Sequence[Ns], longest: Ns, y: float) -> Iterator[Markup]:
    x, whole = float(LEFT), sum(times)
    for cause, time in zip(causes, times, strict=True):
        width = INSIDE * time / longest
        if width >= _LEAST:
            share = share_words(time, whole)
            yield _box(x, y, width, class_of(cause), f"{cause}: {human_time(time)}, {share}")
            if width > LETTER * len(share) + 8:
                yield element("text", share, x=at(x + 4), y=at(y + _TEXT), class_="inside")
        x += width


def _tell_part(groups: int, what: str, drawn: Drawn) -> None:
    part = part_shown(min(groups, _MOST_GROUPS), groups, what, "the first")
    if part:
        drawn.parts.append(element("text", part, x=16, y=at(drawn.y + _TEXT), class_="note"))
        drawn.y += _HEIGHT + _GAP


def _who(words: str, y: float) -> Markup:
    return element("text", words, x=LEFT - 8, y=at(y + _TEXT), class_="who")


def _box(x: float, y: float, width: float, look: str, words: str) -> Markup:
    title = element("title", words)
    return element("rect", title, x=at(x), y=at(y), width=at(width), height=_HEIGHT, class_=look)
