"""Bars of both runs, one above the other in one scale of time, as SVG that a slider makes wider."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from simastra.units import Ns
from simastra.view.bars import Bar
from simastra.view.html import Markup, element
from simastra.view.human import human_time

from .lanes import Group, LabelledLane, shades_by_kind

_WIDTH = 4000
"""Of a strip, in units of its own: it is as wide as the page is."""

_MOST_BARS = 5000
"""Of all lanes: the page stays small, and zooming quick."""

_FEWEST_COLUMNS = 125

_MOST_TICKS = 10

_LAST_LABEL = 0.94
"""Of the scale: further to the right, a label would be cut off."""


def strips(groups: Sequence[Group], end: Ns, name: str) -> Markup:
    """The lanes of groups, with a scale, a legend and a slider.

    Args:
        groups: of lanes.
        end: of the scale, in ns.
        name: what is drawn; of the elements, too.
    """
    kinds = dict.fromkeys(bar.kind for group in groups for lane in group.lanes for bar in lane.bars)
    colours = {kind: shades.css for kind, shades in shades_by_kind(kinds).items()}
    legend = (
        element("li", element("i", style=f"background:{colours[kind]}"), kind) for kind in kinds
    )
    slider = element(
        "input", type="range", min=0, max=6, step=0.25, value=0, class_="zoom", id=f"{name}-zoom"
    )
    least = _shortest(groups, end)
    drawn = (part for group in groups for part in _group(group, end, least, colours))
    inner = element("div", _scale(end), *drawn, class_="wide")
    label = f"{name.replace('-', ' ')} of A and B in one scale, to be scrolled in time"
    return element(
        "div",
        element("ul", *legend, class_="legend"),
        element("label", "zoom ", slider, class_="controls"),
        element("div", inner, class_="strips", tabindex=0, role="region", aria_label=label),
        id=name,
    )


def _shortest(groups: Sequence[Group], end: Ns) -> float:
    """How long bars must be to be drawn apart, in ns, so that they aren't too many."""
    columns = _WIDTH
    lanes = [lane.bars for group in groups for lane in group.lanes]
    while columns > _FEWEST_COLUMNS:
        least = max(end, 1) / columns
        if sum(len(list(together(bars, least, end))) for bars in lanes) <= _MOST_BARS:
            break
        columns //= 2
    return max(end, 1) / columns


def _group(group: Group, end: Ns, least: float, colours: Mapping[str, str]) -> Iterator[Markup]:
    if group.name:
        yield element("h3", group.name)
    for lane in group.lanes:
        yield _lane(lane, group.name, end, least, colours)


def _lane(
    lane: LabelledLane, whose: str, end: Ns, least: float, colours: Mapping[str, str]
) -> Markup:
    until = max((bar.until(end) for bar in lane.bars), default=0)
    words = ", ".join(filter(None, (whose, lane.name, f"run {lane.run}, to {human_time(until)}")))
    unit = max(end, 1) / _WIDTH
    pieces = (
        element(
            "rect",
            element("title", told),
            x=f"{bar.start / unit:.2f}",
            width=f"{max((bar.until(end) - bar.start) / unit, 0.2):.2f}",
            y=0,
            height=1,
            style=f"fill:{colours[bar.kind]}",
        )
        for bar, told in fitted(lane.bars, least, end)
    )
    drawn = element(
        "svg",
        *pieces,
        viewBox=f"0 0 {_WIDTH} 1",
        preserveAspectRatio="none",
        role="img",
        aria_label=words,
    )
    title = f"{lane.run} {lane.name}".strip()
    return element("div", element("span", title, class_="who"), drawn, class_="lane")


def fitted(bars: Sequence[Bar], least: float, end: Ns) -> Iterator[tuple[Bar, str]]:
    """Bars that can be seen, each with its words; short ones that follow each other as one.

    Args:
        bars: in order of their start, none overlapping another.
        least: how long a bar must be to be drawn by itself, in ns.
        end: when those end that never did.
    """
    for group in together(bars, least, end):
        first = group[0]
        if len(group) == 1:
            yield first, _words(first, end)
            continue
        times: dict[str, Ns] = {}
        for bar in group:
            times[bar.kind] = times.get(bar.kind, 0) + bar.until(end) - bar.start
        kind = max(times, key=lambda it: times[it])
        name = f"{len(group):,} from {first.name} on"
        whole = Bar(first.npu, first.id, name, kind, first.start, group[-1].end)
        yield whole, _words(whole, end)


def together(bars: Sequence[Bar], least: float, end: Ns) -> Iterator[list[Bar]]:
    """Those that are drawn as one: short ones that begin within `least` ns, or a single one."""
    short: list[Bar] = []
    for bar in bars:
        is_short = bar.until(end) - bar.start < least
        if short and (not is_short or bar.start - short[0].start >= least):
            yield short
            short = []
        if is_short:
            short.append(bar)
        else:
            yield [bar]
    if short:
        yield short


def _words(bar: Bar, end: Ns) -> str:
    time = bar.until(end) - bar.start
    return f"{bar.name}: {bar.kind}, {human_time(time)} ({time:,} ns) from {bar.start:,} ns"


def _scale(end: Ns) -> Markup:
    """Ticks above the lanes."""
    ticks = (
        element(
            "span",
            human_time(time),
            style=f"left:{100 * time / max(end, 1):.3f}%",
            class_="odd" if place % 2 else None,
        )
        for place, time in enumerate(tick_times(end))
        if time <= end * _LAST_LABEL
    )
    return element("div", *ticks, class_="scale-of-time", aria_hidden="true")


def tick_times(end: Ns) -> Iterable[Ns]:
    """Round times from 0 on, `_MOST_TICKS` at most.

    >>> list(tick_times(117780))
    [0, 20000, 40000, 60000, 80000, 100000]
    """
    step, factors = 1, (2, 2.5, 2)
    while end / step > _MOST_TICKS:
        for factor in factors:
            step = int(step * factor)
            if end / step <= _MOST_TICKS:
                break
    return range(0, end, step)
