"""Golden cases on graphs: what a network file expands to has ASTRA-sim's answers too.

Here some cases; all in half a minute: ``PYTHONPATH=tests python tests/golden/expand_all.py``.
"""

import pytest
from support.cases import Case, check_case, load_cases
from support.expanded import expanded

from simastra.config import NetworkConfig

COLLECTIONS = "hoti2024", "master", "multidim_aware", "hoti2024_wide", "master_wide"
CASES = [case for name in COLLECTIONS for case in load_cases(name)[::12]]
# Of that many NPUs, shortcuts are taken: the order in which they end is that of the file itself.
LARGE = [case for case in load_cases("scale") if case["npus"] in {256, 512}]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_graph_runs_as_in_astra_sim(case: Case) -> None:
    check_case(case, expanded(NetworkConfig.parse(case["network"])))


@pytest.mark.parametrize(
    "case",
    [case for case in LARGE if "skew" not in case["name"]],
    ids=lambda case: case["name"],
)
def test_a_large_graph_runs_as_in_astra_sim(case: Case) -> None:
    check_case(case, expanded(NetworkConfig.parse(case["network"])))
