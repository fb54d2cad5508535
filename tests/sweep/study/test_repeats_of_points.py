"""Points that are repeated with other seeds, and what comes of them together."""

from collections.abc import Mapping

import pytest

from simastra import ConfigError, OptionError
from simastra.sweep import Study, SweepResults
from simastra.sweep.study.statistic import percentile

RING = {"topology": ["Ring"], "npus_count": [8], "bandwidth": [50], "latency": [500]}
LEAFS = {
    "graph": {
        "routing": {"name": "ecmp", "seed": 4},
        "links": [
            {"from": "npu[0:2]", "to": "leaf.0", "bandwidth": 50, "latency": 500},
            {"from": "npu[2:4]", "to": "leaf.1", "bandwidth": 50, "latency": 500},
            {"from": "leaf[0:2]", "to": "spine.0", "bandwidth": 50, "latency": 500},
            {"from": "leaf[0:2]", "to": "spine.1", "bandwidth": 50, "latency": 500},
        ],
    },
}
"""Two leafs, two spines: which one a message takes, ECMP's seed decides."""


def repeated(repeat: object, **keys: object) -> Study:
    return Study(
        **{
            "generate": {"kind": "collective"},
            "system": "@demo",
            "network": RING,
            "axes": {"generate.size": ["1MiB", "2MiB"]},
            "repeat": repeat,
            **keys,
        }
    )


SEED = "network.latency[0]"  # whatever a number chooses


@pytest.mark.parametrize(
    ("repeat", "seeds"),
    [
        ({"seeds": 3, "of": SEED}, [1, 2, 3]),
        ({"seeds": [7, 9], "of": SEED}, [7, 9]),
        ({"seeds": [7, 7], "of": [SEED]}, [7]),
    ],
)
def test_seeds_are_the_innermost_axis(repeat: object, seeds: list[int]) -> None:
    given = repeated(repeat)
    assert [axis.name for axis in given.axes] == ["generate.size", "seed"]
    settings = [given.space.setting(number) for number in given.space.numbers()]
    assert [it["seed"] for it in settings] == seeds * 2
    assert [given.inputs(it).network.latency[0] for it in settings] == seeds * 2
    assert Study.of(given.document()).digest == given.digest


def test_a_seed_that_an_input_has_is_found() -> None:
    given = repeated(3, network=LEAFS)
    (seed,) = (axis for axis in given.axes if axis.name == "seed")
    assert list(map(str, seed.keys)) == ["network.graph.routing.seed"]
    routings = [given.inputs(given.space.setting(it)).documents["network"] for it in range(3)]
    assert [str(it).count(f"'seed': {at}") for at, it in enumerate(routings, 1)] == [1, 1, 1]


def test_several_seeds_go_together() -> None:
    given = repeated({"seeds": 2, "of": [SEED, "system.preferred-dataset-splits"]})
    inputs = [given.inputs(given.space.setting(number)) for number in (0, 1)]
    found = [(it.network.latency[0], it.system.preferred_dataset_splits) for it in inputs]
    assert found == [(1, 1), (2, 2)]


@pytest.mark.parametrize(
    ("repeat", "told"),
    [
        (5, "repeat: finds no seed in any input; say which key chooses one"),
        (0, "repeat.seeds: must be a whole number from 1 to 10,000, or a list of seeds, not 0"),
        ({"seeds": 2, "off": SEED}, "repeat.off: unknown key 'off'; did you mean 'of'?"),
        ({"of": SEED}, "repeat.seeds: must be a whole number"),
        ({"seeds": 2, "of": 3}, "repeat.of: must be a key path, or a list of them, not 3"),
        ({"seeds": 2, "of": SEED, "by": "p98"}, "repeat.by: unknown statistic 'p98'"),
    ],
)
def test_what_is_wrong_is_told(repeat: object, told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        repeated(repeat)
    assert told in str(caught.value)


def test_an_axis_called_seed_is_in_the_way() -> None:
    with pytest.raises(ConfigError, match=r"repeat: is beside an axis called seed"):
        repeated(
            {"seeds": 2, "of": SEED}, axes={"seed": {"key": "generate.size", "values": ["1KiB"]}}
        )


MADE = {
    "number": list(range(6)),
    "size": [1, 1, 1, 2, 2, 2],
    "seed": [1, 2, 3, 1, 2, 3],
    "status": ["ok"] * 5 + ["deadlock"],
    "makespan_ns": [10, 90, 20, 30, 31, None],
}
ASKED: Mapping[str, object] = {
    "axes": [{"name": "size"}, {"name": "seed", "keys": ["network.graph.routing.seed"]}],
    "objectives": {"makespan_ns": "min"},
}


@pytest.mark.parametrize(
    ("statistic", "expected"), [("", 20), ("p50", 20), ("p99", 90), ("mean", 40), ("min", 10)]
)
def test_repeats_are_one_row_with_a_statistic(statistic: str, expected: float) -> None:
    together = SweepResults(MADE, ASKED).over_seeds(statistic)
    assert together.columns["size"] == [1, 2]
    assert together.columns["repeats"] == [3, 3]
    assert together.columns["makespan_ns"] == [expected, None]
    assert together.columns["status"] == ["ok", "deadlock"]
    assert together.best("makespan_ns").columns["size"] == [1]
    assert together.axes == ("size",)


def test_the_studys_statistic_is_taken_and_others_told() -> None:
    results = SweepResults(MADE, {**ASKED, "statistic": "max"})
    assert results.over_seeds().columns["makespan_ns"] == [90, None]
    with pytest.raises(OptionError, match="unknown statistic 'p42'"):
        results.over_seeds("p42")
    document = repeated({"seeds": 2, "of": SEED, "by": "p99"}).document()
    assert document["statistic"] == "p99"


def test_a_percentile_is_one_of_the_numbers() -> None:
    numbers = [float(it) for it in range(1, 101)]
    assert [percentile(numbers, it) for it in (0.5, 0.9, 0.99, 1)] == [50, 90, 99, 100]
    assert percentile([7.0], 0.99) == 7
