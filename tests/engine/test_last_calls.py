"""What runs at the end of a nanosecond, run or stepped, and what is scheduled while it runs."""

from collections.abc import Callable

import pytest
from simpy.core import Infinity

from simastra.engine import Environment
from simastra.explain import CausalEnvironment


def stepped(env: Environment) -> None:
    while env.peek() != Infinity:
        env.step()


def until_later(env: Environment) -> None:
    env.run(until=100)


ways = pytest.mark.parametrize("run", [Environment.run, stepped, until_later])
kinds = pytest.mark.parametrize("kind", [Environment, CausalEnvironment])


def program(env: Environment, seen: list[tuple[int, str]]) -> None:
    def note(what: str) -> Callable[[], None]:
        return lambda: seen.append((env.now, what))

    def first() -> None:
        note("first")()
        env.call_last(last)
        env.call_later(0, second)
        env.call_later(3, note("later"))

    def second() -> None:
        note("second")()
        env.call_later(0, note("third"))
        env.call_last(note("last too"))

    def last() -> None:
        note("last")()
        env.call_later(0, note("after the last"))
        env.call_later(0, lambda: env.call_last(note("last again")))

    env.call_later(5, first)


EXPECTED = ["first", "second", "third", "last", "last too", "after the last", "last again"]


@ways
@kinds
def test_last_calls_run_after_all_that_is_due_and_comes_to_be(
    run: Callable[[Environment], None], kind: type[Environment]
) -> None:
    env, seen = kind(), list[tuple[int, str]]()
    program(env, seen)
    run(env)
    assert seen == [*((5, what) for what in EXPECTED), (8, "later")]
    assert not list(env.pending())


@ways
@kinds
def test_a_last_call_makes_its_nanosecond_if_nothing_else_is_due(
    run: Callable[[Environment], None], kind: type[Environment]
) -> None:
    env, seen = kind(), list[int]()
    env.call_last(lambda: seen.append(env.now))
    assert env.peek() == 0
    run(env)
    assert seen == [0]


def test_pending_tells_of_it_after_what_else_is_due_now() -> None:
    env = Environment()
    env.call_last(print)
    env.call_later(0, len)  # type: ignore[arg-type]  # never called
    env.call_later(2, repr)  # type: ignore[arg-type]  # never called
    assert list(env.pending()) == [(0, len), (0, print), (2, repr)]


def test_a_run_that_stops_before_the_last_call_goes_on_with_it() -> None:
    env, seen = Environment(), list[str]()
    stop = env.event()

    def first() -> None:
        env.call_last(lambda: seen.append("last"))
        stop.succeed()
        env.call_later(0, lambda: seen.append("second"))

    env.call_later(4, first)
    env.run(until=stop)
    assert seen == []
    env.run()
    assert (seen, env.now) == (["second", "last"], 4)
