"""The space of a study: numbers and settings, and what conditions leave of it."""

import math
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simastra import ConfigError
from simastra.sweep import Study
from simastra.sweep.study import Axis, KeyPath, Space
from simastra.sweep.study.space import SpaceCondition

AXES = st.lists(st.integers(1, 4), min_size=1, max_size=4).map(
    lambda lengths: tuple(
        Axis(f"a{at}", (KeyPath("generate", (f"a{at}",)),), tuple(range(length)))
        for at, length in enumerate(lengths)
    )
)


@given(AXES)
def test_numbers_are_those_of_the_grid(axes: tuple[Axis, ...]) -> None:
    space = Space(axes)
    grid = list(product(*(axis.values for axis in axes)))
    assert space.size == len(grid)
    assert [tuple(space.setting(number).values()) for number in space.numbers()] == grid


@given(AXES, st.data())
def test_conditions_leave_what_they_hold_for(axes: tuple[Axis, ...], data: st.DataObject) -> None:
    names = [axis.name for axis in axes]
    some = st.lists(st.sampled_from(names), max_size=3).map(frozenset)
    conditions = [
        SpaceCondition(asked, lambda it, asked=asked: sum(it[name] for name in asked) % 3 != 1)
        for asked in data.draw(st.lists(some, max_size=3))
    ]
    space = Space(axes, conditions)
    every = (number for number in range(space.size) if space.allows(space.setting(number)))
    assert list(space.numbers()) == list(every)


def test_there_is_no_point_beyond_the_last() -> None:
    space = Space((Axis("a", (KeyPath("generate", ("a",)),), (1, 2)),))
    for number in (-1, 2):
        with pytest.raises(IndexError, match="there are 2"):
            space.setting(number)


def transformer(**keys: object) -> Study:
    return Study(
        generate={"kind": "transformer", "model": "llama3-8b"},
        system="@hgx-h100",
        network="@hgx-h100:8",
        axes={f"generate.{axis}": {"log": [1, 64], "factor": 2} for axis in ("tp", "pp", "dp")},
        **keys,
    )


def test_a_condition_on_axes_leaves_the_right_points() -> None:
    asked = transformer(where="tp * pp * dp == 64")
    settings = [asked.space.setting(number) for number in asked.space.numbers()]
    assert len(settings) == 28  # ways to write 2^6 as three powers of 2
    assert all(math.prod(it.values()) == 64 for it in settings)


def test_of_a_large_space_few_settings_are_looked_at() -> None:
    many = {"linear": [1, 1000], "step": 1}
    names = ("tp", "pp", "dp", "cp")
    asked = Study(
        generate={"kind": "transformer", "model": "llama3-8b"},
        system="@hgx-h100",
        network="@hgx-h100:8",
        axes={f"generate.{name}": many for name in names},
        where=["tp == 3", "pp == tp", "dp == pp + 1", "cp > 998"],
    )
    assert len(list(asked.space.numbers())) == 2
    assert asked.space.size == 10**12


def test_a_condition_that_cannot_be_told_names_the_setting() -> None:
    asked = transformer(where="tp / (pp - 1) > 0")
    with pytest.raises(ConfigError, match=r"where\[0\].*divided by 0, where .*generate.pp=1"):
        list(asked.space.numbers())


def test_what_makes_no_sense_is_let_pass_to_become_a_row() -> None:
    asked = transformer(where="npus == 8 and network.npus_count[0] == 8")
    assert list(asked.space.numbers()) == list(range(asked.space.size))
