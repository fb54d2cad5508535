"""Ten thousand points of 8 to 64 NPUs, as a sweep runs them: simulated, measured and written."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any

from simastra.sweep import EngineSettings, Study, read_results, run_study

from .record import Row
from .settings import Settings

WORKERS = 2
ENGINES: Mapping[str, EngineSettings] = {
    "serial": EngineSettings(),
    "processes": EngineSettings(workers=WORKERS),
    "dask": EngineSettings(workers=WORKERS),
}

BANDWIDTHS, QUICK_BANDWIDTHS = 11, 1


def study(bandwidths: int) -> Study:
    """All-reduces on lines of three kinds, in chunks, at many latencies and bandwidths."""
    return Study(
        title="Ten thousand points",
        generate={"kind": "collective", "size": "1MiB"},
        system={"all-reduce-implementation": ["ring"], "local-mem-bw": 50},
        network={"topology": ["Ring"], "npus_count": [8], "bandwidth": [50], "latency": [500]},
        axes={
            "network.topology[0]": ["Ring", "Switch", "FullyConnected"],
            "network.npus_count[0]": [8, 16, 32, 64],
            "system.preferred-dataset-splits": [1, 2, 4, 8],
            "generate.size": ["1MiB", "4MiB"],
            "network.latency[0]": {"linear": [100, 1000], "points": 10},
            "network.bandwidth[0]": [25 + 34 * at for at in range(bandwidths)],
        },
    )


def measure(settings: Settings) -> list[Row]:
    """Measure each engine; another table of one of them ends the program."""
    asked = study(QUICK_BANDWIDTHS if settings.quick else BANDWIDTHS)
    rows: list[Row] = []
    tables: list[Any] = []
    for name, engine in ENGINES.items():
        with TemporaryDirectory() as folder:
            row, table = _measured(asked, Path(folder), name, engine)
        rows.append(row)
        tables.append(table)
        if table != tables[0]:
            sys.exit(f"{name}: its table isn't that of {rows[0]['engine']}")
    return rows


def _measured(
    asked: Study, folder: Path, name: str, settings: EngineSettings
) -> tuple[Row, dict[str, Any]]:
    before, began = _processor_seconds(), monotonic()
    progress = run_study(asked, folder, name, settings=settings)
    seconds, spent = monotonic() - began, _processor_seconds() - before
    print(
        f"  {name:10}: {progress.done:,} points in {seconds:5.1f} s, "
        f"{spent:5.1f} s of processor time, {progress.done / spent:,.0f} points a core's second"
    )
    row: Row = {
        "engine": name,
        "workers": settings.workers or 1,
        "points": progress.done,
        "seconds": round(seconds, 1),
        "processor_seconds": round(spent, 1),
    }
    columns = dict(read_results(folder).columns)
    del columns["wall_s"]
    return row, columns


def _processor_seconds() -> float:
    """Of this process, and of those it had that have ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system
