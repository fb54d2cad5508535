"""500 random inputs: cycles, finish order and node times are those of ASTRA-sim at hoti2024."""

import pytest
from support.cases import Case, check_case, load_cases

CASES = load_cases("hoti2024")


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_runs_as_in_astra_sim(case: Case) -> None:
    check_case(case)


def test_the_collection_is_complete() -> None:
    assert len(CASES) == 500
    assert {case["family"] for case in CASES} == {
        "bus",
        "collective",
        "dag",
        "group",
        "memory",
        "mixed",
        "p2p",
        "replay",
        "roofline",
        "skewed",
    }
