"""A study that has some of everything, and the table that comes of one."""

import json
from pathlib import Path
from typing import Any

from simastra import MiB, TraceBuilder
from simastra.sweep import Study
from simastra.sweep.dataset import read_table

SYSTEM = {"all-reduce-implementation": ["ring"], "preferred-dataset-splits": 4, "local-mem-bw": 50}
NETWORK = {"topology": ["Ring"], "npus_count": [4], "bandwidth": [50], "latency": [500]}


def some_study(folder: Path, **changes: Any) -> Path:
    """Write a study of 36 points: some finish, some stand still, some make no sense.

    Args:
        folder: where to.
        changes: of its keys.
    """
    together = TraceBuilder()
    together.all_reduce("gradients", size=1 * MiB)
    together.write(folder / "together", 8)
    for npu in range(8):
        waiting = TraceBuilder(npu)
        waiting.compute("work", micros=5 + npu)
        waiting.recv("never sent", size=64, source=(npu + 1) % 4)
        waiting.write(folder / "waiting")
    study = {
        "title": "Some of everything",
        "workload": "together",
        "system": SYSTEM,
        "network": NETWORK,
        "axes": {  # the last changes fastest
            "workload": ["together", "waiting"],
            "network.topology[0]": ["Ring", "Switch", "Klein bottle"],
            "network.npus_count[0]": [4, 8],
            "network.bandwidth[0]": [25, 50, 100],
        },
        "columns": {"cost": "npus * network.bandwidth[0]"},
        "objectives": {"makespan": "min", "cost": "min"},
        **changes,
    }
    path = folder / "study.yml"
    path.write_text(json.dumps(study))
    return path


def many_points(folder: Path, bandwidths: int) -> Study:
    """A study of points that take some milliseconds each: so many bandwidths, in three systems."""
    return Study.load(
        some_study(
            folder,
            axes={
                "system.preferred-dataset-splits": [4, 8, 16],
                "network.bandwidth[0]": {"linear": [25, 400], "points": bandwidths},
            },
            options={"shortcuts": "off"},
        )
    )


def rows_of(folder: Path) -> list[dict[str, object]]:
    """The sorted table of a sweep, without what times say of how it was made."""
    return [{**row, "wall_s": None} for row in read_table(folder).rows()]
