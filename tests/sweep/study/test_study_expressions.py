"""Expressions: as Python's, of which they are a part, and bounded."""

import pickle
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simastra.sweep.study import StudyExpression
from simastra.sweep.study.expressions import ExpressionError

NAMES = {"a": 3, "b": -2, "c": 0.5, "text": "ring"}
NUMBERS = st.one_of(
    st.integers(0, 50).map(str), st.sampled_from(["a", "b", "c"]), st.just("(a + 1.5)")
)


def wider(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    binary = st.sampled_from(["+", "-", "*", "/", "//", "%", "<", "<=", "==", "!=", "and", "or"])
    return st.one_of(
        st.tuples(inner, binary, inner).map(lambda it: f"({' '.join(it)})"),
        st.tuples(inner, inner, inner).map(lambda it: f"({it[0]} if {it[1]} else {it[2]})"),
        st.tuples(st.sampled_from(["min", "max"]), inner, inner).map(
            lambda it: f"{it[0]}({it[1]}, {it[2]})"
        ),
        inner.map(lambda it: f"abs({it})"),
        inner.map(lambda it: f"(not {it})"),
        inner.map(lambda it: f"(-{it})"),
        st.tuples(inner, inner, inner).map(lambda it: f"({it[0]} in [{it[1]}, {it[2]}])"),
    )


@given(st.recursive(NUMBERS, wider, max_leaves=12))
def test_an_expression_is_worth_what_python_says(text: str) -> None:
    try:
        expected: Any = eval(text, {}, NAMES)  # the reference
    except ZeroDivisionError:
        with pytest.raises(ExpressionError, match="divided by 0"):
            StudyExpression.parse(text).value(NAMES.__getitem__)
        return
    assert StudyExpression.parse(text).value(NAMES.__getitem__) == expected


@given(st.text(max_size=30))
def test_any_text_is_an_expression_or_told(text: str) -> None:
    try:
        expression = StudyExpression.parse(text)
    except ExpressionError:
        return
    with suppress(ExpressionError):
        expression.value(lambda _: 1)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("10 ** 10 ** 10", "larger than"),
        ("2 ** 2000 * 2 ** 2000", "larger than"),
        ("(-8) ** 0.5", "no real number"),
        ("text * 3", "calculates with numbers"),
        ("[1] * 1000000", "calculates with numbers"),
        ("a < text", "not supported"),
        ("1e308 * 10 ** 308 // 1", "no value"),
        ("log2(0)", "no value"),
        ("floor(1e308 * 10)", "no value"),
        ("min()", "no value"),
    ],
)
def test_what_has_no_value_is_told(text: str, told: str) -> None:
    with pytest.raises(ExpressionError, match=told):
        StudyExpression.parse(text).value(NAMES.__getitem__)


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os')",
        "a[0:1]",
        "a[-1]",
        "(a := 3)",
        "f'{a}'",
        "{1: 2}",
        "[*a]",
        "max(*a)",
        "a if b",
        "",
        "a b",
        "3 is 3",
        "a @ b",
        "1j",
        "None",
        "b'x'",
        "'\ud800' == 'a'",
        "1e999",
        "+".join("a" * 3000),
        "-" * 100 + "a",
        "9" * 5000,
    ],
)
def test_nothing_else_of_python_is_understood(text: str) -> None:
    with pytest.raises(ExpressionError):
        StudyExpression.parse(text)


def test_attributes_are_key_paths() -> None:
    assert StudyExpression.parse("a.__class__").names == {"a.__class__"}


def test_names_are_key_paths_too() -> None:
    text = 'network.bandwidth[0] + generate.tp * comm_groups["a b"][1]'
    expression = StudyExpression.parse(text)
    assert expression.names == {
        "network.bandwidth[0]",
        "generate.tp",
        'comm_groups["a b"][1]',
    }


def test_an_expression_goes_to_other_processes() -> None:
    again = pickle.loads(pickle.dumps(StudyExpression.parse("a + 1")))
    assert again.value(NAMES.__getitem__) == 4
