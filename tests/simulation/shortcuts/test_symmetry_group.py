"""Renumberings of the NPUs: they commute, and only the identity leaves an NPU in its place."""

from __future__ import annotations

from itertools import pairwise
from math import prod

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from simastra.simulation.shortcuts.symmetry_group import Action, SymmetryAxis, SymmetryGroup

NPUS_ABOVE = 3
"""So many more values above the highest axis."""


@st.composite
def groups(draw: st.DrawFn) -> tuple[SymmetryGroup, int]:
    """Axes that follow each other, some of them left out; and a number of NPUs."""
    axes = []
    stride = 1
    for _ in range(draw(st.integers(1, 4))):
        action = draw(st.sampled_from(Action))
        size = draw(st.sampled_from((2, 4, 8) if action is Action.EXCHANGE else (2, 3, 4, 5, 6)))
        step = draw(st.sampled_from([step for step in range(1, size) if size % step == 0]))
        if draw(st.booleans()) or not axes:
            axes.append(SymmetryAxis(stride, size, action, step))
        stride *= size
    return SymmetryGroup(tuple(axes)), stride * NPUS_ABOVE


@st.composite
def groups_and_renumberings(draw: st.DrawFn, count: int) -> tuple[SymmetryGroup, list[int], int]:
    """A symmetry group, renumberings of it and an NPU."""
    symmetries, npus = draw(groups())
    known = list(symmetries.renumberings())
    return (
        symmetries,
        [draw(st.sampled_from(known)) for _ in range(count)],
        draw(st.integers(0, npus - 1)),
    )


@given(groups())
def test_each_renumbering_is_listed_once_and_the_identity_first(
    drawn: tuple[SymmetryGroup, int],
) -> None:
    symmetries, _ = drawn
    listed = list(symmetries.renumberings())
    assert listed[0] == 0
    assert (
        len(set(listed))
        == len(listed)
        == symmetries.order
        == prod(d.order for d in symmetries.axes)
    )
    assert all(one < other for one, other in pairwise(listed))


@given(groups_and_renumberings(2))
def test_one_after_another_is_a_renumbering_too(
    drawn: tuple[SymmetryGroup, list[int], int],
) -> None:
    symmetries, (one, other), npu = drawn
    both = symmetries.move(one, other)
    assert both in set(symmetries.renumberings())
    assert symmetries.move(both, npu) == symmetries.move(one, symmetries.move(other, npu))


@given(groups_and_renumberings(2))
def test_the_order_of_renumberings_does_not_matter(
    drawn: tuple[SymmetryGroup, list[int], int],
) -> None:
    symmetries, (one, other), npu = drawn
    assert symmetries.move(one, symmetries.move(other, npu)) == symmetries.move(
        other, symmetries.move(one, npu)
    )
    assert symmetries.move(one, other) == symmetries.move(other, one)


@given(groups_and_renumberings(3))
def test_renumberings_associate(drawn: tuple[SymmetryGroup, list[int], int]) -> None:
    symmetries, (one, two, three), _ = drawn
    assert symmetries.move(symmetries.move(one, two), three) == symmetries.move(
        one, symmetries.move(two, three)
    )


@given(groups_and_renumberings(1))
def test_an_inverse_undoes(drawn: tuple[SymmetryGroup, list[int], int]) -> None:
    symmetries, (by,), npu = drawn
    assert symmetries.move(symmetries.inverse(by), symmetries.move(by, npu)) == npu
    assert symmetries.move(by, symmetries.inverse(by)) == 0


@given(groups_and_renumberings(1))
def test_only_the_identity_leaves_an_npu_in_its_place(
    drawn: tuple[SymmetryGroup, list[int], int],
) -> None:
    symmetries, (by,), npu = drawn
    assert (symmetries.move(by, npu) == npu) == (by == 0)


@given(groups_and_renumberings(1))
def test_npus_of_an_orbit_have_one_representative(
    drawn: tuple[SymmetryGroup, list[int], int],
) -> None:
    symmetries, (by,), npu = drawn
    representative = symmetries.representative(npu)
    assert symmetries.representative(symmetries.move(by, npu)) == representative
    assert symmetries.move(symmetries.place(npu), representative) == npu
    assert symmetries.place(representative) == 0


@given(groups())
def test_representatives_and_places_name_every_npu_once(drawn: tuple[SymmetryGroup, int]) -> None:
    symmetries, npus = drawn
    representatives = [npu for npu in range(npus) if not symmetries.place(npu)]
    reached = [
        symmetries.move(place, npu)
        for npu in representatives
        for place in symmetries.renumberings()
    ]
    assert sorted(reached) == list(range(npus))


@given(groups())
def test_generators_generate_all(drawn: tuple[SymmetryGroup, int]) -> None:
    symmetries, _ = drawn
    generators = [generator for axis in symmetries.axes for generator in axis.generators]
    known, new = {0}, {0}
    while new:
        new = {symmetries.move(by, at) for at in new for by in generators} - known
        known |= new
    assert known == set(symmetries.renumberings())


@given(groups_and_renumberings(1))
def test_a_digit_moves_nothing_but_itself(drawn: tuple[SymmetryGroup, list[int], int]) -> None:
    symmetries, (by,), npu = drawn
    assume(len(symmetries.axes) == 1)
    (axis,) = symmetries.axes
    moved = symmetries.move(by, npu)
    assert moved % axis.stride == npu % axis.stride
    assert moved // (axis.stride * axis.size) == npu // (axis.stride * axis.size)


def test_a_rotation_goes_round_the_end() -> None:
    symmetries = SymmetryGroup((SymmetryAxis(2, 3, Action.ROTATION),))
    assert [symmetries.move(2, npu) for npu in range(6)] == [2, 3, 4, 5, 0, 1]


def test_an_exchange_flips_bits() -> None:
    symmetries = SymmetryGroup((SymmetryAxis(1, 4, Action.EXCHANGE),))
    assert [symmetries.move(3, npu) for npu in range(4)] == [3, 2, 1, 0]


@pytest.mark.parametrize(
    ("axis", "text"),
    [
        (SymmetryAxis(1, 8, Action.ROTATION), "rotation of 8 NPUs at stride 1"),
        (SymmetryAxis(4, 8, Action.EXCHANGE, 2), "exchange by 2 of 8 NPUs at stride 4"),
    ],
    ids=str,
)
def test_a_digit_says_what_it_is(axis: SymmetryAxis, text: str) -> None:
    assert str(axis) == text
    assert str(SymmetryGroup((axis, axis))) == f"{text}, {text}"


@given(groups_and_renumberings(1))
def test_composed_are_all_renumberings_with_another_behind(
    drawn: tuple[SymmetryGroup, list[int], int],
) -> None:
    symmetries, (by,), _ = drawn
    listed = list(symmetries.renumberings())
    moved = [symmetries.move(by, it) for it in listed]
    assert [listed[index] for index in symmetries.composed(by)] == moved
