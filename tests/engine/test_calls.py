"""Whose a scheduled call is, and what takes until it is due."""

from functools import partial

import pytest

from simastra.engine import Agenda, Category, Environment, owner_of
from simastra.errors import TimeRangeError
from simastra.units import LATEST_TIME


class Unit:
    def end(self) -> None:
        """Ends something."""


def test_a_call_is_that_of_the_object_whose_method_it_is() -> None:
    unit = Unit()
    assert owner_of(unit.end) is unit
    assert owner_of(partial(partial(unit.end), 1)) is unit


def test_what_is_no_method_stands_for_itself() -> None:
    event = Environment().event()
    assert owner_of(event) is event
    assert owner_of(partial(len, "four")) is len


def test_who_schedules_what_would_be_after_the_end_of_time_is_told_with_what_takes_until_then() -> (
    None
):
    env = Environment()
    env.run(until=5)
    agenda = Agenda(env)
    for category in (Category.MEMORY, Category.COMPUTE):
        with pytest.raises(TimeRangeError) as caught:
            agenda.call_later(LATEST_TIME - 4, Unit().end, category)
        assert owner_of(caught.value.call) is agenda
        assert caught.value.spent_on is category
    with pytest.raises(TimeRangeError) as caught:
        env.call_later(LATEST_TIME, Unit().end)
    assert caught.value.spent_on is Category.OTHER
