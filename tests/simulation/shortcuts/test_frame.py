"""Renumberings of the NPUs: they commute, and only the identity leaves an NPU in its place."""

from __future__ import annotations

from itertools import pairwise
from math import prod

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from simastra.simulation.shortcuts.frame import Digit, Frame, Motion

NPUS_ABOVE = 3
"""So many more values above the highest digit."""


@st.composite
def frames(draw: st.DrawFn) -> tuple[Frame, int]:
    """A frame whose digits follow each other, some of them left out; and a number of NPUs."""
    digits = []
    stride = 1
    for _ in range(draw(st.integers(1, 4))):
        motion = draw(st.sampled_from(Motion))
        size = draw(st.sampled_from((2, 4, 8) if motion is Motion.EXCHANGE else (2, 3, 4, 5, 6)))
        step = draw(st.sampled_from([step for step in range(1, size) if size % step == 0]))
        if draw(st.booleans()) or not digits:
            digits.append(Digit(stride, size, motion, step))
        stride *= size
    return Frame(tuple(digits)), stride * NPUS_ABOVE


@st.composite
def frames_and_renumberings(draw: st.DrawFn, count: int) -> tuple[Frame, list[int], int]:
    """A frame, renumberings of it and an NPU."""
    frame, npus = draw(frames())
    known = list(frame.renumberings())
    return (
        frame,
        [draw(st.sampled_from(known)) for _ in range(count)],
        draw(st.integers(0, npus - 1)),
    )


@given(frames())
def test_each_renumbering_is_listed_once_and_the_identity_first(drawn: tuple[Frame, int]) -> None:
    frame, _ = drawn
    listed = list(frame.renumberings())
    assert listed[0] == 0
    assert len(set(listed)) == len(listed) == frame.order == prod(d.order for d in frame.digits)
    assert all(one < other for one, other in pairwise(listed))


@given(frames_and_renumberings(2))
def test_one_after_another_is_a_renumbering_too(drawn: tuple[Frame, list[int], int]) -> None:
    frame, (one, other), npu = drawn
    both = frame.move(one, other)
    assert both in set(frame.renumberings())
    assert frame.move(both, npu) == frame.move(one, frame.move(other, npu))


@given(frames_and_renumberings(2))
def test_the_order_of_renumberings_does_not_matter(drawn: tuple[Frame, list[int], int]) -> None:
    frame, (one, other), npu = drawn
    assert frame.move(one, frame.move(other, npu)) == frame.move(other, frame.move(one, npu))
    assert frame.move(one, other) == frame.move(other, one)


@given(frames_and_renumberings(3))
def test_renumberings_associate(drawn: tuple[Frame, list[int], int]) -> None:
    frame, (one, two, three), _ = drawn
    assert frame.move(frame.move(one, two), three) == frame.move(one, frame.move(two, three))


@given(frames_and_renumberings(1))
def test_an_inverse_undoes(drawn: tuple[Frame, list[int], int]) -> None:
    frame, (by,), npu = drawn
    assert frame.move(frame.inverse(by), frame.move(by, npu)) == npu
    assert frame.move(by, frame.inverse(by)) == 0


@given(frames_and_renumberings(1))
def test_only_the_identity_leaves_an_npu_in_its_place(drawn: tuple[Frame, list[int], int]) -> None:
    frame, (by,), npu = drawn
    assert (frame.move(by, npu) == npu) == (by == 0)


@given(frames_and_renumberings(1))
def test_npus_of_an_orbit_have_one_representative(drawn: tuple[Frame, list[int], int]) -> None:
    frame, (by,), npu = drawn
    representative = frame.representative(npu)
    assert frame.representative(frame.move(by, npu)) == representative
    assert frame.move(frame.place(npu), representative) == npu
    assert frame.place(representative) == 0


@given(frames())
def test_representatives_and_places_name_every_npu_once(drawn: tuple[Frame, int]) -> None:
    frame, npus = drawn
    representatives = [npu for npu in range(npus) if not frame.place(npu)]
    reached = [frame.move(place, npu) for npu in representatives for place in frame.renumberings()]
    assert sorted(reached) == list(range(npus))


@given(frames())
def test_generators_generate_all(drawn: tuple[Frame, int]) -> None:
    frame, _ = drawn
    generators = [generator for digit in frame.digits for generator in digit.generators]
    known, new = {0}, {0}
    while new:
        new = {frame.move(by, at) for at in new for by in generators} - known
        known |= new
    assert known == set(frame.renumberings())


@given(frames_and_renumberings(1))
def test_a_digit_moves_nothing_but_itself(drawn: tuple[Frame, list[int], int]) -> None:
    frame, (by,), npu = drawn
    assume(len(frame.digits) == 1)
    (digit,) = frame.digits
    moved = frame.move(by, npu)
    assert moved % digit.stride == npu % digit.stride
    assert moved // (digit.stride * digit.size) == npu // (digit.stride * digit.size)


def test_a_rotation_goes_round_the_end() -> None:
    frame = Frame((Digit(2, 3, Motion.ROTATION),))
    assert [frame.move(2, npu) for npu in range(6)] == [2, 3, 4, 5, 0, 1]


def test_an_exchange_flips_bits() -> None:
    frame = Frame((Digit(1, 4, Motion.EXCHANGE),))
    assert [frame.move(3, npu) for npu in range(4)] == [3, 2, 1, 0]


@pytest.mark.parametrize(
    ("digit", "text"),
    [
        (Digit(1, 8, Motion.ROTATION), "rotation of 8 NPUs at stride 1"),
        (Digit(4, 8, Motion.EXCHANGE, 2), "exchange by 2 of 8 NPUs at stride 4"),
    ],
    ids=str,
)
def test_a_digit_says_what_it_is(digit: Digit, text: str) -> None:
    assert str(digit) == text
    assert str(Frame((digit, digit))) == f"{text}, {text}"
