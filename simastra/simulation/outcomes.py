"""What a simulation comes to: a run's result, with its band where times have one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simastra.deferred import deferred
from simastra.result import Result

from .experiment import Experiment

if TYPE_CHECKING:
    from . import banded
else:  # for what is calibrated
    banded = deferred("simastra.simulation.banded")


def outcome(experiment: Experiment, result: Result) -> Result:
    """The result of a run that has finished, with a band if the experiment has prices.

    Args:
        experiment: what has been simulated.
        result: what came of it.
    """
    return result if experiment.platform.prices is None else banded.with_band(experiment, result)
