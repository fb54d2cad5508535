"""What is best: points, the Pareto front, and how to have the inputs of one of them as files."""

from __future__ import annotations

from collections.abc import Iterator

from simastra.sweep.results import SweepResults
from simastra.sweep.values import is_numeric
from simastra.view.table import Column, Table

from .summary import shown_value

_MOST_ROWS = 20


def best_lines(results: SweepResults) -> Iterator[str]:
    """The best point in each objective: of all, or for each value of the axes that it is asked for.

    Args:
        results: of the sweep.
    """
    if len(together := results.over_seeds()) < len(results):
        yield from _over_seeds(results, together)
    for objective, goal in results.objectives.items():
        best = results.best_of_each(objective)
        if not len(best):
            continue
        if results.for_each:
            yield f"best {objective} ({goal}){_for_each(results)}"
            yield from _table(best)
            continue
        row = next(best.rows())
        value = " \u2013 ".join(shown_value(it, row[it]) for it in _in_order(best, objective))
        yield f"best {objective} ({goal}): {value}, point {row['point']}"
        yield f"  {', '.join(f'{name}={row[name]}' for name in results.axes)}"


def _over_seeds(results: SweepResults, together: SweepResults) -> Iterator[str]:
    """What is best over all seeds: a single best point may only have been lucky."""
    for objective, goal in results.objectives.items():
        best = together.best_of_each(objective)
        if len(best):
            row = next(best.rows())
            value = shown_value(objective, row[objective])
            setting = ", ".join(f"{name}={row[name]}" for name in together.axes)
            of = f"{results.statistic} of {row['repeats']} seeds"
            yield f"best {objective} ({goal}), {of}: {value}{', ' if setting else ''}{setting}"


def _in_order(best: SweepResults, objective: str) -> list[str]:
    """An objective's column between those of the edges of its band, if it has one."""
    name, *edges = best.with_band(objective)
    return [*edges[:1], name, *edges[1:]]


def files_line(results: SweepResults) -> Iterator[str]:
    """How a point becomes the files that other commands take, if any is the best.

    Args:
        results: of the sweep.
    """
    if results.front_places:
        yield f"a point's system, network and traces as files: {results.replay} POINT --inputs DIR"


def front_lines(results: SweepResults) -> Iterator[str]:
    """The front, where there are several objectives; with one, it is the best point.

    Args:
        results: of the sweep.
    """
    front = results.front()
    if len(results.objectives) > 1 and len(front):
        yield f"Pareto front of {' and '.join(results.objectives)}{_for_each(results)}"
        yield from _table(front)


def _for_each(results: SweepResults) -> str:
    return f" for each {' and '.join(results.for_each)}" if results.for_each else ""


def _table(part: SweepResults) -> Iterator[str]:
    names = ("point", *part.axes, *part.objective_columns)
    rows = [tuple(part.words(name, row[name]) for name in names) for row in part.rows()]
    heads = tuple(Column(name, is_numeric(part.columns[name])) for name in names)
    for line in Table(heads, tuple(rows[:_MOST_ROWS])).lines():
        yield f"  {line}"
    if len(rows) > _MOST_ROWS:
        yield f"  and {len(rows) - _MOST_ROWS:,} more"
