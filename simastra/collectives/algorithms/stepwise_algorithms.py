"""The algorithms that go step by step by their names, alone or as levels of a hierarchical one."""

from simastra.collectives.registry import ALGORITHMS
from simastra.collectives.stepwise import StepwiseAlgorithm

STEPWISE_ALGORITHMS: dict[str, StepwiseAlgorithm] = {
    name: entry.plain
    for name, entry in ALGORITHMS.items()
    if isinstance(entry.plain, StepwiseAlgorithm) and entry.find_options is None
}
"""Those that need be told no more than their name."""
