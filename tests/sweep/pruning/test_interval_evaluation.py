"""Intervals of expressions hold whatever numbers in them come to."""

import math

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from simastra.sweep.pruning.interval_arithmetic import ANYTHING, ValueInterval, exactly
from simastra.sweep.pruning.interval_evaluation import Operand, evaluated
from simastra.sweep.study.expressions import ExpressionError, StudyExpression

NUMBERS = st.one_of(
    st.integers(-20, 20), st.floats(-50, 50), st.integers(0, 10**20), st.sampled_from([0, 1, 0.1])
)
NAMES = ("a", "b")
_ATOMS = st.one_of(st.sampled_from(NAMES), NUMBERS.map(lambda it: f"({it!r})"))


def _larger(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    operators = ["+", "-", "*", "/", "//", "%", "**", "<", "<=", "==", "!=", ">", "and", "or"]
    binary = st.tuples(parts, st.sampled_from(operators), parts).map(lambda it: f"({' '.join(it)})")
    calls = st.tuples(st.sampled_from(["abs", "ceil", "floor", "log2", "round"]), parts).map(
        lambda it: f"{it[0]}({it[1]})"
    )
    many = st.tuples(st.sampled_from(["max", "min"]), parts, parts).map(
        lambda it: f"{it[0]}({it[1]}, {it[2]})"
    )
    chosen = st.tuples(parts, parts, parts).map(lambda it: f"({it[0]} if {it[1]} else {it[2]})")
    within = st.tuples(parts, parts, parts).map(lambda it: f"({it[0]} in [{it[1]}, {it[2]}])")
    other = parts.map(lambda it: f"(not {it})") | parts.map(lambda it: f"(-{it})")
    return st.one_of(binary, binary, calls, many, chosen, within, other)


EXPRESSIONS = st.recursive(_ATOMS, _larger, max_leaves=8)
SPANS = st.tuples(NUMBERS, NUMBERS).map(sorted)
"""From where to where; one may be from 0 to -0.0."""


@settings(max_examples=400)
@given(EXPRESSIONS, SPANS, SPANS, st.data())
def test_no_value_lies_outside(
    text: str, first: list[float], second: list[float], data: st.DataObject
) -> None:
    expression = StudyExpression.parse(text)
    end = data.draw(st.sampled_from([first[1], math.inf]))
    spans = {"a": ValueInterval(first[0], end), "b": ValueInterval(*second)}

    def among(span: ValueInterval) -> float:
        ends = [span.low, min(span.high, 10**21)]
        return data.draw(st.sampled_from(ends) | st.floats(*(float(it) + 0.0 for it in ends)))

    point = {name: among(span) for name, span in spans.items()}
    assume(all(spans[name].low <= it <= spans[name].high for name, it in point.items()))
    try:
        value = expression.value(point.__getitem__)
    except ExpressionError:
        return
    known: dict[str, Operand] = dict(spans)
    found = evaluated(expression.tree, known.__getitem__)
    assert math.isnan(value) or found.low <= value <= found.high, (text, point, value, found)


def told(text: str, **names: Operand) -> ValueInterval:
    return evaluated(StudyExpression.parse(text).tree, names.__getitem__)


def test_what_follows_from_a_makespan() -> None:
    makespan = ValueInterval(100, math.inf)
    assert told("makespan * 3 + 1", makespan=makespan) == ValueInterval(301, math.inf)
    assert told("1000 / makespan", makespan=makespan) == ValueInterval(0, 10)
    assert told(
        "npus * 5 if npus > 4 else makespan", npus=exactly(8), makespan=makespan
    ) == exactly(40)
    assert told("makespan - makespan", makespan=makespan) == ANYTHING


def test_a_power_takes_no_longer_than_it_deserves() -> None:
    long = ValueInterval(10**9, math.inf)
    assert told("7 ** a", a=long) == ANYTHING
    assert told("a ** 10 ** 6", a=long) == ANYTHING
    assert told("a * a", a=exactly(2**1000)) == ANYTHING


def test_what_can_not_be_compared_may_be_anything() -> None:
    assert told("a in 8", a=exactly(8)) == ANYTHING
    assert told("2 if a not in 8 else 3", a=ANYTHING) == ValueInterval(2, 3)


def test_texts_and_lists_are_compared() -> None:
    assert told("2 if kind in ['Ring', 'Switch'] else 3", kind="Ring") == exactly(2)
    assert told("2 if kind == 'Ring' else 3", kind="Switch") == exactly(3)
    assert told("2 if kind == 'Ring' else 3", kind=ANYTHING) == ValueInterval(2, 3)
