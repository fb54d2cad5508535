"""Environment: SimPy's behaviour, in whole nanoseconds, first in first out at equal times."""

from collections.abc import Generator
from functools import partial

import pytest
import simpy
from hypothesis import given, settings
from hypothesis import strategies as st
from simpy.core import EmptySchedule, Infinity, StopSimulation
from simpy.events import Event, Initialize

from simastra.engine import Environment
from simastra.errors import TimeRangeError
from simastra.units import LATEST_TIME


def test_equal_times_run_in_order_of_insertion() -> None:
    env = Environment()
    seen: list[str] = []
    env.call_later(5, lambda: seen.append("first for 5"))
    env.call_later(3, lambda: seen.append("3"))
    env.call_later(5, lambda: seen.append("second for 5"))
    env.run()
    assert seen == ["3", "first for 5", "second for 5"]


def test_what_is_added_for_now_runs_after_what_is_due_already() -> None:
    env = Environment()
    seen: list[str] = []

    def first() -> None:
        seen.append("first")
        env.call_later(0, lambda: seen.append("added"))

    env.call_later(4, first)
    env.call_later(4, lambda: seen.append("second"))
    env.call_later(5, lambda: seen.append("later"))
    env.run()
    assert seen == ["first", "second", "added", "later"]


def test_calls_and_events_share_one_line() -> None:
    env = Environment()
    seen: list[str] = []
    env.call_later(2, lambda: seen.append("call"))
    env.timeout(2).callbacks.append(lambda _event: seen.append("event"))
    env.call_later(2, lambda: seen.append("another call"))
    env.run()
    assert seen == ["call", "event", "another call"]


@given(delays=st.lists(st.integers(0, 5), max_size=30))
def test_calls_run_sorted_by_time_and_then_by_insertion(delays: list[int]) -> None:
    env = Environment()
    seen: list[tuple[int, int]] = []

    def note(number: int) -> None:
        seen.append((env.now, number))

    for number, delay in enumerate(delays):
        env.call_later(delay, partial(note, number))
    env.run()
    assert seen == sorted((delay, number) for number, delay in enumerate(delays))


def test_time_0_has_events_too() -> None:
    env = Environment()
    seen: list[int] = []
    env.call_later(0, lambda: seen.append(env.now))
    assert env.peek() == 0
    env.run()
    assert seen == [0]


@pytest.mark.parametrize("delay", [0.5, 1e-9, 2.25])
def test_a_fraction_of_a_nanosecond_is_refused(delay: float) -> None:
    env = Environment()
    with pytest.raises(ValueError, match=rf"whole nanoseconds, got a delay of {delay}"):
        env.timeout(delay)


def test_a_call_is_for_a_whole_nanosecond() -> None:
    env = Environment()
    env.call_later(2, print)
    with pytest.raises(ValueError, match=r"whole nanoseconds, got 2\.5; cut it, by int\(\)"):
        env.call_later(2.5, print)  # type: ignore[arg-type]


def test_a_whole_number_of_another_type_is_a_time_like_others() -> None:
    env = Environment()
    seen: list[tuple[str, int]] = []
    env.call_later(3.0, lambda: seen.append(("first", env.now)))  # type: ignore[arg-type]
    env.call_later(3, lambda: seen.append(("second", env.now)))
    env.call_later(3.0, lambda: seen.append(("third", env.now)))  # type: ignore[arg-type]
    env.run()
    assert seen == [("first", 3), ("second", 3), ("third", 3)]
    assert all(type(time) is int for _, time in seen)


def test_a_whole_float_keeps_the_clock_an_int() -> None:
    env = Environment()
    env.timeout(3.0)
    env.run()
    assert env.now == 3
    assert isinstance(env.now, int)


def test_a_negative_delay_is_refused() -> None:
    with pytest.raises(ValueError, match="Negative delay"):
        Environment().timeout(-1)


def test_peek_is_the_time_of_the_next_event() -> None:
    env = Environment()
    assert env.peek() == Infinity
    env.call_later(9, lambda: None)
    env.timeout(7)
    assert env.peek() == 7
    env.step()
    assert (env.now, env.peek()) == (7, 9)
    env.step()
    assert env.peek() == Infinity


