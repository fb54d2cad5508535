"""Exercises: right, wrong and blank answers are told apart, and no answer breaks anything."""

from enum import Enum
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simastra.notebook.exercises import Marks, Outcome, check, near, seal


class Colour(Enum):
    RED = 1


@pytest.mark.parametrize("blank", [..., (1, ...), [[...]], {"a": ...}, {...}])
def test_a_blank_answer_is_open(blank: object) -> None:
    def right(_: object) -> bool:
        raise AssertionError("nobody should look at it")

    assert check("1.1", blank, right).outcome is Outcome.OPEN


def test_an_exercise_says_what_to_do_what_is_wrong_and_what_is_right() -> None:
    sealed = seal("1.1", 14)
    assert repr(check("1.1", ..., sealed)).startswith("○ exercise 1.1: not answered yet; replace")
    assert repr(check("1.1", 15, sealed)) == "✗ exercise 1.1: not right yet"
    assert repr(check("1.1", 15, sealed, hint="count")) == (
        "✗ exercise 1.1: not right yet. Hint: count"
    )
    assert repr(check("1.1", 14, sealed)) == "✓ exercise 1.1: right"


@pytest.mark.parametrize(
    ("answer", "same"),
    [
        (14, 14.0),
        (2, Fraction(4, 2)),
        (0.1 + 0.2, 0.3),
        ("Ring ", "ring"),
        ((1, "a"), [1, "A"]),
        ({1, 2}, frozenset({2, 1})),
        ({"a": 1, "b": 2}, {"b": 2.0, "a": 1}),
        (Colour.RED, "red"),
    ],
)
def test_equal_answers_have_equal_seals_in_whatever_form(answer: object, same: object) -> None:
    assert seal("1.1", answer) == seal("1.1", same)


@pytest.mark.parametrize(
    ("answer", "other"),
    [
        (14, 15),
        (14, "14"),
        (1, True),
        ((1, 2), (2, 1)),
        ((1, 2), (12,)),
        ("a, b", ("a", "b")),
        ("None", None),
        (10**17, 10**17 + 1),
    ],
)
def test_different_answers_have_different_seals(answer: object, other: object) -> None:
    assert seal("1.1", answer) != seal("1.1", other)


def test_a_seal_belongs_to_its_exercise() -> None:
    assert seal("1.1", 14) != seal("1.2", 14)


answers = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.tuples(inner) | st.dictionaries(st.text(), inner),
)


@given(answers)
def test_no_answer_breaks_the_check_and_only_the_right_one_passes(answer: Any) -> None:
    assert check("1.1", answer, seal("1.1", "the answer")).outcome is (
        Outcome.RIGHT
        if isinstance(answer, str) and answer.strip().casefold() == "the answer"
        else Outcome.WRONG
    )


def test_a_judge_says_what_is_wrong() -> None:
    def judge(answer: list[int]) -> bool | str:
        if not answer:  # no assert statement here: pytest would add to its text
            raise AssertionError("It is empty.")
        return sum(answer) == 3 or f"The sum is {sum(answer)}."

    def remark(answer: object) -> str:
        return check("1.1", answer, judge, hint="1 and 2").remark

    assert remark([]) == "It is empty. Hint: 1 and 2"
    assert remark([1]) == "The sum is 1. Hint: 1 and 2"
    assert remark(7) == (
        "Looking at it ended with TypeError: 'int' object is not iterable. Hint: 1 and 2"
    )
    assert check("1.1", [1, 2], judge).outcome is Outcome.RIGHT


def test_a_judge_that_returns_nothing_takes_no_answer_for_right() -> None:
    assert check("1.1", 1, lambda _: None).outcome is Outcome.WRONG  # type: ignore[arg-type, return-value]


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (100, Outcome.RIGHT),
        (101, Outcome.RIGHT),
        (99, Outcome.RIGHT),
        (101.1, Outcome.WRONG),
        (-100, Outcome.WRONG),
        (float("nan"), Outcome.WRONG),
        ("100", Outcome.WRONG),
        (True, Outcome.WRONG),
    ],
)
def test_near_takes_what_differs_by_a_part(answer: object, outcome: Outcome) -> None:
    assert check("1.1", answer, near(100)).outcome is outcome


