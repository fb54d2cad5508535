"""Metrics and bound of a result, computed when somebody asks."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from simastra.deferred import deferred
from simastra.result import Result
from simastra.simulation.experiment import Experiment

if TYPE_CHECKING:
    from simastra.metrics import Band, Bound, Metrics
    from simastra.metrics import metrics as known

    from . import computing
else:  # most runs are never asked
    known = deferred("simastra.metrics.metrics")
    computing = deferred("simastra.simulation.measures.computing")


class ExperimentMeasures:
    """What the result of an experiment is worth.

    Args:
        experiment: what has been simulated.
        result: what came of it.
    """

    def __init__(self, experiment: Experiment, result: Result) -> None:
        self._given = experiment, result

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
        # Its experiment need not go with a result.
        return known.KnownMeasures, (self.metrics, self.bound, self.band)


def measured(experiment: Experiment, result: Result) -> Result:
    """Return a result that can say what it is worth, and which algorithms were decided on.

    Arguments as of `ExperimentMeasures`.
    """
    measures = ExperimentMeasures(experiment, result)
    jobs = tuple(job.record(result.nodes) for job in experiment.jobs)
    return replace(result, measures=measures, decisions=experiment.decisions, jobs=jobs)
