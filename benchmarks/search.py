"""How much of a Pareto front a fifth of the points finds, by NSGA-II and at random."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from simastra.sweep import Study
from simastra.sweep.modes import mode_of
from simastra.sweep.points import PointRunner
from simastra.sweep.pruning import pareto

from .record import Row
from .settings import Settings

LARGER: Mapping[str, Mapping[str, str]] = {
    "@topology-cost": {
        "axes.network.bandwidth[0]": "{log: [25GB/s, 400GB/s], points: 13}",
        "axes.network.latency[0]": "[100, 250, 500, 1000, 2000]",
        "axes.system.preferred-dataset-splits": "[1, 2, 4, 8]",
    },
    "@network-needed": {
        "generate.layers": "2",
        "axes.network.bandwidth[1].points": "22",
        "axes.network.latency[1]": "[250ns, 500ns, 1us, 2us, 4us, 8us]",
        "axes.system.preferred-dataset-splits": "[1, 2, 4, 8]",
    },
    "@best-parallelism": {
        "generate.layers": "4",
        "axes.generate.pp": "[1, 2, 4]",
        "axes.generate.dp": "{log: [1, 16], factor: 2}",
        "axes.generate.micro-batches": "[1, 2, 4, 8, 16]",
        "axes.generate.zero": "[0, 1, 2, 3]",
        "axes.generate.recompute": "[none, full]",
    },
}
"""Ready studies of two objectives, with small models and axes of some hundreds of points."""

STUDIES = (*LARGER.items(), *((name, {}) for name in LARGER))
"""These, and the same as they come: 24 to 135 points, so that a fifth are 4 to 27."""

Costs: TypeAlias = tuple[float, float]
"""The makespan's logarithm, and the other objective."""

MODES = {"nsga2": "optuna: {points: %d, seed: %d}", "random": "random: {points: %d, seed: %d}"}
SEEDS = range(1, 11)
PART = 5


def measure(settings: Settings) -> list[Row]:
    """Run all points of each study once, then look which of them each mode would have run."""
    some = STUDIES[: 1 if settings.quick else None]
    return [row for name, changes in some for row in _measured(name, changes)]


def _measured(name: str, changes: Mapping[str, str]) -> Iterator[Row]:
    study = Study.load(name, changes)
    runner = PointRunner(study)
    rows = {number: runner.row(number) for number in study.space.numbers()}
    objectives = [it.column for it in study.objectives]
    costs = {
        number: (math.log(float(str(row[objectives[0]]))), float(str(row[objectives[1]])))
        for number, row in rows.items()
        if row["status"] == "ok"
    }
    count = len(rows) // PART
    for mode, words in MODES.items():
        for seed in SEEDS:
            asked = Study.load(name, {**changes, "mode": f"{{{words % (count, seed)}}}"})
            found = [costs[it] for it in _asked(asked, rows) if it in costs]
            row: Row = {"study": name, "points": len(rows), "mode": mode, "seed": seed}
            row |= {"ran": count, **_shares(found, list(costs.values()))}
            print("  " + ", ".join(f"{key} {value}" for key, value in row.items()))
            yield row


def _shares(found: Sequence[Costs], points: Sequence[Costs]) -> Row:
    """Of the hypervolume that all points have, and of the points on their front."""
    front = {points[place] for place in pareto(points)}
    worst = (max(time for time, _ in points), max(cost for _, cost in points))
    volume = hypervolume(found, worst) / hypervolume(points, worst)
    share = len(front.intersection(found)) / len(front)
    return {"hypervolume": round(volume, 3), "front": round(share, 2)}


def _asked(study: Study, rows: Mapping[int, Mapping[str, Any]]) -> Iterator[int]:
    mode = mode_of(study)
    while numbers := mode.ask():
        yield from numbers
        mode.tell(numbers, [rows[it] for it in numbers])


def hypervolume(points: Sequence[Costs], worst: Costs) -> float:
    """The area that points dominate, as far as the worst of each (Zitzler and Thiele, 1999)."""
    area, above = 0.0, worst[1]
    for time, cost in sorted({points[place] for place in pareto(points)}):
        area += (worst[0] - time) * (above - cost)
        above = cost
    return area