def test_a_step_runs_one_entry() -> None:
    env = Environment()
    seen: list[str] = []
    env.call_later(1, lambda: seen.append("a"))
    env.call_later(1, lambda: seen.append("b"))
    env.step()
    assert seen == ["a"]
    env.step()
    assert seen == ["a", "b"]


def test_a_step_with_nothing_left_is_an_empty_schedule() -> None:
    env = Environment()
    env.call_later(1, lambda: None)
    env.step()
    with pytest.raises(EmptySchedule):
        env.step()


def test_running_until_a_time_leaves_what_is_due_then() -> None:
    env = Environment()
    seen: list[int] = []
    for time in (1, 2, 3):
        env.call_later(time, lambda: seen.append(env.now))
    env.run(until=2)
    assert (env.now, seen) == (2, [1])
    env.run()
    assert seen == [1, 2, 3]


def test_running_until_a_time_beyond_the_last_event_moves_the_clock_there() -> None:
    env = Environment()
    env.call_later(1, lambda: None)
    env.run(until=50)
    assert env.now == 50


def test_running_until_a_time_that_has_passed_is_refused() -> None:
    env = Environment()
    env.call_later(5, lambda: None)
    env.run()
    with pytest.raises(ValueError, match="until"):
        env.run(until=5)


def test_running_until_an_event_returns_its_value() -> None:
    env = Environment()
    seen: list[int] = []
    env.call_later(4, lambda: seen.append(env.now))
    env.call_later(6, lambda: seen.append(env.now))
    assert env.run(until=env.timeout(5, value="here")) == "here"
    assert (env.now, seen) == (5, [4])


def test_running_until_an_event_that_never_happens_says_so() -> None:
    env = Environment()
    env.call_later(1, lambda: None)
    with pytest.raises(RuntimeError, match="No scheduled events left"):
        env.run(until=env.event())


def test_a_process_starts_before_what_else_is_due_in_the_tick() -> None:
    env = Environment()
    seen: list[str] = []

    def process() -> Generator[Event, object, None]:
        seen.append("process")
        yield env.timeout(0)
        seen.append("after a timeout of 0")

    env.call_later(0, lambda: seen.append("call"))
    env.process(process())
    env.run()
    assert seen == ["process", "call", "after a timeout of 0"]


def test_an_interrupt_comes_before_what_is_due_in_the_tick() -> None:
    env = Environment()
    seen: list[str] = []

    def sleeper() -> Generator[Event, object, None]:
        try:
            yield env.timeout(100)
        except simpy.Interrupt as interrupt:
            seen.append(f"{interrupt.cause} at {env.now}")

    process = env.process(sleeper())
    env.call_later(3, lambda: process.interrupt("woken"))
    env.call_later(3, lambda: seen.append("call"))
    env.run()
    assert seen == ["woken at 3", "call"]


def test_an_event_that_failed_raises_where_nobody_handles_it() -> None:
    env = Environment()
    env.call_later(2, lambda: env.event().fail(LookupError("lost")))
    with pytest.raises(LookupError, match="lost"):
        env.run()
    assert env.now == 2


def test_a_failed_event_is_thrown_into_the_process_that_waits() -> None:
    env = Environment()
    failing = env.event()

    def process() -> Generator[Event, object, str]:
        try:
            yield failing
        except LookupError as error:
            return str(error)
        return "not reached"

    env.call_later(1, lambda: failing.fail(LookupError("lost")))
    assert env.run(until=env.process(process())) == "lost"


def test_an_error_in_a_call_leaves_the_rest_of_the_tick_in_place() -> None:
    env = Environment()
    seen: list[str] = []

    def broken() -> None:
        raise LookupError("lost")

    env.call_later(1, broken)
    env.call_later(1, lambda: seen.append("next"))
    with pytest.raises(LookupError):
        env.run()
    env.run()
    assert seen == ["next"]


def test_a_call_may_be_put_before_all_that_is_due() -> None:
    env = Environment()
    seen: list[str] = []

    def first() -> None:
        env.call_next(lambda: seen.append("next"))
        env.call_later(0, lambda: seen.append("last"))

    env.call_later(3, first)
    env.call_later(3, lambda: seen.append("due"))
    env.run()
    assert seen == ["next", "due", "last"]


