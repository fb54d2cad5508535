"""Completion and NextOf: a waiting process goes on inside the call that fires the event."""

from collections.abc import Generator

import pytest
from simpy.events import Event

from simastra.engine import Completion, Environment, NextOf


def test_a_waiting_process_is_resumed_before_the_next_line_of_the_caller() -> None:
    env = Environment()
    done = Completion(env)
    seen: list[object] = []

    def process() -> Generator[Event, object, None]:
        value = yield done
        seen.append(("process", env.now, value))

    def caller() -> None:
        done.fire("news")
        seen.append("caller")

    env.process(process())
    env.call_later(3, caller)
    env.run()
    assert seen == [("process", 3, "news"), "caller"]


def test_simpys_own_succeed_would_resume_it_later() -> None:
    env = Environment()
    done = Completion(env)
    seen: list[str] = []

    def caller() -> None:
        done.succeed()
        seen.append("caller")

    done.callbacks.append(lambda _event: seen.append("waiter"))
    env.call_later(3, caller)
    env.call_later(3, lambda: seen.append("due already"))
    env.run()
    assert seen == ["caller", "due already", "waiter"]


def test_callbacks_run_in_the_order_in_which_they_were_added() -> None:
    done = Completion(Environment())
    seen: list[str] = []
    done.callbacks.append(lambda _event: seen.append("a"))
    done.callbacks.append(lambda _event: seen.append("b"))
    done.fire()
    assert seen == ["a", "b"]


def test_a_fired_completion_is_a_processed_simpy_event() -> None:
    env = Environment()
    done = Completion(env)
    assert not done.triggered
    done.fire(5)
    assert (done.triggered, done.processed, done.ok, done.value) == (True, True, True, 5)

    def late() -> Generator[Event, object, object]:
        return (yield done)

    assert env.run(until=env.process(late())) == 5


def test_a_process_may_wait_for_a_completion_and_a_timeout_at_once() -> None:
    env = Environment()
    done = Completion(env)

    def process() -> Generator[Event, object, int]:
        yield done | env.timeout(50)
        return env.now

    env.call_later(20, done.fire)
    assert env.run(until=env.process(process())) == 20


def test_a_run_until_a_completion_ends_after_the_call_that_fires_it() -> None:
    env = Environment()
    done = Completion(env)
    seen: list[str] = []

    def caller() -> None:
        done.callbacks.append(lambda _event: seen.append("another waiter"))
        done.fire("news")
        seen.append("caller")

    env.call_later(3, caller)
    env.call_later(3, lambda: seen.append("due already"))
    assert env.run(until=done) == "news"
    assert seen == ["another waiter", "caller"]
    env.run()
    assert seen == ["another waiter", "caller", "due already"]


def test_next_of_hands_over_one_item_after_the_other() -> None:
    env = Environment()
    in_flight = NextOf(env)
    seen: list[tuple[int, object]] = []

    def process() -> Generator[Event, object, None]:
        in_flight.expect(env.timeout(7), "slow")
        in_flight.expect(env.timeout(2), "fast")
        for _ in range(3):
            item = yield in_flight
            seen.append((env.now, item))
            if item == "fast":
                in_flight.expect(env.timeout(1), "added")

    env.process(process())
    env.run()
    assert seen == [(2, "fast"), (3, "added"), (7, "slow")]


def test_next_of_delivers_two_items_of_one_tick() -> None:
    env = Environment()
    in_flight = NextOf(env)
    one, other = Completion(env), Completion(env)
    seen: list[object] = []

    def process() -> Generator[Event, object, None]:
        in_flight.expect(one, "one")
        in_flight.expect(other, "other")
        while len(seen) < 2:
            seen.append((yield in_flight))

    def both() -> None:
        other.fire()
        one.fire()
        seen.append("caller")

    env.process(process())
    env.call_later(4, both)
    env.run()
    assert seen == ["other", "one", "caller"]


def test_next_of_says_so_where_nobody_waits() -> None:
    env = Environment()
    in_flight = NextOf(env)
    in_flight.expect(env.timeout(1), "node 3")
    with pytest.raises(RuntimeError, match="'node 3' happened while nobody waited"):
        env.run()
