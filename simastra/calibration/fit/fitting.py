"""Measurements of a system -> its calibration file."""

from collections.abc import Collection, Iterator, Sequence

from simastra.calibration.document import CalibrationFile, FitSection, GpuSystem
from simastra.calibration.measurements import Measurements
from simastra.errors import InputError

from .curves import FittedCurves, curves_across, curves_inside
from .gathered import Gathered, Times, gathered
from .library import SystemTables, reference_library
from .model import CurveModel, Evidence
from .points import SystemHardware
from .sections import collective_sections, errors
from .thinned import thinned


def fit_calibration(
    measurements: Measurements,
    system: GpuSystem,
    *,
    library: bool = True,
    npus: Sequence[int] = (),
    without: Collection[str] = (),
) -> CalibrationFile:
    """Fit a calibration to measurements (docs/calibration.md).

    Args:
        measurements: of the system; may be none, if the library knows systems like it.
        system: which.
        library: whether public tables of other systems take part.
        npus: numbers of NPUs of one node to have curves of, beside those measured and powers of
            two.
        without: systems of the library that are left out, beside one whose very measurements
            these are.

    Raises:
        InputError: nothing is known of any collective.
    """
    found = gathered(measurements.rows)
    evidence = _evidence(found.inside, system, without, library=library)
    fitted = list(_fitted(found, evidence, system, npus))
    collectives = collective_sections(fitted)
    if not collectives:
        raise InputError(
            f"{system.name}: nothing was measured among two or more GPUs, and the library has no "
            "systems like it; give a log of nccl-tests"
        )
    return CalibrationFile(
        system=system,
        sources=measurements.sources,
        collectives=collectives,
        fit=FitSection(
            library=reference_library().version if evidence.tables else None, mape=errors(fitted)
        ),
    )


def _evidence(
    inside: Times, system: GpuSystem, without: Collection[str], *, library: bool
) -> Evidence:
    """What there is to go by inside a node."""
    known = reference_library()
    generation = system.generation and system.generation.casefold()  # Hopper is hopper
    hardware = SystemHardware(system.name, generation, system.link_gb_s)
    same = (it.name for it in known.systems if _are_of(inside, it))
    left_out = tuple(dict.fromkeys([*without, *same]))
    tables = known.tables_for(hardware, left_out) if library else ()
    return Evidence(hardware, thinned(inside), tables, left_out)


def _are_of(measured: Times, tables: SystemTables) -> bool:
    """Whether measurements are those of the library: a table is no witness for itself."""
    equal = sum(us == measured.get(place) for place, us in tables.rows.items())
    return equal > len(measured) / 2


def _fitted(
    found: Gathered,
    evidence: Evidence,
    system: GpuSystem,
    npus: Sequence[int],
) -> Iterator[FittedCurves]:
    if found.inside or evidence.tables:
        yield curves_inside(CurveModel(evidence), found.inside, system, npus)
    for per_node, times in found.across.items():
        model = CurveModel(Evidence(evidence.hardware, thinned(times)))
        yield curves_across(model, times, per_node)
