"""Symbols and layouts: what a table's shapes mean, and what is communicated between them."""

from fractions import Fraction
from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simastra.trace import CollectiveType
from simastra.transformer.graph import Layout, SymbolicExpression, changes
from simastra.transformer.graph.layout import PARTIAL


@pytest.mark.parametrize(
    ("text", "value"),
    [("2*A + B", 11), ("A*B/2", Fraction(15, 2)), ("(A - B) / (A + B)", Fraction(-1, 4)), ("7", 7)],
)
def test_an_expression_is_evaluated_exactly(text: str, value: Fraction) -> None:
    assert SymbolicExpression.parse(text).evaluate({"A": 3, "B": 5}) == value


@pytest.mark.parametrize("text", ["", "A +", "f(A)", "A ** 9", "A[0]", "'A'", "1.5", "A" * 600])
def test_what_is_no_expression_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"isn't|longer"):
        SymbolicExpression.parse(text)


def test_an_expression_names_the_symbol_that_has_no_value() -> None:
    with pytest.raises(ValueError, match="the symbol 'Seq' has no value"):
        SymbolicExpression.parse("Batch*Seq").evaluate({"Batch": 1})
    with pytest.raises(ValueError, match="divides by zero"):
        SymbolicExpression.parse("Seq/Zero").evaluate({"Seq": 1, "Zero": 0})


@pytest.mark.parametrize(
    ("shape", "hidden", "printed"),
    [
        ("Batch/dp, Seq/sp, Din/mp", "1", "[Batch/dp, Seq/sp, Din/mp]"),
        ("Batch/dp, (Seq/cp)/tp, Dmodel/1", "1", "[Batch/dp, Seq/cp/tp, Dmodel]"),
        ("Seq/(cp*tp), 2*Head/tp2", "1", "[Seq/cp/tp, 2 * Head / tp2]"),
        ("(K*Batch/Experts)/dp", "1/tp", "[(K * Batch / Experts)/dp], partial over tp"),
    ],
)
def test_shapes_are_read_as_the_tutorial_writes_them(shape: str, hidden: str, printed: str) -> None:
    assert str(Layout.parse(shape, hidden)) == printed


@pytest.mark.parametrize(
    ("shape", "hidden", "problem"),
    [
        ("Batch,, Seq", "1", "commas between"),
        ("Batch/dp, Seq/dp", "1", "the axis dp cuts"),
        ("Batch/dp", "1/dp", "the axis dp cuts"),
        ("Batch*tp", "1", "has the axis tp inside"),
        ("Batch", "2", "hidden part is 1"),
    ],
)
def test_a_shape_that_makes_no_sense_is_refused(shape: str, hidden: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        Layout.parse(shape, hidden)


def test_a_size_that_can_not_be_cut_evenly_is_refused_with_the_numbers() -> None:
    layout = Layout.parse("Batch/dp, Seq/cp/tp")
    assert layout.local({"Batch": 4, "dp": 2, "Seq": 12, "cp": 2, "tp": 3}) == (2, 2)
    with pytest.raises(ValueError, match="Seq is 12, which can't be cut evenly by cp 2 x tp 4"):
        layout.local({"Batch": 4, "dp": 2, "Seq": 12, "cp": 2, "tp": 4})


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (("M", "1/tp"), ("M", "1"), "ALL_REDUCE"),
        (("M", "1/tp"), ("M/tp", "1"), "REDUCE_SCATTER"),
        (("M/tp", "1"), ("M", "1"), "ALL_GATHER"),
        (("M/tp, N", "1"), ("M, N/tp", "1"), "ALL_TO_ALL"),
        (("M", "1"), ("M/tp", "1"), None),
    ],
)
def test_each_change_of_layout_takes_its_collective(
    before: tuple[str, str], after: tuple[str, str], expected: str | None
) -> None:
    (change,) = changes(Layout.parse(*before), Layout.parse(*after))
    made = None if change.collective is None else change.collective.name
    assert made == expected


def test_axes_that_change_alike_share_one_collective() -> None:
    (change,) = changes(Layout.parse("M", "1/(dp*cp)"), Layout.parse("M"))
    assert change.axes == ("dp", "cp")


def test_a_partial_sum_can_not_be_made_of_what_is_none() -> None:
    with pytest.raises(ValueError, match="a partial sum over tp is wanted"):
        changes(Layout.parse("M"), Layout.parse("M", "1/tp"))


SIZES = {"A": 24, "B": 24, "tp": 2, "cp": 3, "dp": 2}


def _placed(places: dict[str, int | None]) -> Layout:
    layout = Layout.parse("A, B")
    for axis, place in places.items():
        layout = layout.placed(axis, place)
    return layout


layouts = st.builds(
    _placed,
    st.fixed_dictionaries(
        {axis: st.sampled_from([None, 0, 1, PARTIAL]) for axis in ("tp", "cp", "dp")}
    ),
)


@given(layouts, layouts)
def test_the_steps_lead_from_one_layout_to_the_other(source: Layout, target: Layout) -> None:
    if any(source.place(axis) != PARTIAL for axis in target.partial):
        with pytest.raises(ValueError, match="a partial sum over"):
            changes(source, target)
        return
    at = source
    for change in changes(source, target):
        assert change.before == at
        at = change.after
        count = prod(SIZES[axis] for axis in change.axes)
        before, after = change.elements(SIZES), at.elements(SIZES)
        match change.collective:
            case CollectiveType.ALL_GATHER:
                assert after == before * count
            case CollectiveType.REDUCE_SCATTER | None:
                assert after * count == before
            case _:
                assert after == before
    assert at.same_placement(target)
    assert at.extents == target.extents
