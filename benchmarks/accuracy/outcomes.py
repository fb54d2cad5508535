"""Trials summed up: mean error, how wide the bands are, and how much they cover."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import expm1
from statistics import fmean
from typing import TypeVar

from simastra.calibration.fit.bands import band_table
from simastra.units import Bytes, KiB, MiB

from .trials import Trial

KeyT = TypeVar("KeyT", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of some trials.

    Attributes:
        count: of trials.
        mape: mean of |said - measured| / measured.
        half_width: mean of how far above its middle a band reaches, relative to that.
        coverage: the part of the trials whose band holds what was measured.
    """

    count: int
    mape: float
    half_width: float
    coverage: float

    @classmethod
    def of(cls, found: Sequence[Trial]) -> "Outcome":
        """Sum up."""
        widths = [_width(it) for it in found]
        return cls(
            len(found),
            fmean(it.error for it in found),
            fmean(map(expm1, widths)),
            fmean(it.off <= width for it, width in zip(found, widths, strict=True)),
        )


def _width(trial: Trial) -> float:
    """The package's own, from the errors on all systems but the trial's."""
    return band_table().width(trial.reference, trial.case, trial.sd, (trial.system,))


def grouped(found: Iterable[Trial], key: Callable[[Trial], KeyT]) -> Mapping[KeyT, Sequence[Trial]]:
    """Trials by a key, in the order in which keys come."""
    groups: dict[KeyT, list[Trial]] = {}
    for trial in found:
        groups.setdefault(key(trial), []).append(trial)
    return groups


SIZE_CLASSES = ("up to 64 KiB", "128 KiB to 8 MiB", "from 16 MiB")
"""Where latency counts, both do, and bandwidth does."""


def size_class(size: Bytes) -> str:
    """The class of a size."""
    return SIZE_CLASSES[(size > 64 * KiB) + (size > 8 * MiB)]


def percent(value: float) -> float:
    """With one digit."""
    return round(100 * value, 1)