def test_a_stop_in_the_middle_of_a_tick_leaves_the_rest_and_gives_its_value() -> None:
    env = Environment()
    seen: list[str] = []

    def stop() -> None:
        raise StopSimulation("enough")

    env.call_later(2, stop)
    env.call_later(2, lambda: seen.append("rest"))
    assert env.run() == "enough"
    assert (env.now, env.peek(), seen) == (2, 2, [])
    env.call_later(0, lambda: seen.append("added"))
    env.run()
    assert seen == ["rest", "added"]


def test_what_is_pending_is_told_in_order_and_without_what_has_run() -> None:
    env = Environment()

    def first() -> None: ...
    def second() -> None: ...
    def later() -> None: ...

    env.call_later(5, later)
    env.call_later(2, first)
    env.call_later(2, second)
    timeout = env.timeout(2)
    assert list(env.pending()) == [(2, first), (2, second), (2, timeout), (5, later)]
    env.step()
    assert list(env.pending()) == [(2, second), (2, timeout), (5, later)]
    env.step()
    env.step()
    assert list(env.pending()) == [(5, later)]


Plan = list[tuple[int, int]]
"""Calls: a delay, and how many calls one of them schedules in turn, each with one less."""


@given(
    plan=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=12),
    moves=st.lists(st.sampled_from(["step", "until", "stop"]), max_size=20),
)
def test_however_a_run_is_cut_everything_runs_in_the_same_order(
    plan: Plan, moves: list[str]
) -> None:
    whole = _planned(plan)
    whole.env.run()
    cut = _planned(plan)
    env = cut.env
    for move in moves:
        due = env.peek()
        match move:
            case "step" if due < Infinity:
                env.step()
            case "until" if env.now < due < Infinity:
                env.run(until=due)
            case _:
                env.run(until=env.timeout(0))
    env.run()
    assert cut.seen == whole.seen


class _Planned:
    """Calls that schedule further calls; `seen` is what ran, and when."""

    def __init__(self) -> None:
        self.env = Environment()
        self.seen: list[tuple[int, int]] = []

    def call(self, number: int, left: int) -> None:
        self.seen.append((self.env.now, number))
        for delay in range(left):
            self.env.call_later(delay, partial(self.call, 10 * number + delay, left - 1))


def _planned(plan: Plan) -> _Planned:
    planned = _Planned()
    for number, (delay, left) in enumerate(plan):
        planned.env.call_later(delay, partial(planned.call, 100 + number, left))
    return planned


# Random programs run on simpy.Environment, the oracle, and on ours. An instruction of a process is
# an operation and a number: a delay, or which event or process is meant.
OPERATIONS = ("timeout", "wait", "trigger", "fail", "spawn", "interrupt", "all of", "any of")
EVENTS = 4

Instruction = tuple[str, int]
Program = list[list[Instruction]]
PROGRAMS: st.SearchStrategy[Program] = st.lists(
    st.lists(st.tuples(st.sampled_from(OPERATIONS), st.integers(0, 3)), max_size=6),
    min_size=1,
    max_size=5,
)
MOST_PROCESSES = 12


