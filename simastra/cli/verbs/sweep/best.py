"""What is best, as tables: the Pareto front, or the best for each value of an axis."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from simastra.sweep.results import SweepResults
from simastra.sweep.values import is_numeric
from simastra.view.table import Column, Table

_MOST_ROWS = 20


def front_lines(results: SweepResults) -> Iterator[str]:
    """The front, where there are several objectives; with one, it is the best point.

    Args:
        results: of the sweep.
    """
    front = results.front()
    if len(results.objectives) > 1 and len(front):
        yield from _front(results, [front], "")


def lines_for_each(results: SweepResults, axis: str) -> Iterator[str]:
    """The best in each objective for each value of an axis, and the front of each.

    Args:
        results: of the sweep.
        axis: whose values are not compared with each other.
    """
    parts = list(results.by(axis).values())
    for objective, goal in results.objectives.items():
        yield f"best {objective} ({goal}) for each {axis}"
        yield from _table(results, [it.at(_first_best(it, objective)) for it in parts])
    if len(results.objectives) > 1:
        yield from _front(results, [it.front() for it in parts], f" for each {axis}")


def _first_best(part: SweepResults, objective: str) -> list[int]:
    """Of the points that share the best value, the first that is on the front."""
    shared = part.best_places(objective)
    front = set(part.front_places)
    return [it for it in shared if it in front][:1] or shared[:1]


def _front(results: SweepResults, parts: Sequence[SweepResults], which: str) -> Iterator[str]:
    yield f"Pareto front of {' and '.join(results.objectives)}{which}"
    yield from _table(results, parts)


def _table(results: SweepResults, parts: Sequence[SweepResults]) -> Iterator[str]:
    """Rows of points, with their units as the whole sweep has them."""
    names = ("point", *results.axes, *(it for it in results.objectives if it not in results.axes))
    rows = [
        tuple(results.words(name, row[name]) for name in names)
        for part in parts
        for row in part.rows()
    ]
    heads = tuple(Column(name, is_numeric(results.columns[name])) for name in names)
    for line in Table(heads, tuple(rows[:_MOST_ROWS])).lines():
        yield f"  {line}"
    if len(rows) > _MOST_ROWS:
        yield f"  and {len(rows) - _MOST_ROWS:,} more"
