"""Indented JSON, piece by piece, against Python's own."""

import json

import hypothesis.strategies as st
from hypothesis import given

from simastra.json_text import indented_json

_SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(),
    st.sampled_from(['},\n   {"', "},\n    {", "\u2028", "\ud800", "é", '"', "\\"]),
)
_FLAT = st.dictionaries(st.text(), _SCALARS, max_size=4)
_DOCUMENTS = st.recursive(
    st.one_of(_SCALARS, _FLAT),
    lambda inner: st.one_of(
        st.lists(inner, max_size=5),
        st.lists(inner, max_size=5).map(tuple),
        st.dictionaries(st.text(), inner, max_size=4),
    ),
    max_leaves=30,
)


@given(_DOCUMENTS)
def test_the_text_is_that_of_json(document: object) -> None:
    assert "".join(indented_json(document)) == json.dumps(document, indent=1)


@given(st.lists(_FLAT, max_size=5), st.integers(0, 300), st.lists(_DOCUMENTS, max_size=2))
def test_iterators_are_lists(some: list[dict[str, object]], times: int, more: list[object]) -> None:
    items: list[object] = [*some * times, *more, *some * times]
    expected = json.dumps({"nodes": [items]}, indent=1)
    assert "".join(indented_json({"nodes": iter([iter(items)])})) == expected


def test_a_long_list_is_given_piece_by_piece() -> None:
    drawn = []

    def items() -> object:
        for number in range(10_000):
            drawn.append(number)
            yield {"number": number}

    pieces = indented_json(items())
    next(pieces)
    assert len(drawn) < 1_000
