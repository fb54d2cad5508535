"""Random cases by shortcuts and event by event: the same to the nanosecond, on every NPU.

Each case is drawn from its family's name and a number, so that one that fails can be had again:
``case_of("overlap", 7)`` is plain data.
"""

from __future__ import annotations

from collections import Counter

import pytest
from random_families import FAMILIES, case_of
from shortcut_oracle import Compared, compare_case

from simastra.shortcut_use import Shortcut

CASES_EACH = 50
SEEDS = range(CASES_EACH)

_compared: dict[str, list[Compared]] = {}


def compared(family: str) -> list[Compared]:
    """All cases of a family, run both ways once."""
    if family not in _compared:
        _compared[family] = [compare_case(case_of(family, seed)) for seed in SEEDS]
    return _compared[family]


@pytest.mark.parametrize("family", FAMILIES)
def test_shortcuts_give_what_the_plain_path_gives(family: str) -> None:
    different = {
        seed: outcome for seed, outcome in enumerate(compared(family)) if outcome.differences
    }
    assert not different


def test_there_are_enough_cases_and_few_of_them_deadlock() -> None:
    outcomes = [outcome for family in FAMILIES for outcome in compared(family)]
    assert len(outcomes) >= 300
    assert sum(outcome.deadlock for outcome in outcomes) < len(outcomes) / 10


OFTEN = {Shortcut.FOLD: (300, 200), Shortcut.MEMO: (60, 0), Shortcut.SKEW: (25, 200)}
"""How often each is taken, and refused, at the least; the compiled loop needs an extra."""


@pytest.mark.parametrize("shortcut", OFTEN, ids=str)
def test_each_shortcut_is_often_taken_and_often_refused(shortcut: Shortcut) -> None:
    """Otherwise the comparison above would say nothing."""
    counts = Counter(
        path.taken
        for family in FAMILIES
        for outcome in compared(family)
        for path in outcome.shortcuts
        if path.shortcut is shortcut
    )
    taken, refused = OFTEN[shortcut]
    assert counts[True] >= taken
    assert counts[False] >= refused


def test_ties_are_met_and_refused() -> None:
    reasons = [
        path.reason
        for family in FAMILIES
        for outcome in compared(family)
        for path in outcome.shortcuts
        if not path.taken
    ]
    assert sum("the numbers of the NPUs decide" in reason for reason in reasons) >= 50
    assert sum("end together on NPU" in reason for reason in reasons) >= 1


def test_the_order_of_ends_is_mostly_known_where_npus_are_folded() -> None:
    folded = [
        outcome
        for family in FAMILIES
        for outcome in compared(family)
        if any(use.taken and use.shortcut is Shortcut.FOLD for use in outcome.shortcuts)
    ]
    assert sum(outcome.order_is_known for outcome in folded) > 0.9 * len(folded)
