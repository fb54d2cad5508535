"""From A's makespan to B's: a bar for each cause that differs, where the one before it ended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from simastra.difference import Difference
from simastra.difference.tables import signed, signed_part
from simastra.palette.categories import shades_of
from simastra.units import Ns
from simastra.view.colours import Shades
from simastra.view.html import Markup, element, joined
from simastra.view.human import human_difference, human_time

_TOTAL = Shades("#586274", "#9aa5b6")
_SMALL = 0.2
"""Where the bars' ends are within that part of the longest, the axis doesn't begin at 0."""


class WaterfallBar(NamedTuple):
    """A bar: its name, where it begins and ends in ns, its colour; whether it is a makespan."""

    name: str
    start: Ns
    end: Ns
    shades: Shades
    is_whole: bool


def waterfall(difference: Difference) -> Markup:
    """The bars as a table, with the numbers beside them."""
    steps = list(steps_of(difference))
    begin, end = _axis(steps)
    rows = (_row(it, begin, end, difference.a.makespan) for it in steps)
    heads = (("cause", None), ("bar", None), ("time", "number"), ("of A", "number"))
    note = (
        (element("p", f"The bars begin at {human_time(begin)}.", class_="note"),) if begin else ()
    )
    return joined(
        *note,
        element(
            "table",
            element("caption", "From A to B, cause by cause", class_="unseen"),
            element(
                "thead",
                element("tr", *(element("th", it, scope="col", class_=kind) for it, kind in heads)),
            ),
            element("tbody", *rows),
            class_="waterfall",
        ),
    )


def steps_of(difference: Difference) -> Iterator[WaterfallBar]:
    """A, the causes that differ, what B takes longer for first, and B."""
    changes = sorted(difference.by_cause, key=lambda it: -it.difference)
    causes = [it.what.value for it in changes if it.what is not None]
    shades = shades_of(causes)
    place = difference.a.makespan
    yield WaterfallBar("A", 0, place, _TOTAL, is_whole=True)
    for change in changes:
        if change.what is not None and change.difference:
            after = place + change.difference
            yield WaterfallBar(
                change.what.value, place, after, shades[change.what.value], is_whole=False
            )
            place = after
    yield WaterfallBar("B", 0, place, _TOTAL, is_whole=True)


def _axis(steps: Sequence[WaterfallBar]) -> tuple[Ns, Ns]:
    """Where the axis begins and ends."""
    ends = [step.end for step in steps]
    least, most = min(ends), max(ends)
    if most - least < _SMALL * most:
        return max(0, least - max(1, (most - least) // 2)), max(most, 1)
    return 0, max(most, 1)


def _row(step: WaterfallBar, begin: Ns, end: Ns, whole: Ns) -> Markup:
    low, high = max(min(step.start, step.end), begin), max(step.start, step.end)
    span = max(end - begin, 1)
    bar = element(
        "i",
        style=f"left:{100 * (low - begin) / span:.3f}%;width:{100 * (high - low) / span:.3f}%;"
        f"background:{step.shades.css}",
    )
    time = step.end - step.start
    exact = f"{step.end:,} ns" if step.is_whole else f"{signed(time)} ns"
    told = human_time(step.end) if step.is_whole else human_difference(time)
    return element(
        "tr",
        element("th", step.name, scope="row"),
        element("td", bar, class_="bar", aria_hidden="true"),
        element("td", told, class_="number", title=exact),
        element("td", "" if step.is_whole else signed_part(time, whole), class_="number"),
        class_="whole" if step.is_whole else None,
    )
