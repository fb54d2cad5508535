"""About how much work a scenario is event by event: whether a shortcut is worth trying."""

from __future__ import annotations

from collections import Counter

from simastra.simulation.scenario import Scenario
from simastra.workload import CollectiveOperation, Operation

MODERATE_WORK = 250_000
"""Up to here, a second or so event by event, ASTRA-sim's order is worth more than a shortcut."""

LITTLE_WORK = 50_000
"""Fewer messages and nodes than this take a fifth of a second or so event by event."""


def work(scenario: Scenario) -> int:
    """About how many messages and ET nodes there are, over all NPUs.

    Every collective is taken for an all-reduce by rings, which is more than most send.
    """
    uses = Counter(map(id, scenario.programs))
    distinct = {id(program): program for program in scenario.programs}
    return sum(
        uses[key] * sum(_messages(operation, scenario) for operation in program.operations)
        for key, program in distinct.items()
    )


def _messages(operation: Operation, scenario: Scenario) -> int:
    if not isinstance(operation, CollectiveOperation):
        return 1
    platform = scenario.platform
    steps = sum(2 * (npus - 1) for npus in platform.network.npus_count)
    return 1 + platform.system.preferred_dataset_splits * steps
