"""The first screen: how many points there are, which are the best, and how far to trust that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from simastra.sweep.results import SweepResults
from simastra.sweep.status import Status
from simastra.sweep.values import point_count
from simastra.view.html import Markup, element, part_note
from simastra.view.phrases import listed

from .best_of_each import best_of_each

_STATUSES: Mapping[str, str] = {
    Status.OK: "finished",
    Status.DEADLOCK: "can't finish",
    Status.ERROR: "can't run",
    Status.PRUNED: "pruned",
}
_NEAR = 0.1  # per cent: what is nearer is hardly another value
_MOST_TIES, _MOST_ERRORS = 4, 8


class Tile(NamedTuple):
    """A number of the first screen: what it is, its value, and lines about it."""

    name: str
    value: str
    asides: Sequence[str] = ()
    place: int | None = None


def headline(results: SweepResults, places: Sequence[int]) -> Iterator[Markup]:
    """The answer; `places` are the rows of the points that are on the page."""
    yield element("h1", results.title)
    yield element("p", " · ".join(_asked(results)), class_="subtitle")
    tiles = [_drawn(tile, places) for tile in _tiles(results)]
    yield element(
        "div",
        element("div", *_counted(results), class_="lead"),
        *((element("dl", *tiles, class_="tiles"),) if tiles else ()),
        class_="answer",
    )
    yield from best_of_each(results, places)
    yield from part_note(len(places), len(results), "points", "the best among them")
    yield from _kept_from_running(results)


def _asked(results: SweepResults) -> Iterator[str]:
    for name in results.axes:
        count = len({str(it) for it in results.columns.get(name, ())})
        yield f"{name} ({count})"


def _counted(results: SweepResults) -> Iterator[Markup]:
    counts = results.counts
    said = [f"{count:,} {_STATUSES.get(it, it)}" for it, count in counts.items()]
    yield element("p", "Points", class_="eyebrow")
    yield element("p", f"{len(results):,}", class_="step")
    yield element("p", ", ".join(said), class_="dim")


def _tiles(results: SweepResults) -> Iterator[Tile]:
    for objective, goal in () if results.for_each else results.objectives.items():
        best = results.best_places(objective)
        if best:
            yield _best(results, objective, goal, best)
    front = len(results.front_places)
    if len(results.objectives) > 1 and front:
        alike = front - len(set(_front_values(results)))
        ties = f"{alike:,} of them like another one in all objectives" if alike else ""
        each = f", for each {' and '.join(results.for_each)}" if results.for_each else ""
        names = f"of {', '.join(results.objectives)}{each}"
        yield Tile("Pareto front", point_count(front), (names, ties))


def _front_values(results: SweepResults) -> Iterator[tuple[str, ...]]:
    names = (*results.for_each, *results.objectives)
    for row in results.front().rows():
        yield tuple(str(row[it]) for it in names)


def _best(results: SweepResults, objective: str, goal: str, best: Sequence[int]) -> Tile:
    value = results.columns[objective][best[0]]
    asides = (
        results.point_words(best[0]),
        _band(results, objective, best[0]),
        _ties(results, best),
        _next_best(results, objective, goal),
        *_scatter(results, objective),
    )
    return Tile(
        f"{'Most' if goal == 'max' else 'Least'} {objective}",
        results.words(objective, value),
        asides,
        best[0],
    )


def _band(results: SweepResults, objective: str, place: int) -> str:
    """Between what a calibrated value is expected to lie."""
    _, *edges = results.with_band(objective)
    if not edges or results.columns[edges[0]][place] is None:
        return ""
    low, high = (results.words(it, results.columns[it][place]) for it in edges)
    return f"90 % band: {low} to {high}"


def _ties(results: SweepResults, best: Sequence[int]) -> str:
    if len(best) == 1:
        return ""
    numbers = results.columns.get("number", range(len(results)))
    others = listed([numbers[at] for at in best], _MOST_TIES)
    return f"{len(best):,} points share it: {others}"


def _next_best(results: SweepResults, objective: str, goal: str) -> str:
    """How far the next value is from the best one."""
    numbers = {it for it in results.numbers(objective) if it is not None}
    first, *rest = sorted(numbers, reverse=goal == "max")[:2]
    if not rest or not first:
        return ""
    part = 100 * abs(rest[0] - first) / abs(first)
    less = "less" if goal == "max" else "more"
    if part < _NEAR:
        return f"the next value is within {_NEAR} %"
    return f"the next value is {part:,.1f} % {less}"


def _scatter(results: SweepResults, objective: str) -> Iterator[str]:
    """How far seeds move it, and what is best on average over them."""
    found = results.scatter(objective)
    if found is None:
        return
    mean, most = 100 * found.mean, 100 * found.most
    yield f"seeds make it range over {mean:.2g} % on average, {most:.2g} % at the most"
    fixed = [name for name in results.axes if name not in results.seeds]
    setting = results.setting_words(found.best.places[0], fixed)
    words = results.words(objective, found.best.mean)
    yield f"best on average over seeds: {words}{', ' if setting else ''}{setting}"


def _drawn(tile: Tile, places: Sequence[int]) -> Markup:
    value: str = tile.value
    if tile.place is not None:
        value = element("a", tile.value, href="#chosen", data_place=places.index(tile.place))
    return element(
        "div",
        element("dt", tile.name),
        element("dd", value, class_="value"),
        *(element("dd", it, class_="dim") for it in tile.asides if it),
    )


def _kept_from_running(results: SweepResults) -> Iterator[Markup]:
    """What kept points from running or finishing, the commonest first."""
    errors: dict[str, int] = {}
    for words in results.columns.get("error", ()):
        if words:
            told = _ends(words)
            errors[told] = errors.get(told, 0) + 1
    if not errors:
        return
    ordered = sorted(errors.items(), key=lambda it: -it[1])
    items = (
        element("li", element("b", f"{count:,}\u00d7 "), words)
        for words, count in ordered[:_MOST_ERRORS]
    )
    yield element("h2", "What kept points from running")
    yield from part_note(min(len(ordered), _MOST_ERRORS), len(ordered), "messages", "the commonest")
    yield element("ul", *items, class_="errors")


def _ends(words: str) -> str:
    """The first line of a message, and its last: of a deadlock, what is probably wrong."""
    first, *rest = words.splitlines()
    return f"{first} \u2026 {rest[-1].strip()}" if rest else first
