"""A sequence of few kinds of items is the tuple that it stands for."""

from hypothesis import given
from hypothesis import strategies as st

from simastra.workload import Coded


@given(st.lists(st.sampled_from("abc")), st.sampled_from("abc"))
def test_it_is_as_the_items_are(items: list[str], sought: str) -> None:
    coded = Coded.of(items)
    assert coded == tuple(items)
    assert (sought in coded) == (sought in items)
    assert coded[::-2] == tuple(items[::-2])
    assert coded.keep() == tuple(items)
    assert Coded.of(coded) is coded


def test_a_value_that_no_item_has_is_not_in_it() -> None:
    coded = Coded(b"\2\0\2", ("a", "b", "c"))
    assert list(coded) == ["c", "a", "c"]
    assert "c" in coded
    assert "b" not in coded
