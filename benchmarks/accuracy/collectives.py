"""The tables of collectives in docs/accuracy.md, from trials."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from statistics import fmean
from types import MappingProxyType
from typing import TypeAlias

from benchmarks.record import Row
from simastra.calibration.fit.bands import FitReference
from simastra.calibration.fit.gathered import Times
from simastra.calibration.fit.library import KINDS
from simastra.calibration.fit.points import Place
from simastra.trace.nccl_tests import collective_name

from .acceptance import BOUNDS
from .alpha_beta import alpha_beta
from .exact import exact_times, validated_times
from .outcomes import SIZE_CLASSES, Outcome, grouped, percent, size_class
from .splits import BUILDS, BY_NAME
from .tables import Campaign
from .trials import RELATED, Trial

Campaigns: TypeAlias = Mapping[str, Mapping[str, Campaign]]

_BESIDE = {
    FitReference.NONE: "nothing",
    FitReference.FAR: "other generations",
    FitReference.RELATIVE: "relatives",
}
"""What a fit had beside the system's own measurements."""


def split_rows(found: Sequence[Trial], campaigns: Campaigns) -> Iterator[Row]:
    """A row for each split, and what it was fitted with: pooled over systems."""
    for (split, reference), trials in grouped(found, lambda it: (it.split, it.reference)).items():
        outcome = Outcome.of(trials)
        by_system = grouped(trials, lambda it: it.system).values()
        covered = [percent(Outcome.of(it).coverage) for it in by_system]
        bound = BOUNDS.get((split, reference))
        yield {
            "table": "splits",
            "asked for": split,
            "beside": _BESIDE[reference],
            "rows": outcome.count,
            "MAPE %": percent(outcome.mape),
            "bound": percent(bound) if bound else "",
            "α-β %": _alpha_beta_error(split, trials, campaigns),
            "band ± %": percent(outcome.half_width),
            "in band %": percent(outcome.coverage),
            "by system": f"{min(covered):g} to {max(covered):g}",
        }


def _alpha_beta_error(split: str, trials: Sequence[Trial], campaigns: Campaigns) -> float | str:
    """Of α-β, fitted to what the same fits saw; nothing where it has seen no such collective."""
    errors = []
    for system in RELATED:
        of_system = [it for it in trials if it.system == system.name]
        newest = campaigns[system.name][system.campaign].times
        divided = (newest, {}) if split == BUILDS.name else BY_NAME[split].divided(newest)
        if divided is not None and of_system:
            asked = {it.place: it.measured for it in of_system}
            said = alpha_beta(system.hardware, divided[0], asked)
            if len(said) < len(asked):
                return ""
            errors += [abs(said[it.place] / it.measured - 1) for it in of_system]
    return percent(fmean(errors))


Key: TypeAlias = Callable[[Trial], str]

GROUPS: Mapping[str, Key] = MappingProxyType(
    {
        "system": lambda trial: trial.system,
        "collective": lambda trial: collective_name(trial.place.kind),
        "sizes": lambda trial: size_class(trial.place.size),
    }
)
"""By what errors are told apart, beside splits."""


def group_rows(found: Sequence[Trial], column: str) -> Iterator[Row]:
    """A row for each split and group: errors, and what lies in bands, by what was beside."""
    key = GROUPS[column]
    for (split, group), trials in grouped(found, lambda it: (it.split, key(it))).items():
        row: Row = {"table": column, "asked for": split, column: group}
        by_reference = grouped(trials, lambda it: it.reference)
        for reference, name in _BESIDE.items():
            if reference in by_reference:
                outcome = Outcome.of(by_reference[reference])
                row[f"{name} %"] = f"{percent(outcome.mape)} ({percent(outcome.coverage):.0f})"
            else:
                row[f"{name} %"] = ""
        yield row


def cross_rows(found: Sequence[Trial]) -> Iterator[Row]:
    """A row for each split and system, a column for each collective: errors of the three classes.

    With the best that the library has for each system.
    """
    for (split, system), trials in grouped(found, lambda it: (it.split, it.system)).items():
        row: Row = {"table": "cross", "asked for": split, "system": system}
        best = list(grouped(trials, lambda it: it.reference).values())[-1]
        of_class = grouped(best, lambda it: (it.place.kind, size_class(it.place.size)))
        for kind in KINDS:
            outcomes = [of_class.get((kind, sizes)) for sizes in SIZE_CLASSES]
            cells = [f"{percent(Outcome.of(it).mape)}" if it else "-" for it in outcomes]
            row[f"{collective_name(kind)} %"] = " / ".join(cells)
        yield row


def beside_rows(found: Sequence[Trial], campaigns: Campaigns) -> Iterator[Row]:
    """A row for each system, collective and class of sizes: each way of saying it, side by side.

    Calibrated are other builds or campaigns; of a system with one, every second size.
    """
    for system in RELATED:
        newest = campaigns[system.name][system.campaign].times
        said = {
            "exact, datasheet %": exact_times(system, newest),
            "exact, validated %": validated_times() if system.name == "h100" else {},
            "α-β %": alpha_beta(system.hardware, newest, newest),
        }
        ours = _calibrated(found, system.name)
        for (kind, sizes), times in _by_class(newest).items():
            row: Row = {
                "table": "beside",
                "system": system.name,
                "collective": kind,
                "sizes": sizes,
            }
            row |= {name: _error(it, times) for name, it in said.items()}
            row["calibrated %"] = percent(Outcome.of(ours[kind, sizes]).mape)
            row["in band %"] = percent(Outcome.of(ours[kind, sizes]).coverage)
            yield row


_ONE_CAMPAIGN = "every 2nd size"


def _calibrated(found: Sequence[Trial], system: str) -> Mapping[tuple[str, str], Sequence[Trial]]:
    """With the library's best, by collective and class of sizes."""
    of_system = [it for it in found if it.system == system]
    split = BUILDS.name if any(it.split == BUILDS.name for it in of_system) else _ONE_CAMPAIGN
    for reference in (FitReference.RELATIVE, FitReference.FAR):
        best = [it for it in of_system if it.split == split and it.reference is reference]
        if best:
            break
    return grouped(best, lambda it: (collective_name(it.place.kind), size_class(it.place.size)))


def _by_class(times: Times) -> Mapping[tuple[str, str], Times]:
    found: dict[tuple[str, str], dict[Place, float]] = {}
    for place, us in times.items():
        key = collective_name(place.kind), size_class(place.size)
        found.setdefault(key, {})[place] = us
    return found


def _error(said: Times, measured: Times) -> float | str:
    """Mean error over what was said; nothing if that is nothing."""
    errors = [abs(said[place] / us - 1) for place, us in measured.items() if place in said]
    return percent(fmean(errors)) if errors else ""
