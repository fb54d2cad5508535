"""NPUs that did the same: a large run has many, and each kind need be looked at only once."""

from __future__ import annotations

from collections.abc import Hashable

from simastra.result import Result
from simastra.simulation.scenario import Scenario

Likeness = Hashable
"""Equal for NPUs that did the same at the same times."""


def likenesses(scenario: Scenario, result: Result) -> list[Likeness]:
    """Return a likeness for each NPU; where representatives are known, no record is looked at."""
    npus = range(scenario.platform.npus)
    if result.representative is not None:
        return [result.representative(npu) for npu in npus]
    found: dict[Hashable, int] = {}
    return [
        found.setdefault(
            (
                id(scenario.programs[npu].template),
                tuple([(it.node, it.issued, it.finished) for it in result.nodes[npu]]),
            ),
            npu,
        )
        for npu in npus
    ]
