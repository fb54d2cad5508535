"""What the exact mode says of the same collectives, with a datasheet's network.

As a user without measurements would configure it: one switch, links of the datasheet's bandwidth,
500 ns from GPU to GPU, rings (all-to-all direct), four chunks.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping

from simastra import NetworkConfig, SystemConfig
from simastra.calibration.fit.gathered import Times
from simastra.calibration.fit.points import Place
from simastra.report.bandwidth import sweep
from simastra.trace import CollectiveType
from simastra.trace.nccl_tests import collective_named
from simastra.units import NS_PER_SECOND, GiB, ns_to_micros

from .tables import HARDWARE, PublicSystem

_LATENCY_NS = 250.0  # to the switch, and as much from it
_GIB_S = NS_PER_SECOND / GiB  # of a GB/s
_CHUNKS = 4
_MEMORY_GB_S = 3350.0

VALIDATED = HARDWARE / "astrasim_vs_h100_nccl2.29.csv"
"""ASTRA-sim's validated H100 pair of files, beside the newest campaign."""


def exact_times(system: PublicSystem, places: Iterable[Place]) -> Mapping[Place, float]:
    """In µs, by simulation."""
    sizes: dict[tuple[CollectiveType, int], list[int]] = {}
    for place in places:
        sizes.setdefault((place.kind, place.npus), []).append(place.size)
    return dict(
        timed
        for (kind, npus), of_curve in sizes.items()
        for timed in _curve(system, kind, npus, of_curve)
    )


def _curve(
    system: PublicSystem, kind: CollectiveType, npus: int, sizes: list[int]
) -> Iterator[tuple[Place, float]]:
    network = NetworkConfig(
        topology=["Switch"],
        npus_count=[npus],
        bandwidth=[system.datasheet.link_gb_s * _GIB_S],
        latency=[_LATENCY_NS],
    )
    rows = sweep(kind, sizes, _system(), network)
    for size, row in zip(sizes, rows, strict=True):
        yield Place(kind, npus, size), ns_to_micros(row.time)


def _system() -> SystemConfig:
    return SystemConfig(
        all_reduce_implementation=["ring"],
        all_gather_implementation=["ring"],
        reduce_scatter_implementation=["ring"],
        all_to_all_implementation=["direct"],
        preferred_dataset_splits=_CHUNKS,
        local_mem_bw=_MEMORY_GB_S,
    )


def validated_times() -> Times:
    """ASTRA-sim's of its own H100, in µs, to which the exact mode is equal."""
    with VALIDATED.open(encoding="utf-8", newline="") as file:
        return {
            Place(collective_named(row["collective"]), int(row["gpus"]), int(row["bytes"])): float(
                row["astra_us"]
            )
            for row in csv.DictReader(file)
        }
