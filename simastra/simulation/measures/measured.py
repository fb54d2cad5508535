"""Metrics and bound of a result, computed when somebody asks."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from simastra.deferred import deferred
from simastra.result import Result
from simastra.simulation.scenario import Scenario

if TYPE_CHECKING:
    from simastra.metrics import Band, Bound, Metrics
    from simastra.metrics import metrics as known

    from . import computing
else:  # most runs are never asked
    known = deferred("simastra.metrics.metrics")
    computing = deferred("simastra.simulation.measures.computing")


class ScenarioMeasures:
    """What the result of a scenario is worth.

    Args:
        scenario: what has been simulated.
        result: what came of it.
    """

    def __init__(self, scenario: Scenario, result: Result) -> None:
        self._given = scenario, result

    @cached_property
    def metrics(self) -> Metrics:
        """What the run is worth."""
        return self._computing.metrics()

    @cached_property
    def bound(self) -> Bound:
        """What it can't be faster than."""
        return self._computing.bound()

    @property
    def band(self) -> Band | None:
        """None: who simulates adds it where there is one (`simastra.simulation.banded`)."""
        return None

    @cached_property
    def _computing(self) -> computing.Computing:
        return computing.Computing(*self._given)

    def __reduce__(self) -> tuple[object, ...]:
        # Its scenario need not go with a result.
        return known.KnownMeasures, (self.metrics, self.bound, self.band)


def measured(scenario: Scenario, result: Result) -> Result:
    """Return a result that can say what it is worth; arguments as of `ScenarioMeasures`."""
    return replace(result, measures=ScenarioMeasures(scenario, result))
