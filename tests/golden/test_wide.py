"""124 cases of wider families: one to five dimensions, odd counts, mixed algorithms, windows."""

import pytest
from support.cases import Case, check_case, load_cases

CASES = [*load_cases("hoti2024_wide"), *load_cases("master_wide")]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_runs_as_in_astra_sim(case: Case) -> None:
    check_case(case)


def test_the_collection_is_complete() -> None:
    assert len(CASES) == 63 + 61
    assert {case.get("profile", "hoti2024") for case in CASES} == {"hoti2024", "master"}
    assert sum(case["name"].startswith("DIFF-") for case in CASES) == 4
