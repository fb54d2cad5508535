"""150 congestion-aware networks of several dimensions: as ASTRA-sim's side tag (behaviour 4.6)."""

import pytest
from support.cases import Case, check_case, load_cases

CASES = load_cases("multidim_aware")


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_runs_as_in_astra_sim(case: Case) -> None:
    check_case(case)


def test_the_collection_is_complete() -> None:
    assert len(CASES) == 150
    assert {len(case["network"]["topology"]) for case in CASES} == {2, 3}
