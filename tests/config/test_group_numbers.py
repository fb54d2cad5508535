"""The number that a process group's name begins with, as C's stoi reads it."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from simastra import CommGroups
from simastra.errors import ConfigError
from simastra.group_numbers import group_number


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("1", 1),
        ("0", 0),
        ("007", 7),
        ("1.0", 1),
        ("12abc", 12),
        (" 3", 3),
        ("+4", 4),
        ("2147483647", 2147483647),
        ("2147483648", None),
        ("0" * 5000 + "5", 5),
        ("9" * 5000, None),
        ("-1", None),  # no group has a number below 0
        ("a1", None),
        ("", None),
        (".5", None),
        ("\u0661", None),  # a digit, but not to C
    ],
)
def test_examples(name: str, number: int | None) -> None:
    assert group_number(name) == number


@given(
    number=st.integers(0, 2**31 - 1), rest=st.text().filter(lambda it: it[:1] not in "0123456789")
)
@example(number=5, rest="")
def test_what_follows_does_not_matter(number: int, rest: str) -> None:
    assert group_number(f"{number}{rest}") == number


@pytest.mark.parametrize(("one", "other"), [("1", "01"), ("2", "2.0"), ("3", " 3"), ("4", "+4")])
def test_two_names_of_one_number_are_refused(one: str, other: str) -> None:
    with pytest.raises(ConfigError) as error:
        CommGroups.parse({one: [0], other: [1]}, "groups.json")
    assert str(error.value).startswith("groups.json: ")
    assert f"is the same number as {one}; give each group a number of its own" in str(error.value)


def test_names_that_only_begin_with_a_number_may_share_it() -> None:
    assert len(CommGroups.parse({"1a": [0], "1b": [1], "tp": [2]}).groups) == 3
