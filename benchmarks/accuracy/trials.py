"""Fits every system by every split, without its own tables in the library."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log

from simastra.calibration.fit.bands import Deviation, FitReference
from simastra.calibration.fit.cases import Case
from simastra.calibration.fit.gathered import Times
from simastra.calibration.fit.library import ReferenceLibrary, SystemTables
from simastra.calibration.fit.model import CurveModel, Evidence
from simastra.calibration.fit.points import Place

from .splits import BUILDS, SPLITS, Split
from .tables import SYSTEMS, Campaign, PublicSystem


@dataclass(frozen=True, slots=True)
class Trial:
    """One measurement, and what a fit that hasn't seen it said.

    Attributes:
        split: what it had seen.
        reference: what it had beside.
        system: whose measurement.
        campaign: from which of its tables.
        place: of what.
        measured: in µs.
        said: in µs.
        sd: standard deviations of ln of that.
        case: how the place lies to what was seen.
    """

    split: str
    reference: FitReference
    system: str
    campaign: str
    place: Place
    measured: float
    said: float
    sd: Deviation
    case: Case

    @property
    def error(self) -> float:
        """|said - measured| / measured."""
        return abs(self.said / self.measured - 1)

    @property
    def off(self) -> float:
        """|ln(said / measured)|."""
        return abs(log(self.measured / self.said))

    @property
    def score(self) -> float:
        """Nonconformity: how many standard deviations off it was."""
        return self.off / self.sd.there


RELATED = tuple(system for system in SYSTEMS if system.relates)
"""Systems of NVLink."""


def trials(
    campaigns: Mapping[str, Mapping[str, Campaign]],
    library: ReferenceLibrary,
    systems: Sequence[PublicSystem] = RELATED,
    splits: Sequence[Split] = SPLITS,
) -> Iterator[Trial]:
    """All trials of some systems and splits."""
    for split in splits:
        for reference in split.references:
            for system in systems:
                tables = _tables(library, system, reference)
                if tables is not None:
                    yield from _of_system(split, reference, system, campaigns[system.name], tables)


def _tables(
    library: ReferenceLibrary, system: PublicSystem, reference: FitReference
) -> Sequence[SystemTables] | None:
    """What a fit has beside; None if there is no such thing for this system."""
    others = library.tables_for(system.hardware, (system.name,))
    relatives = [it for it in others if it.generation == system.hardware.generation]
    match reference:
        case FitReference.NONE:
            return ()
        case FitReference.FAR:
            return [it for it in others if it not in relatives] or None
        case FitReference.RELATIVE:
            return others if relatives else None


def _of_system(
    split: Split,
    reference: FitReference,
    system: PublicSystem,
    campaigns: Mapping[str, Campaign],
    tables: Sequence[SystemTables],
) -> Iterator[Trial]:
    newest = campaigns[system.campaign].times
    if split is BUILDS:
        seen: Times = newest
        asked = {it.folder: it.times for it in campaigns.values() if it.times is not newest}
    elif (divided := split.divided(newest)) is not None:
        seen, asked = divided[0], {system.campaign: divided[1]}
    else:
        return
    if not asked:
        return
    model = CurveModel(Evidence(system.hardware, seen, tables))
    for folder, times in asked.items():
        found = model.estimates(list(times))
        rows = zip(times.items(), found.us.tolist(), found.deviations, found.cases, strict=True)
        for (place, us), said, sd, case in rows:
            yield Trial(split.name, reference, system.name, folder, place, us, said, sd, case)
