"""NSGA-II beside all points of random spaces: a fifth of them has nearly all of the hypervolume."""

import math
from collections.abc import Mapping
from random import Random
from statistics import fmean

from support.sweep_points import study

from benchmarks.search import hypervolume
from simastra.sweep import Study
from simastra.sweep.modes import mode_of

AXES: dict[str, list[object]] = {
    "network.bandwidth[0]": [10, 25, 50, 100, 200, 400, 800],
    "network.latency[0]": [50, 100, 200, 500, 1000, 2000],
    "network.npus_count[0]": [2, 4, 8, 16, 32],
    "network.topology[0]": ["Ring", "Switch", "FullyConnected"],
    "system.preferred-dataset-splits": [1, 2, 4, 8, 16],
    "system.active-chunks-per-dimension": [1, 2, 4],
    "generate.size": [1, 2, 4, 8, 16, 32],
    "system.scheduling-policy": ["LIFO", "FIFO"],
}
CONDITIONS = (
    "",
    "bandwidth[0] * preferred_dataset_splits <= 800",
    "npus_count[0] * active_chunks_per_dimension in [8, 16]",
    "latency[0] * bandwidth[0] < 40000",
)
LEAST, MOST = 150, 600
Costs = tuple[float, float]


def test_a_fifth_of_the_points_has_nearly_all_of_the_hypervolume() -> None:
    shares = [share_found(seed) for seed in range(50)]
    assert min(shares) >= 0.95, sorted(shares)[:5]
    assert fmean(shares) >= 0.99


def share_found(seed: int) -> float:
    """Of the hypervolume of a random space, what a fifth of its points has."""
    random = Random(seed)
    while True:
        given = space(random)
        numbers = list(given.space.numbers())
        if LEAST <= len(numbers) <= MOST:
            break
    costs = outcomes(given, numbers, random)
    asked = run(given, costs, len(numbers) // 5, seed)
    worst = max(it for it, _ in costs.values()), max(it for _, it in costs.values())
    found = hypervolume([costs[it] for it in asked], worst)
    return found / hypervolume(list(costs.values()), worst)


def space(random: Random) -> Study:
    """Some axes, with a condition that knows them, or none."""
    axes: dict[str, object] = {
        name: AXES[name] for name in random.sample(list(AXES), random.randint(3, 5))
    }
    short = {name.rpartition(".")[2].replace("-", "_") for name in axes}
    names = {it: {word for word in _NAMES if word in it} for it in CONDITIONS}
    where = random.choice([it for it in CONDITIONS if names[it] <= short])
    goals = {"makespan": "min", "npus": "min"}
    return study(axes=axes, objectives=goals, where=[where] if where else [])


_NAMES = {it.rpartition(".")[2].replace("-", "_") for it in AXES}


def outcomes(given: Study, numbers: list[int], random: Random) -> dict[int, Costs]:
    """The time's logarithm, and the price: what makes it faster costs, to some end of each axis."""
    effects: list[dict[object, Costs]] = []
    for axis in given.axes:
        last, gain, turn = len(axis.values) - 1, random.uniform(0, 1.5), random.uniform(0.3, 1.2)
        dear = random.uniform(0, 1)
        steps = [it / last for it in range(last + 1)]
        if isinstance(axis.values[0], str):
            random.shuffle(steps)
        effects.append(
            {
                value: (gain * (at - turn) ** 2, dear * at)
                for value, at in zip(axis.values, steps, strict=True)
            }
        )
    mixed = random.uniform(0, 1)
    return {number: _costs(given.space.setting(number), effects, mixed) for number in numbers}


def _costs(
    setting: Mapping[str, object], effects: list[dict[object, Costs]], mixed: float
) -> Costs:
    times, prices = zip(
        *(of[value] for of, value in zip(effects, setting.values(), strict=True)), strict=True
    )
    return sum(times) + mixed * times[0] * times[1], math.exp(sum(prices))


def run(given: Study, costs: Mapping[int, Costs], points: int, seed: int) -> list[int]:
    """The points that are asked for."""
    document = given.document()["study"]
    assert isinstance(document, dict)
    mode = mode_of(Study.of({**document, "mode": {"optuna": {"points": points, "seed": seed}}}))
    numbers: list[int] = []
    while batch := mode.ask():
        numbers += batch
        rows = [
            {"status": "ok", "makespan_ns": math.exp(costs[it][0]), "npus": costs[it][1]}
            for it in batch
        ]
        mode.tell(batch, rows)
    assert len(set(numbers)) == points
    return numbers
