"""Parts of the debugger that are used from Python: points, nodes by their ids, moves to a time."""

import pytest
from machines_seen import two_npus

from simastra import debug
from simastra.debug import AtEvent, Breakpoints, CommandError, NumberedBreakpoint, Stepper
from simastra.debug.journal import Journal
from simastra.engine import MessageQueued


def test_a_point_lasts_and_is_enabled_unless_it_is_said() -> None:
    assert NumberedBreakpoint(1, AtEvent()) == NumberedBreakpoint(
        1, AtEvent(), temporary=False, enabled=True
    )
    points = Breakpoints()
    assert [points.add(AtEvent()).temporary, points.add(AtEvent(), temporary=True).temporary] == [
        False,
        True,
    ]
    assert [point.number for point in points] == [1, 2]
    assert len(points) == 2
    assert not points.enable(1, enabled=False).enabled
    assert points.enable(1).enabled


def test_a_name_of_an_earlier_version_says_the_new_one() -> None:
    stepper = Stepper(two_npus())
    for owner, name, hint in (
        (debug, "Points", "it is called Breakpoints"),
        (stepper, "points", "it is called breakpoints"),
        (stepper.state, "expected", "it is called posted_receives"),
        (stepper.state, "unclaimed", "it is called unexpected_messages"),
        (debug, "Nonsense", "has no attribute 'Nonsense'"),
    ):
        with pytest.raises(AttributeError, match=hint):
            getattr(owner, name)


@pytest.mark.parametrize(
    ("start", "time", "position"),
    [
        (0, 0, 0),
        (0, 1, 2),
        (2, 2000, 2),
        (2, 2001, 3),
        (3, 2000, 2),
        (4, 3220, 3),
        (4, 3221, 4),
        (8, 6720, 6),
        (8, 6721, 8),
        (8, 10**9, 8),
        (8, 0, 0),
        (2, 0, 0),
        (1, 0, 0),
    ],
)
def test_a_time_is_before_all_that_happens_then(start: int, time: int, position: int) -> None:
    stepper = Stepper(two_npus())
    stepper.go_to(start)
    assert stepper.go_to_time(time).position == position


def test_until_goes_forward_only_and_never_past_what_happens_then() -> None:
    stepper = Stepper(two_npus())
    places = [(time, stepper.until(time).position) for time in (0, 1, 2000, 2001, 3220, 3721)]
    assert places == [(0, 0), (1, 2), (2000, 2), (2001, 3), (3220, 3), (3721, 6)]
    assert stepper.until(1).position == 6


@pytest.mark.parametrize("events", [0, -1])
def test_a_move_is_one_event_at_least(events: int) -> None:
    stepper = Stepper(two_npus())
    for move in (stepper.step, stepper.back):
        with pytest.raises(CommandError, match=f"a number of events is 1 at least, not {events}"):
            move(events)
    with pytest.raises(CommandError, match="positions count from 0, not -1"):
        stepper.go_to(-1)
    assert stepper.step(1).position == 1
    assert stepper.back(5).position == 0


def test_a_message_that_waits_where_no_link_is_known_is_told_all_the_same() -> None:
    journal = Journal([])
    waits = MessageQueued(0, 1, src=0, dst=1, size=8, time=5)
    journal.on_message_queued(waits)
    assert (journal.happened, journal.queued) == ([waits], {})
