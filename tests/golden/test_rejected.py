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


TOLD = {
    "data-set-number",
    "event-at-0",
    "few-involved",
    "nothing-involved",
    "no-involved-dim",
    "ring-of-two",
}
"""Notices of what ASTRA-sim doesn't finish, as far as these cases have it."""

OUT_OF_STEP = {"dag-0097", "dag-0260", "roofline-0320", "mixed-0500"}
"""Here a data set gets the number of a node, with NPUs that don't go in step."""


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_what_only_simastra_finishes_is_told(case: Case) -> None:
    if isinstance(outcome(case), Result) and case["name"] not in OUT_OF_STEP:
        assert TOLD & {notice.code for notice in simulation_of(case).notices}


def outcome(case: Case) -> Result | InputError | DeadlockError:
    """How it ends; any other exception fails the test."""
    try:
        return simulation_of(case).run()
    except (InputError, DeadlockError) as error:
        return error


def test_the_collection_is_complete() -> None:
    assert len(CASES) == 119
