"""What a point's objectives may come to, told before it runs."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from simastra.sweep.columns import COLUMNS, Column, Known, values_before
from simastra.sweep.dataset.own_fields import WALL
from simastra.sweep.study.expressions import ExpressionError
from simastra.sweep.study.objectives import Goal, Objective

from .front import Costs
from .optimism import Worth, shown, worth
from .ranges import ANYTHING, Range, negated

if TYPE_CHECKING:
    from simastra.sweep.study import Setting, Study


class Optimism:
    """Knows between which ends the columns of a point lie that hasn't been run.

    The makespan is its bound or more, and any number for all that is known. What follows from the
    makespan lies beyond what it is at the bound; columns of the study lie where arithmetic with
    such ranges leads; any other column may be anything.

    Args:
        study: whose point it is.
        setting: of its axes.
        known: what is known of it.
    """

    def __init__(self, study: Study, setting: Setting, known: Known) -> None:
        self._study = study
        self._known = known
        self.before: Mapping[str, object] = values_before(known)
        self._scope = study.scope(setting, self.before)
        self._worth: dict[str, Worth] = {}

    def costs(self) -> Costs:
        """The objectives at their best; smaller is better in each."""
        return tuple([self._cost(it) for it in self._study.objectives])

    def of(self, name: str) -> Worth:
        """What a name, or a column, may be worth."""
        if name not in self._worth:  # once, however many columns ask for it
            self._worth[name] = self._of(name)
        return self._worth[name]

    def _of(self, name: str) -> Worth:
        expression = self._study.columns.get(name)
        if expression is not None:
            return worth(expression.tree, self.of)
        column = COLUMNS.get(name)
        if column is not None and self.before[name] is None:
            return _beyond(column, self._known)
        try:
            return shown(self._scope.value(name))
        except (ExpressionError, LookupError):
            return ANYTHING

    def _cost(self, objective: Objective) -> float:
        found = self.of(objective.column)
        known = found if isinstance(found, Range) else ANYTHING
        low = (known if objective.goal is Goal.MIN else negated(known)).low
        # As the table has the study's own columns: what is alike there is a tie.
        return _float(low) if objective.column in self._study.columns else low


def _float(low: float) -> float:
    try:
        return float(low)
    except OverflowError:
        return -math.inf


def _beyond(column: Column, known: Known) -> Range:
    """Where the values of a column lie that follows from the makespan."""
    if column.at is None or column.of_time is None:
        return ANYTHING
    least = column.at(known, known.bound.time)
    if not isinstance(least, int | float):
        return ANYTHING
    return Range(least, math.inf) if column.of_time > 0 else Range(-math.inf, least)


def costs_of(objectives: Iterable[Objective], row: Mapping[str, object]) -> Costs | None:
    """The objectives of a row; smaller is better in each. None where one isn't known."""
    costs: list[float] = []
    for objective in objectives:
        value = row.get(objective.column)
        if not isinstance(value, int | float) or value != value:  # noqa: PLR0124  # NaN
            return None
        costs.append(objective.cost(value))
    return tuple(costs)


def why_nothing_is_pruned(study: Study) -> str | None:
    """Why no point of a study can be left out; None where some may be.

    An objective that may be anything until a point is run keeps every point.
    """
    for objective in study.objectives:
        unknown = _unknown(study, objective.column, set())
        if unknown is not None:
            by = "" if unknown == objective.column else f", which takes {unknown}"
            return (
                "no point can be left out before it runs: nothing is known then of the objective "
                f"{objective.column}{by}; choose objectives that follow from the makespan, or are "
                "known before"
            )
    return None


def _unknown(study: Study, name: str, seen: set[str]) -> str | None:
    """A column that a name takes, and that may be anything before a run."""
    if name in seen:
        return None
    seen.add(name)
    expression = study.columns.get(name)
    if expression is not None:
        found = (_unknown(study, it, seen) for it in sorted(expression.names))
        return next((it for it in found if it is not None), None)
    column = COLUMNS.get(name)
    is_measured = column is not None and column.of_time is None and column.before is None
    return name if is_measured or name == WALL.name else None
