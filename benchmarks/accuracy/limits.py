"""What calibrated collectives don't reach: links that aren't NVLink, and several nodes."""

import csv
from collections.abc import Iterator, Mapping, Sequence

from benchmarks.record import Row
from simastra.calibration import Calibration
from simastra.calibration.fit.bands import FitReference
from simastra.calibration.fit.gathered import Times
from simastra.calibration.fit.library import reference_library
from simastra.calibration.fit.model import CurveModel, Evidence
from simastra.calibration.fit.points import Place, SystemHardware
from simastra.calibration.systems import system_named
from simastra.trace import CollectiveType
from simastra.trace.nccl_tests import BUS_FACTORS, collective_named
from simastra.units import NS_PER_MICROSECOND

from .outcomes import Outcome, grouped, percent
from .splits import BY_NAME, N_BETWEEN, N_BEYOND, Split
from .tables import HARDWARE, SYSTEMS, Campaign
from .trials import Trial, trials

_TRIED = ("every 2nd size", "gap 1 to 8 MiB", N_BETWEEN.name, N_BEYOND.name)

DIGITISED = HARDWARE / "astrasim_docs_digitised.csv"
SEVERAL_NODES = HARDWARE / "nccl_multinode_public.csv"


def limit_rows(campaigns: Mapping[str, Mapping[str, Campaign]]) -> Iterator[Row]:
    """A row for each."""
    yield from _pcie(campaigns)
    yield from _cube_mesh()
    yield from _several_nodes()


def _pcie(campaigns: Mapping[str, Mapping[str, Campaign]]) -> Iterator[Row]:
    systems = [it for it in SYSTEMS if not it.relates]
    splits = [BY_NAME[it] for it in _TRIED]
    found = trials(campaigns, reference_library(), systems, splits)
    for (system, split), of_both in grouped(found, lambda it: (it.system, it.split)).items():
        yield _row(f"{system}, on PCIe", split, of_both)


def _row(what: str, split: str, found: Sequence[Trial]) -> Row:
    outcome = Outcome.of(found)
    return {
        "table": "limits",
        "what": what,
        "asked for": split,
        "rows": outcome.count,
        "MAPE %": percent(outcome.mape),
        "band ± %": percent(outcome.half_width),
        "in band %": percent(outcome.coverage),
    }


def _cube_mesh() -> Iterator[Row]:
    """Of 8 V100s each has links to four others: what holds for n = 2 doesn't for n = 8."""
    with DIGITISED.open(encoding="utf-8", newline="") as file:
        times = {
            Place(CollectiveType.ALL_REDUCE, int(row["gpus"]), int(row["size_bytes"])): float(
                row["hardware_us_digitised"]
            )
            for row in csv.DictReader(file)
            if row["system"] == "HPE-V100"
        }
    for split in (N_BETWEEN, N_BEYOND):
        yield _row("v100, cube mesh, all-reduce from 32 MiB", split.name, _v100(split, times))


def _v100(split: Split, times: Times) -> Sequence[Trial]:
    divided = split.divided(times)
    assert divided is not None
    seen, asked = divided
    datasheet = system_named("v100")
    hardware = SystemHardware("v100", datasheet.generation, datasheet.link_gb_s)
    found = CurveModel(Evidence(hardware, seen)).estimates(list(asked))
    rows = zip(asked.items(), found.us.tolist(), found.deviations, found.cases, strict=True)
    return [
        Trial(split.name, FitReference.NONE, "v100", "docs", place, us, said, sd, case)
        for (place, us), said, sd, case in rows
    ]


_KNOWN = {
    "NVIDIA/nccl#1222": "4 nodes of 8, taken for H100s",
    "NVIDIA/nccl#2409": "2 nodes of 8 H100s, a fabric tuned badly",
}
"""Public threads that say what they measured on; of the others the adapters aren't known."""


def _several_nodes() -> Iterator[Row]:
    """By the datasheet's formula, with the ready H100 inside a node."""
    calibration = Calibration.load("h100")
    with SEVERAL_NODES.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["source"] in _KNOWN]
    for source, title in _KNOWN.items():
        of_source = [row for row in rows if row["source"] == source]
        errors, covered = zip(*(_across(calibration, row) for row in of_source), strict=True)
        yield {
            "table": "limits",
            "what": title,
            "asked for": "datasheet across nodes",
            "rows": len(of_source),
            "MAPE %": percent(sum(errors) / len(errors)),
            "band ± %": "",
            "in band %": percent(sum(covered) / len(covered)),
        }


def _across(calibration: Calibration, row: Mapping[str, str]) -> tuple[float, bool]:
    """How far off one row is, and whether it lies in its band."""
    npus, size, kind = int(row["gpus"]), int(row["size_bytes"]), collective_named(row["collective"])
    by_busbw = BUS_FACTORS[kind](npus) * size / float(row["busbw_GBps"])
    measured = float(row["time_us"] or 0) * NS_PER_MICROSECOND or by_busbw
    said = calibration.collective(kind, size, npus, int(row["nodes"]))
    return abs(said.mid / measured - 1), said.low <= measured <= said.high
