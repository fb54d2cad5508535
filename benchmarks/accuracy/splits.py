"""Splits of a system's measurements: what a fit sees, and what it is asked for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from simastra.calibration.fit.bands import FitReference
from simastra.calibration.fit.cases import Case
from simastra.calibration.fit.gathered import Times
from simastra.calibration.fit.points import Place
from simastra.trace import CollectiveType
from simastra.units import KiB, MiB

_ALL = tuple(FitReference)
_WITH_LIBRARY = (FitReference.FAR, FitReference.RELATIVE)


@dataclass(frozen=True, slots=True)
class Split:
    """One way to divide.

    Attributes:
        name: of it, as the documentation calls it.
        seen: whether a fit sees a place; it is asked for the others.
        references: with what beside its own measurements it can be asked.
        npus: the numbers of NPUs that a system needs to have been measured with.
        bands_of: the cases whose bands are made from its errors.
    """

    name: str
    seen: Callable[[Place], bool]
    references: tuple[FitReference, ...] = _ALL
    npus: tuple[int, ...] = ()
    bands_of: tuple[Case, ...] = ()

    def divided(self, times: Times) -> tuple[Times, Times] | None:
        """What is seen and what is asked for; None if a system hasn't both."""
        if not set(self.npus) <= {it.npus for it in times}:
            return None
        seen = {place: us for place, us in times.items() if self.seen(place)}
        asked = {place: us for place, us in times.items() if place not in seen}
        return (seen, asked) if asked and (seen or self is DATASHEET) else None


def _power(place: Place) -> int:
    return place.size.bit_length() - 1


def _gap(low: int, high: int) -> Callable[[Place], bool]:
    return lambda place: not low <= place.size <= high


_FEW = {1 * KiB, 8 * KiB, 64 * KiB, 512 * KiB, 2 * MiB, 8 * MiB, 64 * MiB, 512 * MiB}


def _is_few(place: Place) -> bool:
    """All-reduces at 8 sizes, among 8."""
    eight = 8
    reduces = place.kind is CollectiveType.ALL_REDUCE
    return reduces and place.npus == eight and place.size in _FEW


def _n(*counts: int) -> Callable[[Place], bool]:
    return lambda place: place.npus in counts


_EIGHT = (2, 4, 8)

BUILDS = Split("another build or campaign", lambda _place: True, bands_of=(Case.MEASURED,))
"""All of the newest campaign is seen; what is asked for is in the others."""

GAP_LARGE = Split("gap 1 to 8 MiB", _gap(1 * MiB, 8 * MiB), bands_of=(Case.GAP_LARGE,))
N_BETWEEN = Split("n = 2, 8 to 4", _n(2, 8), npus=_EIGHT, bands_of=(Case.N_BETWEEN,))
N_BEYOND = Split("n = 2, 4 to 8", _n(2, 4), npus=_EIGHT, bands_of=(Case.N_BEYOND,))
OTHERS = Split(
    "all-reduce to others",
    lambda it: it.kind is CollectiveType.ALL_REDUCE,
    references=_WITH_LIBRARY,
    bands_of=(Case.OTHER_COLLECTIVE,),
)
DATASHEET = Split(
    "datasheet alone",
    lambda _place: False,
    references=_WITH_LIBRARY,
    bands_of=(Case.DATASHEET, Case.RELATIVE),
)

SPLITS: tuple[Split, ...] = (
    BUILDS,
    Split("every 2nd size", lambda it: _power(it) % 2 == 1, bands_of=(Case.BETWEEN_SIZES,)),
    Split("every 3rd size", lambda it: _power(it) % 3 == 0, bands_of=(Case.BETWEEN_SIZES,)),
    GAP_LARGE,
    Split("gap 16 to 128 KiB", _gap(16 * KiB, 128 * KiB), bands_of=(Case.GAP_SMALL,)),
    Split("larger than 32 MiB", lambda it: it.size <= 32 * MiB, bands_of=(Case.ABOVE,)),
    Split("smaller than 16 KiB", lambda it: it.size >= 16 * KiB, bands_of=(Case.BELOW,)),
    N_BETWEEN,
    N_BEYOND,
    Split("n = 2 to 4, 8", _n(2), bands_of=(Case.ONE_N_ABOVE,)),
    Split("n = 8 to 2, 4", _n(8), npus=_EIGHT, bands_of=(Case.ONE_N_BELOW,)),
    OTHERS,
    Split("few to all", _is_few, references=_WITH_LIBRARY, npus=_EIGHT),
    DATASHEET,
)
"""All of them."""

BY_NAME: Mapping[str, Split] = {it.name: it for it in SPLITS}
