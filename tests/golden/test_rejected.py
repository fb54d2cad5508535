"""Inputs on which ASTRA-sim aborts, hangs or says nothing: here a result, or one clear error."""

import pytest
from support.cases import Case, load_cases, simulation_of

from simastra.errors import ConfigError, DeadlockError, TraceError
from simastra.result import Result

CASES = load_cases("hoti2024_rejected")


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_ends_with_a_result_or_a_clear_error(case: Case) -> None:
    match outcome(case):
        case Result() as result:
            assert sorted(result.finish_order) == list(range(case["npus"]))
        case DeadlockError() as deadlock:
            assert deadlock.unfinished
            assert {wait.npu for wait in deadlock.waits} <= set(deadlock.unfinished)
        case ConfigError(problem=problem) | TraceError(problem=problem) as error:
            assert problem
            assert "\n" not in str(error)


def outcome(case: Case) -> Result | ConfigError | TraceError | DeadlockError:
    try:
        return simulation_of(case).run()
    except (ConfigError, TraceError, DeadlockError) as error:
        return error


def test_the_collection_is_complete() -> None:
    assert len(CASES) == 119