class Run:
    """One run of a program; `log` says when each process did what."""

    def __init__(self, env: simpy.Environment, program: Program) -> None:
        self.env = env
        self.program = program
        self.events = [env.event() for _ in range(EVENTS)]
        self.processes: list[simpy.Process] = []
        self.log: list[tuple[object, ...]] = []
        for body in program:
            self.spawn(body)

    def go_on(self, until: int | None = None) -> None:
        """Run; an event that failed without anybody to handle it is logged and ends the run."""
        try:
            self.env.run(until)
        except LookupError as error:
            self.log.append(("raised", self.env.now, str(error)))

    def step(self) -> None:
        try:
            self.env.step()
        except LookupError as error:
            self.log.append(("raised", self.env.now, str(error)))

    def spawn(self, body: list[Instruction]) -> None:
        if len(self.processes) < MOST_PROCESSES:
            self.processes.append(self.env.process(self.play(len(self.processes), body)))

    def play(self, me: int, body: list[Instruction]) -> Generator[Event, object, None]:
        for operation, number in body:
            try:
                value = None
                target = self.begin(me, operation, number)
                if target is not None:
                    value = yield target
                self.log.append((self.env.now, me, operation, number, str(value)[:5]))
            except (simpy.Interrupt, LookupError) as stop:
                self.log.append((self.env.now, me, operation, number, repr(stop)))

    def begin(self, me: int, operation: str, number: int) -> Event | None:
        """Do it at once, or return the event to wait for."""
        match operation:
            case "timeout":
                return self.env.timeout(number, value=number)
            case "wait":
                return self.env.any_of([self.events[number], self.env.timeout(20)])
            case "all of":
                return self.env.all_of([self.env.timeout(number), self.env.timeout(2)])
            case "any of":
                return self.env.any_of([self.env.timeout(number), self.env.timeout(1)])
            case _:
                self.act(me, operation, number)
                return None

    def act(self, me: int, operation: str, number: int) -> None:
        event = self.events[number]
        match operation:
            case "trigger" if not event.triggered:
                event.succeed(me)
            case "fail" if not event.triggered:
                event.fail(LookupError(str(me)))
                event.defused = True
            case "spawn":
                self.spawn(self.program[number % len(self.program)])
            case "interrupt":
                other = self.processes[number % len(self.processes)]
                # A process can't be interrupted before it has begun, nor by itself.
                begun = other.is_alive and not isinstance(other.target, Initialize)
                if begun and other is not self.env.active_process:
                    other.interrupt(me)
            case _:
                pass  # that event has happened already


@settings(max_examples=200)
@given(program=PROGRAMS)
def test_processes_run_as_in_simpy(program: Program) -> None:
    oracle, ours = Run(simpy.Environment(), program), Run(Environment(), program)
    oracle.go_on()
    ours.go_on()
    assert ours.log == oracle.log
    assert ours.env.now == oracle.env.now


@given(program=PROGRAMS, stop=st.integers(1, 8))
def test_processes_stop_and_go_on_as_in_simpy(program: Program, stop: int) -> None:
    oracle, ours = Run(simpy.Environment(), program), Run(Environment(), program)
    for run in (oracle, ours):
        run.go_on(until=stop)
        run.log.append(("stopped", run.env.now, run.env.peek()))
        run.go_on()
    assert ours.log == oracle.log


@given(program=PROGRAMS)
def test_each_step_goes_to_the_same_time_as_in_simpy(program: Program) -> None:
    oracle, ours = Run(simpy.Environment(), program), Run(Environment(), program)
    while oracle.env.peek() < Infinity:
        assert ours.env.peek() == oracle.env.peek()
        oracle.step()
        ours.step()
        assert (ours.env.now, ours.log) == (oracle.env.now, oracle.log)
    assert ours.env.peek() == Infinity


def test_time_ends_at_the_largest_number_of_64_bits_with_a_sign() -> None:
    env = Environment()
    seen: list[int] = []

    def note() -> None:
        seen.append(env.now)

    env.call_later(5, lambda: env.call_later(LATEST_TIME - 5, note))
    env.run()
    assert seen == [2**63 - 1]


def test_nothing_is_scheduled_after_the_end_of_time() -> None:
    env = Environment()
    env.run(until=5)

    def never() -> None:
        raise AssertionError

    with pytest.raises(TimeRangeError) as caught:
        env.call_later(LATEST_TIME - 4, never)
    assert (caught.value.time, caught.value.call) == (LATEST_TIME + 1, never)
    with pytest.raises(TimeRangeError):
        env.timeout(LATEST_TIME - 4)
    assert not list(env.pending())


def test_an_error_of_time_keeps_its_facts_where_simpy_makes_it_again() -> None:
    env = Environment()

    def process() -> Generator[Event, None, None]:
        yield env.timeout(1)
        env.call_later(LATEST_TIME, lambda: None)

    env.process(process())
    with pytest.raises(TimeRangeError, match="would end at 9223372036854775808 ns") as caught:
        env.run()
    assert caught.value.time == LATEST_TIME + 1


def test_what_is_due_in_the_past_is_refused() -> None:
    env = Environment()
    with pytest.raises(ValueError, match=r"^it is 0 ns, too late for what is due at -1 ns$"):
        env.call_later(-1, list)
    env.call_later(7, lambda: env.call_later(-3, list))
    with pytest.raises(ValueError, match=r"^it is 7 ns, too late for what is due at 4 ns$"):
        env.run()
