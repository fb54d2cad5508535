"""What one event costs: a plain call on our queue, beside SimPy's own ways on SimPy's heap."""

from collections.abc import Callable, Generator
from time import perf_counter

import simpy
from simpy.events import Event

from simastra.engine import Environment

from .record import Row

EVENTS = 200_000
AT_ONCE = 100
"""Events that are pending at any time; each that runs schedules its successor."""


def measure() -> list[Row]:
    """Measure each way."""
    ways: dict[str, Callable[[], None]] = {
        "simastra: plain call": lambda: _plain_calls(Environment()),
        "simastra: timeout in a process": lambda: _processes(Environment()),
        "simpy: callback of a timeout": lambda: _callbacks(simpy.Environment()),
        "simpy: timeout in a process": lambda: _processes(simpy.Environment()),
        "simpy: store put and get": lambda: _stores(simpy.Environment()),
    }
    return [_measure(name, way) for name, way in ways.items()]


def _measure(name: str, way: Callable[[], None]) -> Row:
    start = perf_counter()
    way()
    microseconds = round((perf_counter() - start) / EVENTS * 1e6, 3)
    print(f"  {name:32} {microseconds:6.2f} us")
    return {"way": name, "microseconds": microseconds}


def _plain_calls(env: Environment) -> None:
    left = EVENTS

    def again() -> None:
        nonlocal left
        left -= 1
        if left >= AT_ONCE:
            env.call_later(10, again)

    for _ in range(AT_ONCE):
        env.call_later(10, again)
    env.run()


def _callbacks(env: simpy.Environment) -> None:
    left = EVENTS

    def again(_event: Event) -> None:
        nonlocal left
        left -= 1
        if left >= AT_ONCE:
            env.timeout(10).callbacks.append(again)

    for _ in range(AT_ONCE):
        env.timeout(10).callbacks.append(again)
    env.run()


def _processes(env: simpy.Environment) -> None:
    def process() -> Generator[Event, object, None]:
        for _ in range(EVENTS // AT_ONCE):
            yield env.timeout(10)

    for _ in range(AT_ONCE):
        env.process(process())
    env.run()


def _stores(env: simpy.Environment) -> None:
    store = simpy.Store(env)

    def process() -> Generator[Event, object, None]:
        for item in range(EVENTS // AT_ONCE):
            yield store.put(item)
            yield store.get()

    for _ in range(AT_ONCE):
        env.process(process())
    env.run()
