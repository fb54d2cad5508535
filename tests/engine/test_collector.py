"""Python's garbage collector is patient during a run, and as it was afterwards."""

import gc
from collections.abc import Iterator

import pytest

from simastra.engine import Environment


@pytest.fixture(autouse=True)
def _thresholds() -> Iterator[None]:
    """Whatever a test sets is undone."""
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)


def thresholds_in_a_run() -> tuple[int, int, int]:
    env = Environment()
    seen: list[tuple[int, int, int]] = []
    env.call_later(1, lambda: seen.append(gc.get_threshold()))
    env.run()
    return seen[0]


def test_it_waits_for_many_objects_during_a_run_and_is_as_before_after_it() -> None:
    gc.set_threshold(701, 11, 12)
    assert thresholds_in_a_run() == (100_000, 11, 12)
    assert gc.get_threshold() == (701, 11, 12)


@pytest.mark.parametrize("young", [0, 250_000])
def test_one_that_never_collects_or_waits_longer_stays_so(young: int) -> None:
    gc.set_threshold(young, 11, 12)
    assert thresholds_in_a_run() == (young, 11, 12)


def test_it_is_as_before_after_an_error_too() -> None:
    gc.set_threshold(701, 11, 12)
    env = Environment()
    env.timeout(1).callbacks.append(lambda _event: 1 / 0)  # type: ignore[arg-type, return-value]
    with pytest.raises(ZeroDivisionError):
        env.run(until=5)
    assert gc.get_threshold() == (701, 11, 12)
