"""Modes that know their points before any is run: the grid, and points at random."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simastra import ConfigError
from simastra.config import ConfigModel
from simastra.sweep import Study
from simastra.sweep.modes import mode_of
from simastra.sweep.modes.drawn import drawn
from simastra.sweep.modes.making import made
from simastra.sweep.modes.shuffled import shuffled
from simastra.sweep.study.mode_choice import MODES

RING = {"topology": ["Ring"], "npus_count": [8], "bandwidth": [50], "latency": [500]}
AXES = {"network.bandwidth[0]": {"linear": [1, 40], "points": 40}, "network.latency[0]": [1, 2, 3]}


def study(**keys: object) -> Study:
    base = {"generate": {"kind": "collective"}, "system": "@demo", "network": RING, "axes": AXES}
    return Study(**{**base, **keys})


def asked(given: Study) -> list[int]:
    mode, numbers = mode_of(given), []
    assert not mode.waits
    while batch := mode.ask():
        numbers += batch
    assert mode.total is not None
    assert len(set(numbers)) == len(numbers) <= mode.total
    return numbers


@pytest.mark.parametrize("settings", MODES.values())
def test_every_mode_is_made_of_its_settings(settings: type[ConfigModel]) -> None:
    assert made.dispatch(settings) is not made.dispatch(object)


def test_the_grid_is_every_point_in_order() -> None:
    assert asked(study()) == list(range(120))


def test_the_grid_leaves_out_what_conditions_do() -> None:
    found = study(where="latency[0] > 1 and bandwidth[0] <= 10")
    assert asked(found) == [at for at in range(30) if at % 3]


def test_points_at_random_are_those_of_their_seed() -> None:
    first = asked(study(mode={"random": {"points": 30, "seed": 1}}))
    assert len(first) == 30
    assert first == asked(study(mode={"random": {"points": 30, "seed": 1}}))
    assert first != asked(study(mode={"random": {"points": 30, "seed": 2}}))
    assert first == asked(study(mode={"random": {"points": 120, "seed": 1}}))[:30]


def test_points_at_random_are_allowed_ones_and_all_if_few() -> None:
    found = asked(study(where="latency[0] > 1", mode={"random": {"points": 100, "seed": 7}}))
    assert sorted(found) == [at for at in range(120) if at % 3]


def test_a_huge_space_is_not_listed() -> None:
    axes = {f"network.latency[{at}]": {"linear": [1, 100], "points": 100} for at in range(6)}
    shape = {**RING, "topology": ["Ring"] * 6, "npus_count": [2] * 6}
    shape |= {"bandwidth": [50] * 6, "latency": [1] * 6}
    found = study(network=shape, axes=axes, mode={"random": {"points": 50}}, system="@demo")
    assert found.space.size == 100**6
    assert len(asked(found)) == 50


def test_drawing_ends_where_conditions_allow_nothing() -> None:
    with pytest.raises(ConfigError, match=r"where: of 100 points .* it allows none"):
        next(drawn(study(where="latency[0] < 0"), 1, most_misses=100))
    assert not list(drawn(study(where="latency[0] < 0"), 1))  # all of them have been drawn


@given(st.integers(1, 300), st.integers(0, 9))
def test_shuffled_numbers_are_all_of_them(size: int, seed: int) -> None:
    assert sorted(shuffled(size, seed)) == list(range(size))


def test_every_place_is_as_likely() -> None:
    firsts = [next(shuffled(5, seed)) for seed in range(2000)]
    assert all(330 < firsts.count(number) < 470 for number in range(5))
