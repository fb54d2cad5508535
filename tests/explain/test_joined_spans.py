"""Neighbouring spans that are alike become one, against joining them pair by pair."""

from dataclasses import replace

import hypothesis.strategies as st
from hypothesis import given

from simastra.engine import Category
from simastra.explain.spans import Span, joined


@given(st.lists(st.tuples(st.integers(1, 3), st.sampled_from([0, 1]), st.booleans())))
def test_spans_are_joined_as_pair_by_pair(steps: list[tuple[int, int, bool]]) -> None:
    spans, time = [], 0
    for duration, npu, computes in steps:
        category = Category.COMPUTE if computes else Category.LATENCY
        spans.append(Span(time, time + duration, category, npu))
        time += duration
    expected: list[Span] = []
    for span in spans:
        last = expected[-1] if expected else None
        if last is not None and (last.category, last.npu) == (span.category, span.npu):
            expected[-1] = replace(last, end=span.end)
        else:
            expected.append(span)
    assert joined(iter(spans)) == expected
