"""The band of a calibrated makespan: runs with all times at one edge of their own bands."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

from simastra.calibration.priced import BandEdge
from simastra.errors import DeadlockError, TraceError
from simastra.metrics import Band, Bound, KnownMeasures, Measures, Metrics
from simastra.notices import unheard
from simastra.result import Result
from simastra.units import Ns

from .experiment import Experiment
from .shortest import shortest_run


class BandedMeasures:
    """What a calibrated result is worth, its band included.

    Args:
        experiment: what has been simulated.
        result: what came of it, with its other measures.
    """

    def __init__(self, experiment: Experiment, result: Result) -> None:
        assert result.measures is not None  # a simulation's has them
        self._others: Measures = result.measures
        self._experiment = experiment
        self._makespan = result.makespan

    @property
    def metrics(self) -> Metrics:
        """What the run is worth."""
        return self._others.metrics

    @property
    def bound(self) -> Bound:
        """What it can't be faster than."""
        return self._others.bound

    @cached_property
    def band(self) -> Band:
        """Between what the makespan is expected to lie: two further runs, made now.

        Raises:
            DeadlockError: if it can't finish at an edge: in which order NPUs begin what
                communicates then depends on times.
            TraceError: if members of a collective disagree there, likewise.
        """
        low, high = (_makespan_at(edge, self._experiment) for edge in (BandEdge.LOW, BandEdge.HIGH))
        return Band(min(low, self._makespan), self._makespan, max(high, self._makespan))

    def __reduce__(self) -> tuple[object, ...]:
        # Its experiment need not go with a result.
        return KnownMeasures, (self.metrics, self.bound, self.band)


def with_band(experiment: Experiment, result: Result) -> Result:
    """Return a result that can say between what its makespan lies, if it is calibrated.

    Args:
        experiment: what has been simulated, to its end.
        result: what came of it.
    """
    return replace(result, measures=BandedMeasures(experiment, result))


def _makespan_at(edge: BandEdge, experiment: Experiment) -> Ns:
    remark = (
        f"so it is with all times at the {edge.value} edge of their bands, unlike in the middle: "
        "the order in which NPUs begin what communicates depends on times; let one depend on "
        "the other"
    )
    try:
        return _makespan(experiment, edge)
    except DeadlockError as error:
        told = error.waits, error.cycle, error.unfinished, error.time
        raise DeadlockError(*told, (*error.remarks, remark)) from None
    except TraceError as error:
        raise TraceError(f"{error.problem} ({remark})", source=error.source) from None


def _makespan(experiment: Experiment, edge: BandEdge) -> Ns:
    platform = experiment.platform.at(edge)
    at_edge = replace(experiment, platform=platform)
    with unheard():  # all of it has been said of the run itself
        return shortest_run(at_edge).run().makespan