def test_a_verdict_escapes_what_it_shows() -> None:
    shown = check("1.1", "<b>", lambda answer: f"{answer} & co")._repr_html_()
    assert "&lt;b&gt; &amp; co" in shown


def test_seals_do_not_change() -> None:
    assert seal("0.1", 14) == "7c2a05832dab"  # what stored notebooks have


def test_numbers_are_sealed_to_six_digits_and_other_things_not_at_all() -> None:
    assert seal("1.1", 1.000001) == seal("1.1", 1.0000012)
    assert seal("1.1", 1.00001) != seal("1.1", 1.00002)
    with pytest.raises(TypeError):
        seal("1.1", object())


@pytest.mark.parametrize(
    ("expected", "within", "answer", "is_right"),
    [
        (-100, 0.01, -101, True),
        (-100, 0.01, -98.9, False),
        (0, 0.01, 0, True),
        (0, 0.01, 0.001, False),
        (8, 0.25, 10, True),
        (8, 0.25, 10.1, False),
        (8, 0.25, 6, True),
    ],
)
def test_near_is_within_a_part_of_what_is_expected(
    expected: float,
    within: float,
    answer: float,
    is_right: bool,  # noqa: FBT001  # a parameter of the test
) -> None:
    assert near(expected, within=within)(answer) is is_right


def test_a_verdict_is_a_coloured_line() -> None:
    lines = [
        check("1.1", answer, seal("1.1", 14), hint="count")._repr_html_() for answer in (..., 1, 14)
    ]
    start = '<div style="border-left: 4px solid'
    end = "; padding: 0.3em 0.8em"
    assert lines == [
        f'{start} #9aa5b1{end}"><b>○ 1.1</b> not answered yet; replace the ... above and run this '
        "cell again</div>",
        f'{start} #d9534f{end}"><b>✗ 1.1</b> not right yet. Hint: count</div>',
        f'{start} #3c9d4e{end}"><b>✓ 1.1</b> right</div>',
    ]


def test_a_judge_may_give_a_part_and_say_why() -> None:
    def verdict(points: float) -> tuple[str, float]:
        given = check("1.1", 1, lambda _: Marks(points, "It takes 5 ns."), hint="less")
        return repr(given), given.points

    assert verdict(0.5) == ("✓ exercise 1.1: right. It takes 5 ns.", 0.5)
    assert verdict(0) == ("✗ exercise 1.1: not right yet. It takes 5 ns. Hint: less", 0)


def test_points_are_all_or_nothing_where_no_judge_says_more() -> None:
    sealed = seal("1.1", 14)
    assert [check("1.1", answer, sealed).points for answer in (14, 15, ...)] == [1, 0, 0]


@pytest.mark.parametrize("points", [-0.1, 1.1, float("nan")])
def test_marks_are_from_nothing_to_all(points: float) -> None:
    with pytest.raises(ValueError, match="from 0 to 1"):
        Marks(points)


def test_no_exception_comes_out_of_an_answer_that_contains_itself_or_one_that_is_mute() -> None:
    itself: list[object] = []
    itself.append(itself)
    assert check("0.1", itself, seal("0.1", 14)).outcome is Outcome.WRONG

    class MuteError(Exception):
        def __str__(self) -> str:
            raise ValueError

    def judge(_: object) -> bool:
        raise MuteError

    assert check("0.1", 1, judge).remark == "Looking at it ended with MuteError."


def test_a_hint_is_a_sentence_of_its_own() -> None:
    for remark, said in (
        ("It hangs", "It hangs. Hint: x"),
        ("Why?", "Why? Hint: x"),
        ("", "Hint: x"),
    ):
        assert check("0.1", 1, lambda _, it=remark: it, hint="x").remark == said
