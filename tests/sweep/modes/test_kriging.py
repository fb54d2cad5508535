"""Kriging, and what is chosen by it, where the answer is known."""

import numpy as np
from support.sweep_points import study

from simastra.sweep.modes.encoding import Encoding
from simastra.sweep.modes.kriging import Kriging
from simastra.sweep.modes.preselection import Preselection
from simastra.sweep.study.objectives import Goal, Objective

AXES = {
    "network.bandwidth[0]": list(range(1, 10)),
    "network.latency[0]": list(range(1, 10)),
    "network.topology[0]": ["Ring", "Switch"],
}
GRID = Encoding(study(axes=AXES).axes)


def height(places: tuple[int, ...]) -> float:
    return 0.3 * places[0] + 0.05 * places[1] ** 2 + (1.0 if places[2] else 0.0)


def test_it_goes_through_what_is_known_and_is_less_sure_between() -> None:
    points = [(a, b, c) for a in range(0, 9, 2) for b in range(0, 9, 2) for c in range(2)]
    model = Kriging(GRID, points, np.array(list(map(height, points))))
    means, deviations = model.at(points)
    assert np.allclose(means, list(map(height, points)), atol=0.02)
    between = [(1, 1, 0), (3, 5, 1), (7, 7, 0)]
    expected, less_sure = model.at(between)
    assert np.allclose(expected, list(map(height, between)), atol=0.2)
    assert less_sure.min() > deviations.max()


def test_equal_values_are_no_obstacle() -> None:
    means, deviations = Kriging(GRID, [(0, 0, 0), (8, 8, 1)], np.ones(2)).at([(4, 4, 0)])
    assert (means[0], deviations[0]) == (1, 0)


def test_the_most_promising_children_are_run() -> None:
    came = {it: [1 + height(GRID.places(it))] for it in range(0, 162, 5)}
    children = [GRID.number_at(it) for it in [(8, 8, 1), (0, 1, 0), (8, 7, 0), (7, 8, 1)]]
    for goal, best in ((Goal.MIN, [1]), (Goal.MAX, [0])):
        chosen = Preselection(GRID, [Objective("makespan_ns", goal)])
        assert chosen.chosen(children, 1, came) == [children[it] for it in best]


def test_what_came_to_nothing_is_kept_away_from() -> None:
    came: dict[int, list[float] | None] = {
        GRID.number_at((0, 4, 0)): [5.0],
        GRID.number_at((4, 4, 0)): [4.0],
        GRID.number_at((8, 3, 0)): None,
        GRID.number_at((8, 5, 0)): None,
    }
    near, far = GRID.number_at((8, 4, 0)), GRID.number_at((3, 4, 0))
    chosen = Preselection(GRID, [Objective("makespan_ns", Goal.MIN)])
    assert chosen.chosen([near, far], 1, came) == [far]
