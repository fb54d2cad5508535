"""From a point's number to its row, whatever comes of it."""

from __future__ import annotations

import time
import warnings
from dataclasses import dataclass

from simastra.errors import DeadlockError, InputError, SimastraError
from simastra.legible import legible
from simastra.notices import SimastraWarning
from simastra.simulation import Simulation
from simastra.simulation.outcomes import outcome
from simastra.simulation.shortest import shortest_run
from simastra.sweep.columns import FinishedPoint, PendingPoint, column_values
from simastra.sweep.dataset import Row
from simastra.sweep.digest import digest_of
from simastra.sweep.pruning import Front, pruned_columns
from simastra.sweep.status import Status
from simastra.sweep.study import PointInputs, Setting, Study
from simastra.sweep.study.workloads import LoadTrace
from simastra.version import version

from .simulations import Simulations, traces_here

_RUNS = 32
"""Points are many, so that what shortcuts load is worth it for smaller ones; the same number
whatever the engine, since what a run takes must not depend on it."""

_MICROSECONDS = 6


@dataclass(frozen=True, slots=True)
class SweepPoint:
    """A point as far as it is known before anything is simulated.

    Attributes:
        number: in the study.
        setting: axis -> value.
        inputs: what follows from it; None where it makes no sense.
        error: why not; empty where it does.
    """

    number: int
    setting: Setting
    inputs: PointInputs | None
    error: str = ""

    @classmethod
    def of(cls, study: Study, number: int) -> SweepPoint:
        """The point of that number; a setting that makes no sense is one, too."""
        setting = study.space.setting(number)
        try:
            return cls(number, setting, study.inputs(setting))
        except InputError as error:
            return cls(number, setting, None, str(error))

    @property
    def digest(self) -> str:
        """Of its inputs, 16 hexadecimal digits; of its setting where it has none."""
        return digest_of(dict(self.setting)) if self.inputs is None else self.inputs.digest

    def named(self) -> Row:
        """The columns that say which point a row is of."""
        return {"number": self.number, "point": self.digest, **self.setting}


class PointRunner:
    """Makes rows of a study's points. What they have in common is kept from one to the next.

    Args:
        study: whose points.
        load: loads trace files.
    """

    def __init__(self, study: Study, load: LoadTrace = traces_here) -> None:
        self._study = study
        self._simulations = Simulations(load)

    def row(self, number: int, front: Front | None = None) -> Row:
        """The row of a point: also where it can't be made, or can't finish.

        Args:
            number: of the point.
            front: it is left out if it can't but be dominated by that; None to leave none out.
        """
        begin = time.perf_counter()
        point = SweepPoint.of(self._study, number)
        came = self._came(point, front)
        wall = round(time.perf_counter() - begin, _MICROSECONDS)
        return {**point.named(), **came, "wall_s": wall, "version": version()}

    def _came(self, point: SweepPoint, front: Front | None) -> Row:
        """What came of it."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SimastraWarning)
            try:
                return self._run(point, front)
            except DeadlockError as error:
                return {"status": Status.DEADLOCK.value, "error": str(error)}
            except SimastraError as error:
                return {"status": Status.ERROR.value, "error": str(error)}
            except Exception as error:  # noqa: BLE001, RUF100  # a bug ends this point, and no others
                text = f"internal error: {type(error).__name__}: {error}"
                return {"status": Status.ERROR.value, "error": legible(text)}

    def _run(self, point: SweepPoint, front: Front | None) -> Row:
        """Simulate it.

        Raises:
            InputError: if it makes no sense.
            DeadlockError: if it can't finish.
        """
        simulation = self.simulation(point)
        pending = PendingPoint(simulation)
        if front is not None:
            pruned = pruned_columns(self._study, pending, point.setting, front)
            if pruned is not None:
                return {"status": Status.PRUNED.value, **pruned}
        run = shortest_run(simulation.experiment, runs=_RUNS)
        result = outcome(simulation.experiment, run.run())
        row = column_values(FinishedPoint(pending, result))
        return {"status": Status.OK.value, **row, **self._study.derived(point.setting, row)}

    def simulation(self, point: SweepPoint) -> Simulation:
        """What is simulated of a point.

        Raises:
            InputError: if it makes no sense.
        """
        if point.inputs is None:
            raise InputError(point.error)
        return self._simulations.of(point.inputs)


def lost_row(study: Study, number: int) -> Row:
    """The row of a point with which one process after the other ended."""
    text = (
        "the processes that ran it ended, one after the other, with no word: killed, perhaps for "
        "want of memory"
    )
    came = {"status": Status.ERROR.value, "error": text}
    return {**SweepPoint.of(study, number).named(), **came, "wall_s": None, "version": version()}
