"""C8: training iterations that were measured, and what calibrated simulations say of them."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.record import Row
from benchmarks.settings import Settings
from simastra.calibration.calibration import Calibration
from simastra.calibration.compute import ComputeSection
from simastra.calibration.fit.compute_training import fit_training

from .iterations import Iteration, selene, simumax, vtrain
from .outcomes import percent
from .rings import with_rings
from .simulated import extrapolated
from .worth import Worth

_SEED = 7
_FITTED = 240
_SEARCHED = 6  # one of so many of these is looked at in the search
_STEPS = 16
_SHARE = 20  # of iterations, one of so many will do for a quick measurement
_FOUR_ADAPTERS = 12.5  # GB/s of each of eight GPUs

_START_VTRAIN = {"in_training": 1.15, "host_forward": 550.0, "host_backward": 2500.0}
_START_SIMUMAX = {"in_training": 1.4, "collectives_in_training": 1.5}
_TWO = (
    "llama3_70b_l12_tp1_pp2_dp4_mbc32_cef",
    "llama3_405b_l4_tp8_pp1_dp1_mbc32_cef",
)


@dataclass(frozen=True, slots=True)
class _Trial:
    """Iterations that nothing was fitted to, and what they are said to take."""

    name: str
    fitted: str
    iterations: Sequence[Iteration]
    calibration: Calibration
    bound: float

    def row(self) -> Row:
        said = [extrapolated(one, self.calibration) for one in self.iterations]
        worth = Worth.of(said, [one.seconds for one in self.iterations])
        return {
            "table": "training",
            "iterations": self.name,
            "fitted to": self.fitted,
            "count": worth.count,
            "error, %": percent(worth.mape),
            "bound, %": percent(self.bound),
            "elsewhere, %": elsewhere(self.name, self.iterations),
            "9 of 10 within, %": percent(worth.most),
            "median ratio": f"{worth.median:.3f}",
            "rank correlation": f"{worth.rank_correlation:.3f}",
        }


_CLAIMED = {
    "vTrain, one node": "vTrain claims 8.4",
    "vTrain, 8 to 64 nodes": "vTrain claims 14.7",
}
"""Of the same measurements, by who made them (Bang et al., "vTrain", MICRO 2024)."""

_BESIDE = {"Selene": "Calculon", "SimuMax, dense": "SimuMax"}
"""Simulators whose times stand beside the measurements."""


def elsewhere(name: str, iterations: Sequence[Iteration]) -> str:
    """How far off another simulator is on the same iterations, or says that it is."""
    said = [one.elsewhere for one in iterations if one.elsewhere is not None]
    if not said:
        return _CLAIMED[name]
    return f"{_BESIDE[name]} {percent(Worth.of(said, [one.seconds for one in iterations]).mape)}"


def training_rows(settings: Settings) -> Iterator[Row]:
    """The rows of the table `training`; a part of them is a quick measurement's."""
    for trial in _trials(quick=settings.quick):
        yield trial.row()


def _trials(*, quick: bool) -> Iterator[_Trial]:
    share = _SHARE if quick else 1
    single = vtrain("single")
    random.Random(_SEED).shuffle(single)
    looked_at = single[:_FITTED][:: _SEARCHED * share]
    a100 = _of_vtrain(looked_at)
    others = single[_FITTED::share]
    yield _Trial("vTrain, one node", f"{len(looked_at)} others of one node", others, a100, 0.08)
    if not quick:
        yield _Trial("vTrain, 8 to 64 nodes", "the same", vtrain("multi"), a100, 0.08)
    yield _Trial("Selene", "the same", selene()[:: share // 4 or 1], _selene(a100), 0.05)
    rows = simumax()
    two = [one for one in rows if one.name in _TWO]
    rest = [one for one in rows if one.name not in _TWO][::share]
    yield _Trial("SimuMax, dense", "two others", rest, _fitted("b200", two, _START_SIMUMAX), 0.04)


def _of_vtrain(rows: Sequence[Iteration]) -> Calibration:
    start = Calibration.load("a100")
    system = start.file.system.model_copy(update={"nic_gb_s": _FOUR_ADAPTERS})
    file = with_rings(Calibration(start.file.model_copy(update={"system": system, "p2p": ()})))
    return _fit(Calibration(file, "a100 of vTrain"), rows, _START_VTRAIN)


def _selene(vtrain: Calibration) -> Calibration:
    """The same GPUs with the datasheet's adapters, eight for a node."""
    return _with(Calibration.load("a100"), _computations(vtrain))


def _fitted(name: str, rows: Sequence[Iteration], start: Mapping[str, float]) -> Calibration:
    return _fit(Calibration.load(name), rows, start)


def _fit(
    calibration: Calibration, rows: Sequence[Iteration], start: Mapping[str, float]
) -> Calibration:
    def taken(section: ComputeSection) -> list[float]:
        return [extrapolated(one, _with(calibration, section)) for one in rows]

    measured = [one.seconds for one in rows]
    return _with(
        calibration, fit_training(_computations(calibration), measured, taken, start, _STEPS)
    )


def _computations(calibration: Calibration) -> ComputeSection:
    section = calibration.file.compute
    assert section is not None  # these calibrations have one
    return section


def _with(calibration: Calibration, section: ComputeSection) -> Calibration:
    return Calibration(calibration.file.model_copy(update={"compute": section}), calibration.source)
