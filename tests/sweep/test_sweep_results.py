"""What came of a sweep: the best points, the front, ties and scatter."""

import random
import subprocess
import sys

import pytest
from support.made_sweeps import made_results

import simastra.sweep
from simastra.errors import OptionError
from simastra.sweep.comparison import front_of
from simastra.sweep.results import SweepResults
from simastra.sweep.values import cell_of

POINTS = {
    "number": [0, 1, 2, 3, 4],
    "tp": [1, 2, 4, 8, 16],
    "status": ["ok", "ok", "pruned", "ok", "deadlock"],
    "makespan_ns": [9, 5, None, 5, 1],
    "memory": [1, 3, None, 2, 0],
}
ASKED = {
    "title": "small",
    "axes": [{"name": "tp", "keys": ["generate.tp"]}],
    "objectives": {"makespan_ns": "min", "memory": "min"},
}


def test_only_finished_points_are_best_and_ties_are_all_there() -> None:
    best = SweepResults(POINTS, ASKED).best("makespan_ns")
    assert list(best.rows()) == [
        {"number": 1, "tp": 2, "status": "ok", "makespan_ns": 5, "memory": 3},
        {"number": 3, "tp": 8, "status": "ok", "makespan_ns": 5, "memory": 2},
    ]


def test_the_most_is_best_where_the_study_says_so() -> None:
    asked = {**ASKED, "objectives": {"memory": "max"}}
    assert SweepResults(POINTS, asked).best("memory").columns["number"] == [1]


def test_the_front_is_of_finished_points() -> None:
    assert SweepResults(POINTS, ASKED).front().columns["number"] == [0, 3]


def test_without_objectives_there_is_no_front() -> None:
    assert len(SweepResults(POINTS).front()) == 0


def test_each_value_of_an_axis_has_points_a_best_and_a_front_of_its_own() -> None:
    results = SweepResults(
        {
            "size": [1, 1, [2, 5], [2, 5]],
            "bandwidth": [25, 50, 25, 50],
            "status": ["ok"] * 4,
            "makespan_ns": [3, 2, 9, 7],
        },
        {"axes": [{"name": "size"}, {"name": "bandwidth"}], "objectives": {"makespan_ns": "min"}},
    )
    parts = results.by("size")
    assert {size: it.best("makespan_ns").columns["makespan_ns"] for size, it in parts.items()} == {
        1: [2],
        cell_of([2, 5]): [7],
    }
    assert [len(it.front()) for it in parts.values()] == [1, 1]
    with pytest.raises(OptionError, match="axis: unknown axis 'sise'; did you mean 'size'"):
        results.by("sise")


def test_what_is_asked_for_each_value_of_axes_is_compared_with_its_like_alone() -> None:
    axes = {"size": [1, 1, 1, 9, 9, 9], "tp": [1, 2, 4] * 2}
    asked = {
        "axes": [{"name": name} for name in axes],
        "objectives": {"makespan_ns": "min", "cost": "min"},
        "for-each": ["size"],
    }
    results = SweepResults(
        {**axes, "makespan_ns": [5, 5, 6, 50, None, 40], "cost": [3, 2, 1, 1, 1, 1]}, asked
    )
    assert results.for_each == ("size",)
    assert results.best("makespan_ns").columns["tp"] == [1, 2, 4]
    assert results.best_of_each("makespan_ns").columns["tp"] == [2, 4]  # which is on the front
    assert results.front_places == [1, 2, 5]
    assert results.by("size")[9].front().columns["tp"] == [4]
    both = SweepResults(results.columns, {**asked, "for-each": ["tp", "size"]})
    assert sorted(both.front_places) == [0, 1, 2, 3, 5]


def test_a_column_that_is_not_there_is_told() -> None:
    with pytest.raises(OptionError, match="'mackspan_ns'; did you mean 'makespan_ns'"):
        SweepResults(POINTS, ASKED).best("mackspan_ns")


def test_the_front_is_what_brute_force_finds() -> None:
    draw = random.Random(4)
    for _ in range(60):
        count = draw.randrange(1, 4)
        costs = [tuple(draw.randrange(6) for _ in range(count)) for _ in range(40)]
        expected = [
            at
            for at, one in enumerate(costs)
            if not any(
                it != one and all(a <= b for a, b in zip(it, one, strict=True)) for it in costs
            )
        ]
        assert front_of(costs) == expected


def test_seeds_are_repeats_and_their_scatter_is_told() -> None:
    results = made_results(seeds=3)
    assert results.seeds == ("seed",)
    found = results.scatter("makespan_ns")
    assert found is not None
    assert found.groups == 32
    # Each group ranges over 20 ns; the fastest has a mean of 330,510 ns.
    assert found.most == pytest.approx(20 / 330_510)
    assert found.best.mean == 330_510
    assert [results.columns["seed"][at] for at in found.best.places] == [0, 1, 2]
    assert "seed" not in results.sensitivity("makespan_ns").main
    assert made_results().scatter("makespan_ns") is None


def test_a_repeated_grid_has_a_part_of_seeds() -> None:
    results = made_results(seeds=2)
    whole = [at for at, it in enumerate(results.columns["algorithm"]) if it != "tree"]
    found = results.at(whole).sensitivity("makespan_ns")
    assert found.is_full
    assert found.repeats == pytest.approx(25 / found.variance)


def test_a_notebook_shows_the_front_of_many() -> None:
    html = made_results()._repr_html_()
    assert "Ring or &lt;switch&gt;" in html
    assert "36 points: 32 ok, 4 error" in html
    assert html.count("<tr>") == 1 + 4
    assert SweepResults({})._repr_html_().startswith("<div><b>Sweep</b>")


def test_pandas_has_it_all() -> None:
    pandas = pytest.importorskip("pandas")
    frame = made_results().to_pandas()
    assert isinstance(frame, pandas.DataFrame)
    assert list(frame.columns) == list(made_results().columns)
    assert frame.makespan_ns.min() == 330_500


def test_public_names_are_completed_before_they_are_imported() -> None:
    script = "import simastra.sweep as it; print(*(n for n in dir(it) if n[:1] != '_'))"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True)
    assert ran.stdout.split() == simastra.sweep.__all__


def test_what_is_compared_for_each_value_says_what_matters_there() -> None:
    sizes, ways = (1, 1000), ("ring", "tree")
    factors = {("ring", 1): 3, ("tree", 1): 1, ("ring", 1000): 1, ("tree", 1000): 1}
    points = [(size, way) for size in sizes for way in ways]
    results = SweepResults(
        {
            "size": [size for size, _ in points],
            "way": [way for _, way in points],
            "makespan_ns": [size * factors[way, size] for size, way in points],
        },
        {
            "axes": [{"name": "size"}, {"name": "way"}],
            "objectives": {"makespan_ns": "min"},
            "for-each": ["size"],
        },
    )
    found = results.sensitivity("makespan_ns")
    assert found.main == {"way": pytest.approx(0.5)}
    assert found.pairs == {("size", "way"): pytest.approx(0.5)}
    assert {it.value: it.mean for it in found.levels["way"]} == {"ring": 1.25, "tree": 0.75}
