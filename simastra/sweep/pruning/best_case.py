"""What a point's objectives may come to, told before it runs."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from simastra.sweep.columns import COLUMNS, PendingPoint, SweepColumn, values_before
from simastra.sweep.dataset.own_fields import WALL
from simastra.sweep.study.expressions import ExpressionError
from simastra.sweep.study.objectives import Goal, Objective

from .front import Costs
from .interval_arithmetic import ANYTHING, ValueInterval, negated
from .interval_evaluation import Operand, evaluated, operand

if TYPE_CHECKING:
    from simastra.sweep.study import Setting, Study


class BestCase:
    """What the columns and objectives of a point may come to that hasn't been run, at their best.

    The makespan is its bound or more, and any number for all that is known. What follows from the
    makespan lies beyond what it is at the bound; columns of the study lie where arithmetic with
    such intervals leads; any other column may be anything.

    Args:
        study: whose point it is.
        setting: of its axes.
        pending: the point.
    """

    def __init__(self, study: Study, setting: Setting, pending: PendingPoint) -> None:
        self._study = study
        self._pending = pending
        self.before: Mapping[str, object] = values_before(pending)
        self._scope = study.scope(setting, self.before)
        self._found: dict[str, Operand] = {}

    def costs(self) -> Costs:
        """The objectives at their best; smaller is better in each."""
        return tuple([self._cost(it) for it in self._study.objectives])

    def of(self, name: str) -> Operand:
        """What a name, or a column, may be: an interval, or what is known."""
        if name not in self._found:  # once, however many columns ask for it
            self._found[name] = self._of(name)
        return self._found[name]

    def _of(self, name: str) -> Operand:
        expression = self._study.columns.get(name)
        if expression is not None:
            return evaluated(expression.tree, self.of)
        column = COLUMNS.get(name)
        if column is not None and self.before[name] is None:
            return _beyond(column, self._pending)
        try:
            return operand(self._scope.value(name))
        except (ExpressionError, LookupError):
            return ANYTHING

    def _cost(self, objective: Objective) -> float:
        found = self.of(objective.column)
        known = found if isinstance(found, ValueInterval) else ANYTHING
        low = (known if objective.goal is Goal.MIN else negated(known)).low
        # As the table has the study's own columns: what is alike there is a tie.
        return _float(low) if objective.column in self._study.columns else low


def _float(low: float) -> float:
    try:
        return float(low)
    except OverflowError:
        return -math.inf


def _beyond(column: SweepColumn, pending: PendingPoint) -> ValueInterval:
    """Where the values of a column lie that follows from the makespan."""
    if column.at is None or column.of_time is None:
        return ANYTHING
    least = column.at(pending, pending.bound.time)
    if not isinstance(least, int | float):
        return ANYTHING
    return ValueInterval(least, math.inf) if column.of_time > 0 else ValueInterval(-math.inf, least)


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
