"""Who comes first in a nanosecond: what was inserted earlier, and so on back to the start."""

from __future__ import annotations

from itertools import permutations, product

from simastra.simulation.shortcuts.frame import Digit, Frame, Motion
from simastra.simulation.shortcuts.lineage import Entry, Order, compare

NPUS = 4
FRAME = Frame((Digit(1, NPUS, Motion.ROTATION),))
"""All NPUs as NPU 0."""


def event(inserted: int, parent: Entry, number: int, origin: int = 0) -> Entry:
    """An event that `parent`, `origin` places away, schedules at that time."""
    entry = Entry(None, inserted, parent, number)
    if origin:
        entry.comes_from(origin, FRAME)
    return entry


START = Entry.start(0)
FIRST = event(0, START, 1)
SECOND = event(0, START, 2)
FROM_NEXT = event(5, FIRST, 3, origin=1)
FROM_PREVIOUS = event(5, FIRST, 4, origin=3)
LATER = event(7, FIRST, 5)
OF_SECOND = event(5, SECOND, 6)
EVENTS = (FROM_NEXT, FROM_PREVIOUS, LATER, OF_SECOND)
"""All due in the same nanosecond."""


def test_it_is_a_total_order() -> None:
    moved = [(entry, place) for entry in EVENTS for place in FRAME.renumberings()]

    def order(one: tuple[Entry, int], other: tuple[Entry, int]) -> Order:
        return compare(FRAME, *one, *other).order

    for one, other in product(moved, repeat=2):
        assert order(one, other) == -order(other, one)
        assert (order(one, other) is Order.SAME) == (one == other)
    for one, two, three in permutations(moved, 3):
        if order(one, two) is order(two, three) is Order.BEFORE:
            assert order(one, three) is Order.BEFORE


def test_earlier_inserted_comes_first_whatever_the_numbers() -> None:
    found = compare(FRAME, LATER, 0, OF_SECOND, 3)
    assert found.order is Order.AFTER
    assert not found.by_number


def test_of_one_parents_events_the_first_scheduled_comes_first() -> None:
    found = compare(FRAME, FIRST, 2, SECOND, 2)
    assert found.order is Order.BEFORE
    assert not found.by_number


def test_the_same_event_of_two_npus_is_told_apart_by_their_numbers_alone() -> None:
    found = compare(FRAME, FIRST, 3, FIRST, 1)
    assert found.order is Order.AFTER
    assert found.by_number


def test_numbers_are_those_of_the_npus_at_the_start_and_not_where_the_events_are() -> None:
    """At NPU 0 the event from NPU 1 is before that from NPU 3; at NPU 3, from 0 and from 2, too.

    At NPU 1 it is the other way round, where that from NPU 2 meets that from NPU 0.
    """
    assert compare(FRAME, FROM_NEXT, 0, FROM_PREVIOUS, 0).order is Order.BEFORE
    assert compare(FRAME, FROM_NEXT, 3, FROM_PREVIOUS, 3).order is Order.BEFORE
    assert compare(FRAME, FROM_NEXT, 1, FROM_PREVIOUS, 1).order is Order.AFTER
    assert compare(FRAME, FROM_NEXT, 1, FROM_PREVIOUS, 1).by_number


def test_what_goes_back_to_an_event_with_a_rival_is_told_apart_by_number() -> None:
    parent = event(0, START, 1)
    one, other = event(4, event(2, parent, 2), 3), event(4, event(2, parent, 4), 5)
    assert not compare(FRAME, one, 0, other, 0).by_number
    assert one.parent is not None
    one.parent.has_rival = True
    found = compare(FRAME, one, 0, other, 0)
    assert found.order is Order.BEFORE
    assert found.by_number


def test_an_event_goes_back_to_a_start_in_another_place() -> None:
    last = event(9, FROM_NEXT, 7, origin=2)
    ways = list(last.ancestors(FRAME))
    assert ways == [(last, 0), (FROM_NEXT, 2), (FIRST, 3), (START, 3)]
    assert (last.npu, last.start_place) == (0, 3)
