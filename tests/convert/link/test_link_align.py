"""Aligning operators by name: laws, and noise."""

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simastra.convert.link.align import AlignedStep, Pair, align

_NAMES = st.lists(st.sampled_from("abcdef"), max_size=60)


def _steps(names: list[str]) -> list[AlignedStep]:
    return [AlignedStep(name, None) for name in names]


def _program(length: int, seed: int = 1) -> list[str]:
    source = random.Random(seed)
    return [f"op{source.randrange(40)}" for _ in range(length)]


@given(_NAMES, _NAMES)
def test_pairs_have_equal_names_and_never_cross(host: list[str], device: list[str]) -> None:
    pairs = align(_steps(host), _steps(device))
    assert all(host[pair.host] == device[pair.device] for pair in pairs)
    for first, second in pairwise(pairs):
        assert first.host < second.host
        assert first.device < second.device


@given(_NAMES)
def test_a_recording_aligns_with_itself(names: list[str]) -> None:
    assert align(_steps(names), _steps(names)) == [Pair(i, i) for i in range(len(names))]


@given(st.integers(0, 300), st.integers(0, 300))
def test_a_recording_is_found_within_a_longer_one_and_the_other_way_round(
    before: int, after: int
) -> None:
    inner = _program(200)
    outer = [*_program(before, 2), *inner, *_program(after, 3)]
    pairs = align(_steps(inner), _steps(outer))
    assert pairs == [Pair(i, before + i) for i in range(200)]
    assert align(_steps(outer), _steps(inner)) == [Pair(before + i, i) for i in range(200)]


@pytest.mark.parametrize("noise", [0.005, 0.02])
def test_operators_missing_here_and_there_cost_little_more_than_themselves(noise: float) -> None:
    program, source = _program(5000), random.Random(4)
    host = [name for name in program if source.random() > noise]
    device = [name for name in program if source.random() > noise]
    common = len(program) * (1 - 2 * noise)
    assert len(align(_steps(host), _steps(device))) > common * 0.99


def test_sequence_numbers_tell_which_of_equal_steps_was_recorded() -> None:
    step = _program(50)
    device = [
        AlignedStep(name, 100 * turn + i) for turn in range(10) for i, name in enumerate(step)
    ]
    host = [AlignedStep(name, 700 + i) for i, name in enumerate(step)]
    assert align(host, device) == [Pair(i, 350 + i) for i in range(50)]


def test_without_them_the_first_of_equal_steps_is_taken() -> None:
    step = _program(50)
    assert align(_steps(step), _steps(step * 10)) == [Pair(i, i) for i in range(50)]


def test_several_steps_align_with_as_many() -> None:
    steps = _program(300) * 3
    device = [*_program(40, 2), *steps, *_program(40, 3)]
    assert align(_steps(steps), _steps(device)) == [Pair(i, 40 + i) for i in range(900)]


def test_programs_with_nothing_in_common_have_no_pairs() -> None:
    assert align(_steps(list("abc")), _steps(list("xyz"))) == []
    assert align([], _steps(list("xyz"))) == []
