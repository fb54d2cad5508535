"""``python -m benchmarks.accuracy.switches``: all-reduces that an NVSwitch reduces, and rings.

Beside those of 8 H100s, on the network of ASTRA-sim's validated pair of files. From 16 MiB on, NCCL
2.29 has the switch reduce half precision there (NVLS).
"""

import csv
import sys
import warnings
from collections.abc import Iterator
from statistics import mean

from simastra import MiB, NetworkConfig, Simulation, SystemConfig, TraceBuilder
from simastra.units import Bytes, ns_to_micros

from .tables import COLLECTIVES

_LEAST: Bytes = 16 * MiB
_ROWS = {
    "system": "h100_sxm",
    "data_dir": "comm/nccl/2.29.2",
    "collective": "all_reduce",
    "nccl_dtype": "half",
    "gpus": "8",
}
_NETWORK = NetworkConfig(
    topology=[{"name": "Switch", "reduces": True}],
    npus_count=[8],
    bandwidth=[400.0],
    latency=[936.25],
)


def measured() -> Iterator[tuple[Bytes, float]]:
    """Sizes, and µs."""
    with COLLECTIVES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if _ROWS.items() <= row.items() and int(row["bytes"]) >= _LEAST:
                yield int(row["bytes"]), float(row["us"])


def simulated(algorithm: str, size: Bytes, chunks: int, active: int) -> float:
    """In µs."""
    trace = TraceBuilder()
    trace.all_reduce("All-Reduce", size=size)
    system = SystemConfig(
        all_reduce_implementation=[algorithm],
        preferred_dataset_splits=chunks,
        active_chunks_per_dimension=active,
        local_mem_bw=3350,
    )
    return ns_to_micros(Simulation(trace, system, _NETWORK).run().makespan)


def main() -> None:
    """Print how far both are from what was measured."""
    times = list(measured())
    for chunks, active in ((1, 1), (4, 1), (4, 2), (4, 4)):
        for algorithm in ("ring", "nvls"):
            errors = [simulated(algorithm, size, chunks, active) / us - 1 for size, us in times]
            shown = " ".join(f"{100 * it:+6.1f}" for it in errors)
            mape = 100 * mean(map(abs, errors))
            told = f"{chunks} chunks, {active} active, {algorithm}: MAPE {mape:.1f} %, {shown}"
            sys.stdout.write(f"{told}\n")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main()
