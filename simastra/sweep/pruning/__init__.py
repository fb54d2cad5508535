"""Which points can't be on the Pareto front, told before they run.

prune                Front: of the points that have been run; `pruned_columns`
best_case            what the objectives of a point may come to at their best
interval_evaluation  of expressions; interval_arithmetic: what is done to intervals
front                Pareto fronts of costs
"""

from .best_case import why_nothing_is_pruned
from .front import CostFront, Costs, dominates, pareto
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
