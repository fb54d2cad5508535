"""Public measurements of collectives, as they lie in ../shared/data/hardware."""

import csv
import hashlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from simastra.calibration.document import GpuSystem
from simastra.calibration.fit.gathered import Times
from simastra.calibration.fit.points import LEAST_LINK_GB_S, Place, SystemHardware
from simastra.calibration.systems import system_named
from simastra.trace.nccl_tests import collective_named

HARDWARE = Path(__file__).parents[2].parent / "shared" / "data" / "hardware"
"""Where they are, beside the project; never in it."""

COLLECTIVES = HARDWARE / "nccl_aiconfigurator_all.csv"

TOOL = "ai-dynamo/aiconfigurator at 095f58a51"
LICENCE = "Apache-2.0"


@dataclass(frozen=True, slots=True)
class PublicSystem:
    """One system of the tables.

    Attributes:
        name: ours, by which `--calibration` knows it.
        source_name: the tables'.
        datasheet: what it is.
        campaign: the newest of its campaigns, by folder: the others are later looks at the same.
        relates: whether it says anything of other systems.
    """

    name: str
    source_name: str
    datasheet: GpuSystem
    campaign: str
    relates: bool

    @property
    def hardware(self) -> SystemHardware:
        """What a fit knows of it, by our name."""
        return SystemHardware(self.name, self.datasheet.generation, self.datasheet.link_gb_s)


def _system(name: str, source: str, campaign: str = "2.29.2") -> PublicSystem:
    datasheet = system_named(name)
    return PublicSystem(
        name,
        source,
        datasheet,
        f"comm/nccl/{campaign}",
        relates=datasheet.link_gb_s >= LEAST_LINK_GB_S,
    )


SYSTEMS: tuple[PublicSystem, ...] = (
    _system("a100", "a100_sxm", "2.27.3"),
    _system("h100", "h100_sxm"),
    _system("h200", "h200_sxm"),
    _system("b200", "b200_sxm"),
    _system("b300", "b300_sxm"),
    _system("gb200", "gb200"),
    _system("gb300", "gb300"),
    _system("l40s", "l40s", "2.27.3"),
    _system("rtx-pro-6000", "rtx_pro_6000_server"),
)
"""All that there are tables of."""


def sha256_of(path: Path) -> str:
    """Hash of a file's content."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


@dataclass(frozen=True, slots=True)
class Campaign:
    """One table of one system.

    Attributes:
        folder: of the source, by which campaigns differ.
        library: which NCCL it names.
        times: median of its repetitions.
    """

    folder: str
    library: str
    times: Times


def read_campaigns(dtype: str = "half") -> Mapping[str, Mapping[str, Campaign]]:
    """All campaigns: by system's name, then by folder."""
    source = {it.source_name: it.name for it in SYSTEMS}
    rows: dict[tuple[str, str], dict[Place, list[float]]] = defaultdict(lambda: defaultdict(list))
    libraries: dict[tuple[str, str], str] = {}
    with COLLECTIVES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["nccl_dtype"] == dtype:
                key = source[row["system"]], row["data_dir"]
                kind = collective_named(row["collective"])
                rows[key][Place(kind, int(row["gpus"]), int(row["bytes"]))].append(float(row["us"]))
                libraries[key] = row["nccl_or_fw_version"]
    found: dict[str, dict[str, Campaign]] = defaultdict(dict)
    for (name, folder), times in sorted(rows.items()):
        medians = {place: median(us) for place, us in times.items()}
        found[name][folder] = Campaign(folder, libraries[name, folder], medians)
    return found
