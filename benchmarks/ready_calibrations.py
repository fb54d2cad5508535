"""``python -m benchmarks.ready_calibrations``: make the calibrations that come with the package.

Writes simastra/calibration/ready/NAME.json for each public system. Measured are the newest
campaigns of the library's source; links are the datasheets'.
"""

from pathlib import Path

import simastra
from benchmarks.accuracy.compute import ready_compute
from benchmarks.accuracy.tables import (
    COLLECTIVES,
    LICENCE,
    SYSTEMS,
    TOOL,
    Campaign,
    PublicSystem,
    read_campaigns,
    sha256_of,
)
from simastra.calibration.document import CalibrationFile, LinkClass, Source, calibration_json
from simastra.calibration.fit import fit_calibration
from simastra.calibration.links import link_section
from simastra.calibration.measurements import Measurement, Measurements
from simastra.writing import write_file

FOLDER = Path(simastra.__file__).parent / "calibration" / "ready"


def main() -> None:
    """Write all of them."""
    FOLDER.mkdir(exist_ok=True)
    campaigns = read_campaigns()
    for system in SYSTEMS:
        text = calibration_json(_ready(system, campaigns[system.name][system.campaign]))
        write_file(FOLDER / f"{system.name}.json", text.encode())
        print(system.name, len(text), "bytes")


def _ready(system: PublicSystem, campaign: Campaign) -> CalibrationFile:
    fitted = fit_calibration(measurements_of(campaign), system.datasheet)
    links = (link_section(fitted, it) for it in LinkClass)
    known = tuple(it for it in links if it is not None)
    return fitted.model_copy(update={"p2p": known, "compute": ready_compute(system.name)})


def measurements_of(campaign: Campaign) -> Measurements:
    """A public table as if it had been read from logs."""
    rows = tuple(
        Measurement(place.kind, place.size, place.npus, 1, us)
        for place, us in campaign.times.items()
    )
    source = Source(
        file=COLLECTIVES.name,
        sha256=sha256_of(COLLECTIVES),
        tool=TOOL,
        library=f"NCCL {campaign.library}",
        rows=len(rows),
        licence=LICENCE,
    )
    return Measurements(rows, (source,))


if __name__ == "__main__":
    main()
