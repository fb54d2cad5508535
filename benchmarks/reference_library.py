"""``python -m benchmarks.reference_library``: derive the package's data from public tables.

Writes simastra/calibration/library/reference.json and bands.json. The tables are those of
ai-dynamo/aiconfigurator (Apache-2.0), half precision, the newest campaign of each system.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

import simastra
from benchmarks.accuracy.splits import BY_NAME, SPLITS
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
from benchmarks.accuracy.trials import Trial, trials
from simastra.calibration.document.writing import legible_json
from simastra.calibration.fit.bands import BANDS_FILE, BandTable, Reach
from simastra.calibration.fit.conformal import conformal_quantile
from simastra.calibration.fit.library import (
    LIBRARY_FILE,
    ReferenceLibrary,
    SystemTables,
    TableSource,
)
from simastra.trace.nccl_tests import collective_name
from simastra.writing import write_file

FOLDER = Path(simastra.__file__).parent / "calibration" / "library"
VERSION = "2026.11"


def main() -> None:
    """Write both files."""
    campaigns = read_campaigns()
    library = ReferenceLibrary(
        format="simastra-reference-library",
        version=VERSION,
        sources=(_source(),),
        systems=tuple(_tables(it, campaigns[it.name][it.campaign]) for it in SYSTEMS),
    )
    _write(LIBRARY_FILE, library.model_dump(mode="json"))
    bands = band_table(trials(campaigns, library, splits=[it for it in SPLITS if it.bands_of]))
    _write(BANDS_FILE, bands.model_dump(mode="json"))


def _source() -> TableSource:
    return TableSource(
        project=TOOL,
        licence=LICENCE,
        file=COLLECTIVES.name,
        sha256=sha256_of(COLLECTIVES),
    )


def _tables(system: PublicSystem, campaign: Campaign) -> SystemTables:
    sizes = sorted({it.size for it in campaign.times})
    us: dict[str, dict[str, tuple[float, ...]]] = defaultdict(dict)
    for kind, npus in sorted({(it.kind, it.npus) for it in campaign.times}):
        times = {
            it.size: us for it, us in campaign.times.items() if (it.kind, it.npus) == (kind, npus)
        }
        us[collective_name(kind)][str(npus)] = tuple(times[size] for size in sizes)
    return SystemTables(
        name=system.name,
        generation=system.hardware.family,
        link_gb_s=system.hardware.link_gb_s,
        gpus_per_node=system.datasheet.gpus_per_node,
        relates=system.relates,
        library=f"NCCL {campaign.library}",
        campaign=f"{system.source_name}/{campaign.folder}",
        bytes=tuple(sizes),
        us=us,
    )


def band_table(found: Iterable[Trial]) -> BandTable:
    """How far bands have to reach, from errors: of all systems, and of all but each."""
    scores: dict[tuple[str, str], dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for trial in found:
        if trial.case in BY_NAME[trial.split].bands_of:
            by_system = scores[trial.reference.value, trial.case.value]
            by_system[trial.system].append(trial.score)
    reach: dict[str, dict[str, Reach]] = defaultdict(dict)
    for (reference, case), by_system in scores.items():
        reach[reference][case] = _reach(by_system)
    return BandTable(format="simastra-bands", reach=reach)


def _reach(scores: Mapping[str, list[float]]) -> Reach:
    def of(names: Iterable[str]) -> float:
        return round(conformal_quantile([it for name in names for it in scores[name]]), 4)

    return Reach(all=of(scores), without={it: of(scores.keys() - {it}) for it in scores})


def _write(name: str, data: object) -> None:
    text = legible_json(data)
    write_file(FOLDER / name, text.encode())
    print(FOLDER.name, name, len(text), "bytes")


if __name__ == "__main__":
    main()
