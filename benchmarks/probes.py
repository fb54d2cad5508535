"""What it costs that probes could listen: a run with nobody listening, beside one without probes.

``python -m benchmarks.probes WAY`` is one such run: ``with`` the probes' places, or ``without``.
"""

import subprocess
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

from .record import Row
from .settings import Settings
from .without_probes import Stripper

NPUS = 128
QUICK_NPUS = 32
PAIRS = 9
QUICK_PAIRS = 2
_WITH, _WITHOUT = "with", "without"


def measure(settings: Settings) -> list[Row]:
    """Measure pairs of runs, one right after the other, and take the median of their ratios."""
    npus, pairs = (QUICK_NPUS, QUICK_PAIRS) if settings.quick else (NPUS, PAIRS)
    ratios, removed = [], 0
    for index in range(pairs):
        # What runs first may find the machine in another state: they take turns.
        order = (_WITH, _WITHOUT) if index % 2 else (_WITHOUT, _WITH)
        taken = {way: _run(way, npus) for way in order}
        removed = taken[_WITHOUT][1]
        ratios.append(taken[_WITH][0] / taken[_WITHOUT][0])
    more = (median(ratios) - 1) * 100
    row: Row = {
        "work": f"ring all-reduce, {npus} NPUs",
        "pairs": pairs,
        "places": removed,
        "percent_more": round(more, 1),
        "least_percent": round((min(ratios) - 1) * 100, 1),
        "most_percent": round((max(ratios) - 1) * 100, 1),
    }
    print(
        f"  {row['work']}: {row['percent_more']} % more time than without the {removed} places "
        f"that tell probes (of {pairs} pairs: {row['least_percent']} to {row['most_percent']} %)"
    )
    return [row]


def _run(way: str, npus: int) -> tuple[float, int]:
    words = [sys.executable, "-m", "benchmarks.probes", way, str(npus)]
    root = Path(__file__).parent.parent
    printed = subprocess.run(words, cwd=root, check=True, capture_output=True, text=True).stdout
    seconds, removed = printed.split()
    return float(seconds), int(removed)


def _simulate(way: str, npus: int) -> None:
    stripper = Stripper()
    if way == _WITHOUT:
        sys.meta_path.insert(0, stripper)
    # Only now, with the hook in place; and nothing above may import simastra.
    from simastra import MiB, NetworkConfig, Simulation, TraceBuilder  # noqa: PLC0415

    from .one_run import PLAIN, options_for  # noqa: PLC0415
    from .ring_all_reduce import SYSTEM  # noqa: PLC0415

    et = TraceBuilder()
    et.all_reduce("all-reduce", size=1 * MiB)
    network = NetworkConfig(topology=["Ring"], npus_count=[npus], bandwidth=[50], latency=[500])
    simulation = Simulation(et, SYSTEM, network, options=options_for("congestion-aware", PLAIN))
    start = perf_counter()
    simulation.run()
    print(perf_counter() - start, len(stripper.removed))


if __name__ == "__main__":
    _simulate(sys.argv[1], int(sys.argv[2]))
