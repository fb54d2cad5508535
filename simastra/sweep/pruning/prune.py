"""Points that can't be on the Pareto front are left out before they run.

A point is left out if another that has been run is no worse in any objective than this one could be
at its best, and better in one. Whatever a run of it came to, it would be dominated; so the front is
that of all points. Where the study asks for each value of some axes, only points alike in these are
compared. Rounds have a fixed number of points, and what is known of others is what rounds
before told: so it is the same with every engine.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, final

from simastra.sweep.columns import PendingPoint
from simastra.sweep.dataset import Field, kind_of
from simastra.sweep.status import Status
from simastra.sweep.study.objectives import Objective

from .best_case import BestCase, costs_of
from .front import CostFront, Costs

if TYPE_CHECKING:
    from simastra.sweep.study import Setting, Study


@final
class Front:
    """The Pareto front of the points that have been run: data, and small in a pickle.

    Args:
        objectives: that count.
        for_each: axes, as columns; only points alike in them are compared: a front for each of
            their values.
    """

    def __init__(self, objectives: Sequence[Objective], for_each: Sequence[Field] = ()) -> None:
        self._objectives = objectives
        self._for_each = for_each
        self._costs: dict[tuple[object, ...], CostFront] = {}

    def tell(self, rows: Iterable[Mapping[str, object]]) -> None:
        """Add the points of rows that were run to the end."""
        for row in rows:
            costs = costs_of(self._objectives, row) if row.get("status") == Status.OK else None
            if costs is not None:
                self._costs.setdefault(self._group(row), CostFront()).add(costs)

    def dominates(self, costs: Costs, setting: Setting) -> bool:
        """Whether a point that is compared with one is no worse in anything, and better in one.

        Args:
            costs: of the one.
            setting: of its axes.
        """
        front = self._costs.get(self._group(setting))
        return front is not None and front.dominates(costs)

    def _group(self, values: Mapping[str, object]) -> tuple[object, ...]:
        """What points that are compared share, of a setting or of a row as it is stored."""
        return tuple(it.stored(values[it.name]) for it in self._for_each)


def new_front(study: Study) -> Front:
    """The front of a study none of whose points has been run."""
    axes = [it for it in study.axes if it.name in study.for_each]
    return Front(study.objectives, [Field(it.name, kind_of(it.values)) for it in axes])


def pruned_columns(
    study: Study, pending: PendingPoint, setting: Setting, front: Front
) -> dict[str, object] | None:
    """Return what the row has of a point that is left out; None for one that has to be run.

    Args:
        study: whose point it is.
        pending: it.
        setting: of its axes.
        front: of points that have been run.
    """
    best = BestCase(study, setting, pending)
    if not front.dominates(best.costs(), setting):
        return None
    return {**best.before, **study.derived(setting, best.before)}
