"""Key paths: their text, what they find, and what they write."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simastra.sweep.study import KeyPath
from simastra.sweep.study.key_paths import KeyPathError

ROOTS = st.sampled_from(["network", "system", "comm-groups"])
KEYS = st.text(st.characters(exclude_characters='"\\'), min_size=1, max_size=8)
STEPS = st.one_of(KEYS, st.integers(0, 99))
PATHS = st.builds(
    lambda root, inner: KeyPath(root, tuple(inner)), ROOTS, st.lists(STEPS, max_size=6)
)


@given(PATHS)
def test_a_path_is_read_from_its_text(path: KeyPath) -> None:
    assert KeyPath.parse(str(path)) == path


@given(st.text(max_size=20))
def test_any_text_is_a_path_or_told(text: str) -> None:
    try:
        path = KeyPath.parse(text)
    except KeyPathError:
        return
    assert KeyPath.parse(str(path)) == path


def leaves(document: Any, inner: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The ways to all values."""
    if isinstance(document, dict):
        return [inner, *(way for key in document for way in leaves(document[key], (*inner, key)))]
    if isinstance(document, list):
        many = enumerate(document)
        return [inner, *(way for at, it in many for way in leaves(it, (*inner, at)))]
    return [inner]


DOCUMENTS = st.dictionaries(
    st.text(min_size=1, max_size=3),
    st.recursive(
        st.integers(),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3), st.dictionaries(st.text(min_size=1, max_size=3), inner)
        ),
        max_leaves=8,
    ),
    max_size=4,
)


@given(DOCUMENTS, st.data())
def test_what_is_written_is_found_and_nothing_else_changes(
    document: dict[str, Any], data: st.DataObject
) -> None:
    before = repr(document)
    path = KeyPath("network", data.draw(st.sampled_from(leaves(document))))
    written = path.written(document, "new")
    assert path.found(written) == "new"
    assert path.written(written, path.found(document)) == document
    assert repr(document) == before


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("network.bandwidth[2]", r"network.bandwidth has no entry \[2\]; the last is \[1\]"),
        ("network.bandwidth.x", "network.bandwidth is a list, so it has no key x"),
        ("network.title[0]", r"network.title is 'ring', no list, so it has no entry \[0\]"),
        ("network.latency[0]", "network has no key latency"),
    ],
)
def test_a_path_that_leads_nowhere_says_where_it_ends(path: str, told: str) -> None:
    document = {"bandwidth": [50, 25], "title": "ring"}
    with pytest.raises(KeyPathError, match=told):
        KeyPath.parse(path).found(document)


def test_mappings_on_the_way_are_made() -> None:
    path = KeyPath.parse("network.backend_options.fluid.step")
    assert path.written({}, 3) == {"backend_options": {"fluid": {"step": 3}}}


def test_what_has_a_name_alone_gets_options() -> None:
    path = KeyPath.parse("network.graph.routing.seed")
    written = path.written({"graph": {"routing": "ecmp"}}, 3)
    assert written == {"graph": {"routing": {"name": "ecmp", "seed": 3}}}
