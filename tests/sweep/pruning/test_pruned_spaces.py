"""What is left out, beside all points: no point of the front is ever lost."""

from collections.abc import Sequence
from random import Random

import pytest
from support.sweep_points import Points, study

from simastra.sweep import Study
from simastra.sweep.pruning import new_front, pareto, pruned_columns, why_nothing_is_pruned
from simastra.sweep.pruning.best_case import BestCase, costs_of

ROUND = 8
AXES: dict[str, list[object]] = {
    "network.bandwidth[0]": [10, 25, 50, 100, 200],
    "network.latency[0]": [50, 500, 2000],
    "network.topology[0]": ["Ring", "Switch", "FullyConnected"],
    "network.npus_count[0]": [2, 4, 8],
    "system.preferred-dataset-splits": [1, 4, 16],
    "system.active-chunks-per-dimension": [1, 2],
    "system.all-reduce-implementation[0]": ["ring", "direct", "halvingDoubling"],
    "options.network-backend": ["congestion-aware", "fluid", "congestion-unaware"],
    "generate.size": ["64KiB", "1MiB"],
}
COLUMNS = {
    "cost": "npus * (300 + 20 * network.bandwidth[0])",
    "area": "makespan_ns * cost / 1e6",
    "rate": "npus / makespan_ns",
    "worst": "max(makespan_ns, 1000 * npus) + (100 if network.latency[0] < 100 else 0)",
}
OBJECTIVES = [
    {"makespan": "min"},
    {"makespan": "min", "cost": "min"},
    {"area": "min"},
    {"rate": "max", "cost": "min"},
    {"worst": "min", "cost": "min", "npus": "max"},
    {"makespan": "min", "bound_ns": "max"},
    {"slack_ns": "min", "cost": "min"},
]


def made(seed: int) -> Study:
    """A random space of up to three dozens of points."""
    random = Random(seed)
    axes: dict[str, object] = {}
    size = 1
    for name in random.sample(sorted(AXES), 5):
        values = AXES[name]
        some = random.sample(values, min(len(values), random.randint(2, 4)))
        if size * len(some) <= 36:
            axes[name], size = some, size * len(some)
    goals = random.choice(OBJECTIVES)
    for_each = random.sample(sorted(axes), random.randint(0, min(2, len(axes) - 1)))
    return study(axes=axes, columns=COLUMNS, objectives=goals, for_each=for_each)


def swept(points: Points) -> tuple[list[dict[str, object]], list[int]]:
    """The rows of those that ran, in rounds, and numbers of those that didn't."""
    given, numbers = points.study, list(points.study.space.numbers())
    front, rows, pruned = new_front(given), [], []
    for first in range(0, len(numbers), ROUND):
        some = []
        for number in numbers[first : first + ROUND]:
            setting = given.space.setting(number)
            left_out = pruned_columns(given, points.pending(number), setting, front)
            if left_out is None:
                some.append(points.row(number))
            else:
                assert left_out["makespan_ns"] is None
                assert left_out["bound_ns"] == points.row(number)["bound_ns"]
                pruned.append(number)
        front.tell(some)
        rows += some
    return rows, pruned


def front_of(given: Study, rows: Sequence[dict[str, object]]) -> set[object]:
    parts: dict[str, list[dict[str, object]]] = {}
    for row in rows:
        parts.setdefault(str([row[name] for name in given.for_each]), []).append(row)
    front: set[object] = set()
    for part in parts.values():
        costs = [costs_of(given.objectives, row) for row in part]
        known = [it for it in costs if it is not None]
        assert len(known) == len(costs)
        front |= {part[place]["number"] for place in pareto(known)}
    return front


@pytest.mark.filterwarnings("ignore::simastra.SimastraWarning")
def test_no_point_of_the_front_is_lost() -> None:
    left_out = ran = 0
    for seed in range(60):
        points = Points(made(seed))
        rows, pruned = swept(points)
        everything = points.rows(points.study.space.numbers())
        assert front_of(points.study, rows) == front_of(points.study, everything), seed
        left_out, ran = left_out + len(pruned), ran + len(rows)
    assert left_out > (left_out + ran) / 8


@pytest.mark.filterwarnings("ignore::simastra.SimastraWarning")
def test_no_point_is_better_than_it_could_be() -> None:
    for seed in range(60, 70):
        points = Points(made(seed))
        given = points.study
        for number in given.space.numbers():
            best = BestCase(given, given.space.setting(number), points.pending(number)).costs()
            came = costs_of(given.objectives, points.row(number))
            assert came is not None
            assert all(one <= other for one, other in zip(best, came, strict=True)), (seed, number)


def test_what_is_alike_in_the_table_is_a_tie() -> None:
    axes = {"network.bandwidth[0]": [10, 100], "network.latency[0]": [500]}
    columns = {"much": "2 ** 60 + bandwidth[0]"}
    points = Points(study(axes=axes, columns=columns, objectives={"much": "min"}))
    front = new_front(points.study)
    row = points.row(0)
    front.tell([{**row, "much": float(row["much"])}])  # as it is stored
    setting = points.study.space.setting(1)
    assert pruned_columns(points.study, points.pending(1), setting, front) is None


def test_columns_that_ask_for_many_others_are_bounded_at_once() -> None:
    columns = {"c0": "makespan_ns", "c1": "makespan_ns"}
    columns |= {f"c{at}": f"c{at - 1} + c{at - 2}" for at in range(2, 64)}
    given = study(axes={"network.bandwidth[0]": [10]}, columns=columns, objectives={"c63": "min"})
    assert why_nothing_is_pruned(given) is None
    points = Points(given)
    (cost,) = BestCase(given, given.space.setting(0), points.pending(0)).costs()
    assert cost > 0


def test_objectives_that_nothing_is_known_of_before_keep_every_point() -> None:
    axes = {"network.bandwidth[0]": [10, 100]}
    idle = study(axes=axes, columns={"share": "idle_ns / makespan_ns"}, objectives={"share": "min"})
    told = why_nothing_is_pruned(idle)
    assert told is not None
    assert "objective share, which takes idle_ns" in told
    rows, pruned = swept(Points(idle))
    assert (len(rows), pruned) == (2, [])
    assert why_nothing_is_pruned(study(axes=axes)) is None
