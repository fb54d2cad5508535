"""Agenda: an NPU's own events for one nanosecond run back to back (behaviour 3.1)."""

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simastra.engine import Agenda, Completion, Environment


def test_the_first_registration_decides_the_place_of_all() -> None:
    env = Environment()
    one, other = Agenda(env), Agenda(env)
    seen: list[str] = []
    one.call_later(5, lambda: seen.append("one, first"))
    other.call_later(5, lambda: seen.append("other, first"))
    one.call_later(5, lambda: seen.append("one, second"))
    env.call_later(5, lambda: seen.append("network"))
    other.call_later(5, lambda: seen.append("other, second"))
    env.run()
    assert seen == ["one, first", "one, second", "other, first", "other, second", "network"]


def test_what_is_registered_for_now_while_the_bucket_runs_joins_it() -> None:
    env = Environment()
    one, other = Agenda(env), Agenda(env)
    seen: list[str] = []

    def first() -> None:
        seen.append("first")
        one.call_later(0, lambda: seen.append("joined"))

    one.call_later(2, first)
    other.call_later(2, lambda: seen.append("other"))
    env.run()
    assert seen == ["first", "joined", "other"]


def test_what_is_registered_for_now_outside_makes_a_new_bucket() -> None:
    env = Environment()
    one = Agenda(env)
    seen: list[str] = []
    one.call_later(2, lambda: seen.append("bucket"))
    env.call_later(2, lambda: one.call_later(0, lambda: seen.append("new bucket")))
    env.call_later(2, lambda: seen.append("network"))
    env.run()
    assert seen == ["bucket", "network", "new bucket"]


def test_another_npus_bucket_does_not_take_in_what_it_registers_for_us() -> None:
    env = Environment()
    one, other = Agenda(env), Agenda(env)
    seen: list[str] = []
    other.call_later(1, lambda: one.call_later(0, lambda: seen.append("one")))
    other.call_later(1, lambda: seen.append("other"))
    env.run()
    assert seen == ["other", "one"]


def test_one_bucket_is_one_step() -> None:
    env = Environment()
    agenda = Agenda(env)
    seen: list[int] = []
    for number in range(3):
        agenda.call_later(7, partial(seen.append, number))
    env.step()
    assert (env.now, seen) == (7, [0, 1, 2])


def test_a_run_that_ends_inside_a_bucket_ends_after_all_of_it() -> None:
    env = Environment()
    one, other = Agenda(env), Agenda(env)
    done = Completion(env)
    seen: list[str] = []
    one.call_later(4, done.fire)
    one.call_later(4, lambda: one.call_later(0, lambda: seen.append("joined")))
    one.call_later(4, lambda: seen.append("rest"))
    other.call_later(4, lambda: seen.append("other"))
    env.run(until=done)
    assert (env.now, seen) == (4, ["rest", "joined"])
    env.run()
    assert seen == ["rest", "joined", "other"]


def test_an_error_inside_a_bucket_leaves_the_rest_in_place() -> None:
    env = Environment()
    agenda = Agenda(env)
    seen: list[int] = []

    def broken() -> None:
        raise LookupError("lost")

    agenda.call_later(1, broken)
    agenda.call_later(1, lambda: seen.append(env.now))
    env.call_later(1, lambda: seen.append(-1))
    with pytest.raises(LookupError):
        env.run()
    env.step()
    assert seen == [1]
    agenda.call_later(0, lambda: seen.append(env.now))
    env.run()
    assert seen == [1, -1, 1]


@given(registrations=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3)), max_size=30))
def test_buckets_by_time_then_by_first_registration_then_in_order(
    registrations: list[tuple[int, int]],
) -> None:
    env = Environment()
    agendas = [Agenda(env) for _ in range(3)]
    seen: list[tuple[int, int]] = []
    first: dict[tuple[int, int], int] = {}

    def note(number: int) -> None:
        seen.append((env.now, number))

    for number, (npu, delay) in enumerate(registrations):
        first.setdefault((npu, delay), number)
        agendas[npu].call_later(delay, partial(note, number))
    env.run()
    in_order = sorted(
        (delay, first[npu, delay], number) for number, (npu, delay) in enumerate(registrations)
    )
    assert seen == [(delay, number) for delay, _, number in in_order]
