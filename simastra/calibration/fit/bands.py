"""How many standard deviations a 90 % band reaches, by case and by what a fit had beside it.

The numbers are conformal quantiles over the systems of the reference library, each predicted from
part of its measurements: `python -m benchmarks.reference_library` finds them.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Literal

from simastra.calibration.priced import Knowledge
from simastra.calibration.section import CalibrationSection

from .cases import Case


class FitReference(StrEnum):
    """What a fit had beside the system's own measurements."""

    NONE = "none"
    """Nothing."""
    FAR = "far"
    """The library, in which no system is of its generation."""
    RELATIVE = "relative"
    """The library, with systems of its generation."""


@dataclass(frozen=True, slots=True)
class Deviation:
    """Standard deviations of ln of a time.

    Attributes:
        there: where it is wanted.
        measured: where the same system was measured; 0 if it wasn't anywhere.
    """

    there: float
    measured: float


class Reach(CalibrationSection):
    """Of one case.

    In standard deviations, from either side.
    """

    all: float
    """From the errors on all systems."""

    without: dict[str, float]
    """From the errors on all but one, by its name, for fits of that one."""


class BandTable(CalibrationSection):
    """All reaches."""

    format: Literal["simastra-bands"]
    """What this file is."""

    reach: dict[str, dict[str, Reach]]
    """By reference and case."""

    def of(self, reference: FitReference, case: Case, without: Collection[str] = ()) -> float:
        """How many standard deviations a band reaches.

        Args:
            reference: what the fit had.
            case: how the point lies to what was measured.
            without: systems of the library that the measurements are of: their own errors say
                nothing of them.
        """
        found = self.reach[reference.value].get(case.value)
        if found is None:
            return UNKNOWN
        return next((found.without[it] for it in without if it in found.without), found.all)

    def width(
        self, reference: FitReference, case: Case, sd: Deviation, without: Collection[str] = ()
    ) -> float:
        """How far ln of a time may be off.

        What was measured may be measured again with another build of the library, which most cases
        don't reckon with: from gaps of sizes on, none is surer than that.
        """
        found = self.of(reference, case, without) * sd.there
        if case.situation.rank < Knowledge.SIZE_GAP.rank:
            return found
        return max(found, self.of(reference, Case.MEASURED, without) * sd.measured)


UNKNOWN = 5.0
"""Where nobody could try: wider than any."""

BANDS_FILE = "bands.json"


@cache
def band_table() -> BandTable:
    """The table that comes with the package."""
    text = (files("simastra.calibration") / "library" / BANDS_FILE).read_text("utf-8")
    return BandTable.model_validate_json(text)
