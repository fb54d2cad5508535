"""Which children of NSGA-II are run: those that promise most, by what has come of others.

Of many children, those few are run that a Gaussian process of each objective holds for the best
(Emmerich, Giannakoglou and Naujoks, Single- and Multiobjective Evolutionary Optimization Assisted
by Gaussian Random Field Metamodels, IEEE Trans. Evol. Comput. 10(4), 2006). How good one may be is
its expected value less half a standard deviation; how much that improves the front is the additive
epsilon indicator (Zitzler et al., Performance Assessment of Multiobjective Optimizers, IEEE Trans.
Evol. Comput. 7(2), 2003): by how much the front had to be better to dominate it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from simastra.sweep.pruning import pareto
from simastra.sweep.study.objectives import Objective

from .encoding import Encoding
from .kriging import Kriging, Numbers

CHILDREN_PER_POINT = 8
"""How many are looked at for each that is run."""

_OPTIMISM = 0.5  # standard deviations
_MOST_LEARNT = 96  # of the front, and of the latest points: time grows with their cube
_ROUNDED = 9  # digits: what is closer is a tie, and the first one wins on every machine


class Preselection:
    """Chooses points, of what came of others.

    Args:
        encoding: of the axes.
        objectives: what is wanted.
    """

    def __init__(self, encoding: Encoding, objectives: Sequence[Objective]) -> None:
        self._encoding = encoding
        self._objectives = objectives
        self._scales: list[Sequence[float]] = [()] * len(objectives)

    def chosen(
        self,
        children: Sequence[int],
        wanted: int,
        came: Mapping[int, Sequence[float] | None],
    ) -> list[int]:
        """Those of some points that promise most, the best first.

        Args:
            children: numbers of points.
            wanted: how many of them.
            came: the objectives of points that have been run; None for one that came to nothing.
        """
        known = [it for it in came.values() if it is not None]
        if len(known) < 2 or len(children) <= wanted:  # noqa: PLR2004  # one says nothing
            return list(children[:wanted])
        costs = self._costs(list(came.values()))
        hoped = self._hoped(list(came), costs, children)
        front = costs[pareto([tuple(it) for it in costs.tolist()])]
        found: list[int] = []
        while len(found) < wanted:
            gains = [float((front - it).max(axis=1).min()) for it in hoped]
            gains = [-np.inf if at in found else round(it, _ROUNDED) for at, it in enumerate(gains)]
            found.append(gains.index(max(gains)))
            front = np.vstack([front, hoped[found[-1]]])
        return [children[at] for at in found]

    def _costs(self, came: Sequence[Sequence[float] | None]) -> Numbers:
        """Objectives as costs from 0 to 1; what came to nothing is as bad as the worst.

        Values that are all larger than 0 are taken by their logarithm: times and prices differ by
        factors.
        """
        known = np.array([it for it in came if it is not None], dtype=float)
        columns = []
        for values, objective in zip(known.T, self._objectives, strict=True):
            scaled = np.log(values) if values.min() > 0 else values
            cost = objective.cost(1) * scaled
            columns.append((cost - cost.min()) / (np.ptp(cost) or 1.0))
        told = iter(np.array(columns).T)
        return np.array([np.ones(len(columns)) if it is None else next(told) for it in came])

    def _hoped(self, points: Sequence[int], costs: Numbers, children: Sequence[int]) -> Numbers:
        """What children may come to, at their best."""
        front = pareto([tuple(it) for it in costs.tolist()])[-_MOST_LEARNT:]
        learnt = sorted({*front, *range(len(points))[-_MOST_LEARNT:]})
        places = [self._encoding.places(points[at]) for at in learnt]
        asked = [self._encoding.places(it) for it in children]
        columns = []
        for at in range(len(self._objectives)):
            model = Kriging(self._encoding, places, costs[learnt, at], self._scales[at])
            self._scales[at] = model.scales
            mean, deviation = model.at(asked)
            columns.append(mean - _OPTIMISM * deviation)
        return np.array(columns).T
