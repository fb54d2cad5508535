"""Points that Optuna suggests: within conditions, none twice, the same every time, and good."""

import math
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from support.sweep_points import study

from benchmarks.search import hypervolume
from simastra import ConfigError
from simastra.sweep import Study
from simastra.sweep.modes import mode_of
from simastra.sweep.modes.encoding import Encoding, is_ordered

AXES: dict[str, object] = {
    "network.bandwidth[0]": {"log": [12.5, 400], "points": 12},
    "network.topology[0]": ["Switch", "Ring", "FullyConnected"],
    "network.latency[0]": [2000, 1000, 500, 200, 100, 50],
    "splits": {"log": [1, 32], "points": 6, "key": "system.preferred-dataset-splits"},
}
GOALS = {"makespan": "min", "cost": "min"}
Came = Callable[[Mapping[str, object]], dict[str, object]]


def asking(points: int = 60, seed: int = 1, **keys: object) -> Study:
    optuna = {
        "points": points,
        "seed": seed,
        **{k: keys.pop(k) for k in ("sampler", "storage") if k in keys},
    }
    chosen = {"axes": AXES, "objectives": GOALS, "columns": {"cost": "npus"}, **keys}
    return study(mode={"optuna": optuna}, **chosen)


def came(setting: Mapping[str, object]) -> dict[str, object]:
    """A machine's time and cost, in closed form: links by their number, chunks by their overlap."""
    bandwidth, latency, splits = (
        float(str(setting[name]))
        for name in ("network.bandwidth[0]", "network.latency[0]", "splits")
    )
    steps, links = {"Ring": (6, 2), "Switch": (6, 1.5), "FullyConnected": (2, 3)}[
        str(setting["network.topology[0]"])
    ]
    time = steps * (latency * splits / 4 + 2**20 / 4 / bandwidth) * (1 + 1 / splits)
    cost = links * (200 + bandwidth**1.2) + 2e4 / math.sqrt(latency)
    return {"status": "ok", "makespan_ns": int(time), "cost": cost}


def run(given: Study, outcome: Came = came) -> list[int]:
    """All points that are asked for."""
    mode, numbers = mode_of(given), []
    assert mode.waits
    while batch := mode.ask():
        numbers += batch
        mode.tell(batch, [outcome(given.space.setting(it)) for it in batch])
    assert len(set(numbers)) == len(numbers)
    return numbers


@pytest.mark.parametrize("sampler", ["nsga2", "tpe"])
def test_the_same_points_every_time_and_as_many_as_are_wanted(sampler: str) -> None:
    first = run(asking(sampler=sampler))
    assert len(first) == 60
    assert first == run(asking(sampler=sampler))
    assert first != run(asking(sampler=sampler, seed=2))


def test_what_is_told_in_parts_is_the_same() -> None:
    given = asking()
    mode, numbers = mode_of(given), []
    while batch := mode.ask():
        numbers += batch
        for number in batch:
            mode.tell([number], [came(given.space.setting(number))])
    assert numbers == run(given)


def test_conditions_are_kept_though_few_points_meet_them() -> None:
    given = asking(points=40, where="splits == 4 and latency[0] <= 500 and bandwidth[0] > 20")
    found = run(given)
    assert len(found) == 40
    assert all(given.space.allows(given.space.setting(it)) for it in found)


def test_a_small_space_is_run_to_the_end() -> None:
    given = asking(points=10_000, axes={"network.latency[0]": [1, 2, 3], "splits": AXES["splits"]})
    constant = {"status": "ok", "makespan_ns": 7, "cost": 1}
    assert sorted(run(given, lambda _: constant)) == list(range(18))
    assert mode_of(given).total == 18


def test_points_that_come_to_nothing_are_passed_over() -> None:
    def outcome(setting: Mapping[str, object]) -> dict[str, object]:
        if setting["network.topology[0]"] == "Switch":
            return {"status": "error", "error": "no such machine"}
        return came(setting) if setting["splits"] != 1 else {"status": "ok", "makespan_ns": 4}

    assert len(run(asking(), outcome)) == 60


@pytest.mark.parametrize("seed", range(1, 6))
def test_nsga2_finds_the_front_with_a_fifth_of_the_points(seed: int) -> None:
    size = math.prod((12, 3, 6, 6))
    given = asking(points=size // 5, seed=seed)
    values = [came(given.space.setting(number)) for number in range(size)]
    costs = [(math.log(float(str(it["makespan_ns"]))), float(str(it["cost"]))) for it in values]
    worst = max(time for time, _ in costs), max(cost for _, cost in costs)
    found = hypervolume([costs[it] for it in run(given)], worst)
    assert found >= 0.95 * hypervolume(costs, worst)


def test_what_others_found_in_a_shared_storage_counts(tmp_path: Path) -> None:
    storage = f"sqlite:///{tmp_path / 'optuna.db'}"
    first = run(asking(storage=storage, points=16))
    second = run(asking(storage=storage, points=16))
    assert first == run(asking(points=16))
    assert second != first


def test_a_storage_that_cannot_be_used_is_told() -> None:
    with pytest.raises(ConfigError, match=r"mode\.optuna\.storage: can't be used") as told:
        mode_of(asking(storage="nonsense://here"))
    assert "sqlite:///optuna.db" in str(told.value)


def test_axes_in_order_are_numbers_to_a_sampler() -> None:
    assert is_ordered([3, 2, 1.5])
    assert not is_ordered([1, 3, 2])
    assert not is_ordered(["1", "2"])
    assert not is_ordered([False, True])


def test_every_point_has_a_number() -> None:
    given = asking()
    encoding = Encoding(given.axes)
    for number in (0, 5, 100, given.space.size - 1):
        setting = given.space.setting(number)
        chosen = {axis.name: axis.values.index(setting[axis.name]) for axis in given.axes}
        assert encoding.number(chosen) == number
        assert encoding.chosen(number) == chosen
        assert encoding.number_at(encoding.places(number)) == number
