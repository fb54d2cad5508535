"""Which points can't be on the Pareto front, told before they run.

prune       Front: of the points that have been run; `pruned_columns`
objectives  what the objectives of a point may come to at their best
optimism    what an expression may be worth where names are known only as ranges; ranges: arithmetic
front       Pareto fronts of costs
"""

from .front import CostFront, Costs, dominates, pareto
from .objectives import why_nothing_is_pruned
from .prune import Front, new_front, pruned_columns

__all__ = [
    "CostFront",
    "Costs",
    "Front",
    "dominates",
    "new_front",
    "pareto",
    "pruned_columns",
    "why_nothing_is_pruned",
]
