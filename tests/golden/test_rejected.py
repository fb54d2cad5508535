"""Inputs on which ASTRA-sim aborts, hangs or says nothing: here a result, or one clear error."""

import pytest
from support.cases import Case, load_cases, simulation_of

from simastra.errors import Cause, DeadlockError, InputError
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
            assert any(wait.cause is not Cause.UNKNOWN for wait in deadlock.waits)
        case InputError() as error:
            assert str(error).strip()
            assert "\n" not in str(error)


def outcome(case: Case) -> Result | InputError | DeadlockError:
    """How it ends; any other exception fails the test."""
    try:
        return simulation_of(case).run()
    except (InputError, DeadlockError) as error:
        return error


def test_the_collection_is_complete() -> None:
    assert len(CASES) == 119
