"""200 random inputs: cycles and finish order are those of ASTRA-sim's master."""

import pytest
from support.cases import Case, check_case, load_cases

CASES = load_cases("master")


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_runs_as_in_astra_sim(case: Case) -> None:
    check_case(case)


def test_the_collection_is_complete() -> None:
    assert len(CASES) == 200
    assert {case.get("profile") for case in CASES} == {"master"}
