"""Where the time went: each NPU's costs, and the critical path."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from simastra.palette.categories import colours_of
from simastra.units import Ns
from simastra.view.html import Markup, element, joined, page_table, part_note
from simastra.view.phrases import part_words, time_words
from simastra.view.table import Cell, Table, left, right

from .contents import PageContents, PathStep

_MOST_STEPS = 500
_TIMES = right("from, ns", "to, ns", "lasts, ns")


def attribution(contents: PageContents) -> Markup:
    """For each NPU a bar of what its time went to, with the numbers beside it."""
    kinds = list(dict.fromkeys(kind for it in contents.attribution.values() for kind in it))
    colours = colours_of(kinds)
    legend = (
        element("span", element("i", style=f"background:{colours[kind]}"), kind) for kind in kinds
    )
    longest = max((sum(it.values()) for it in contents.attribution.values()), default=0)
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            str(npu),
            _stack(parts, longest, colours),
            sum(parts.values()),
            *(parts.get(kind, 0) for kind in kinds),
        )
        for npu, parts in sorted(contents.attribution.items())
    )
    drawn = page_table(Table((*left("NPU", "time"), *right("all, ns", *kinds)), rows))
    return joined(element("div", *legend, class_="legend"), element("div", drawn, class_="scroll"))


def _stack(parts: Mapping[str, Ns], longest: Ns, colours: Mapping[str, str]) -> Markup:
    whole = sum(parts.values())
    pieces = (
        element(
            "i",
            style=f"background:{colours[kind]};width:{100 * time / longest:.3f}%",
            title=f"{kind}: {time:,} ns, {part_words(time, whole)}",
        )
        for kind, time in parts.items()
        if time > 0
    )
    return element("div", *pieces, class_="stack")


def critical_path(contents: PageContents) -> Markup:
    """The steps that the end waited for; added up by what they are, and by node."""
    steps = contents.critical_path
    whole = sum(map(_duration, steps))
    totals = tuple(
        (what, time_words(time), part_words(time, whole)) for what, time in _sums(steps).items()
    )
    rows = tuple(
        (
            None if step.npu is None else str(step.npu),
            step.node,
            step.what,
            step.detail,
            step.start,
            step.end,
            _duration(step),
        )
        for step in steps[:_MOST_STEPS]
    )
    columns = (*left("NPU", "node", "what", "detail"), *_TIMES)
    return joined(
        page_table(Table((*left("what"), *right("time", "part")), totals)),
        element("h3", "Node by node"),
        *_by_node(steps),
        element("h3", "Step by step"),
        *part_note(len(rows), len(steps), "steps", "the first"),
        element("div", page_table(Table(columns, rows)), class_="scroll"),
    )


def _by_node(steps: Sequence[PathStep]) -> tuple[Markup, ...]:
    """The path in stretches of one node each, on whatever NPUs, with what they consist of."""
    stretches = [list(stretch) for _, stretch in groupby(steps, key=lambda step: step.node)]
    longest = sorted(stretches, key=lambda it: (it[0].start - it[-1].end, it[0].start))
    shown = sorted(longest[:_MOST_STEPS], key=lambda it: it[0].start)
    rows = tuple(
        (
            stretch[0].node or None,
            ", ".join(f"{what} {time:,}" for what, time in _sums(stretch).items()),
            stretch[0].start,
            stretch[-1].end,
            stretch[-1].end - stretch[0].start,
        )
        for stretch in shown
    )
    columns = (*left("node", "of which, in ns"), *_TIMES)
    return (
        *part_note(len(rows), len(stretches), "stretches", "the longest"),
        element("div", page_table(Table(columns, rows)), class_="scroll"),
    )


def _sums(steps: Iterable[PathStep]) -> dict[str, Ns]:
    """How long the steps of each kind last, longest first."""
    sums: dict[str, Ns] = {}
    for step in steps:
        sums[step.what] = sums.get(step.what, 0) + _duration(step)
    return dict(sorted(sums.items(), key=lambda it: (-it[1], it[0])))


def _duration(step: PathStep) -> Ns:
    return step.end - step.start
