"""What is said of lists: ranges, and how many are left out."""

import pytest

from simastra.view.phrases import (
    left_out,
    listed,
    listed_npus,
    part_shown,
    part_words,
    ranges,
)


def test_a_list_says_how_many_it_leaves_out() -> None:
    assert listed(["a", "b"], 2) == "a, b"
    assert listed(["a", "b", "c"], 2) == "a, b and 1 more"
    assert listed(range(2000), 1) == "0 and 1,999 more"
    assert listed([], 2) == ""


def test_nothing_is_said_where_nothing_is_left_out() -> None:
    assert left_out(0, "nodes") == left_out(-3) == ""
    assert left_out(1, "nodes") == "and 1 more nodes"
    assert part_shown(3, 3, "links", "the busiest") == ""
    assert part_shown(2, 3, "links", "the busiest") == "2 of 3 links are shown, the busiest."


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([], ""),
        ([3], "3"),
        ([0, 1], "0, 1"),
        ([0, 1, 2, 5, 7, 8, 9], "0 to 2, 5, 7 to 9"),
        ([3, 2, 1], "3, 2, 1"),
        (range(0, 16, 2), "0, 2, 4, 6, 8, 10, 12, 14"),
        (range(0, 20, 2), "0, 2, 4, 6, 8, 10, 12, 14, ... (10 in all)"),
    ],
)
def test_numbers_that_follow_each_other_are_a_range(values: list[int], words: str) -> None:
    assert ranges(values) == words


def test_there_is_no_part_of_nothing() -> None:
    assert (part_words(1, 8), part_words(0, 0)) == ("12.5 %", "-")


def test_as_many_npus_as_fit_are_all_named() -> None:
    assert listed_npus(range(3), 3) == "0, 1, 2"
    assert listed_npus(range(4), 3) == "0, 1, 2, ... (4 in all)"
