"""Which points can't be on the Pareto front, before they are run.

front   Pareto fronts of costs
"""

from .front import CostFront, Costs, dominates, pareto

__all__ = ["CostFront", "Costs", "dominates", "pareto"]
