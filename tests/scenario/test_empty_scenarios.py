"""An empty scenario changes no cycle of ASTRA-sim's answers, on any way to them."""

from __future__ import annotations

import pytest
from support.cases import Case, load_cases, simulation_of

from simastra.scenario import ScenarioConfig

EMPTY = (
    {},
    {"npus": [{"npus": "all", "compute": 1}]},
    {"jitter": {"compute": {"distribution": "lognormal", "sigma": 0}}},
)


def cases(name: str) -> list[Case]:
    """One of each family and backend."""
    found: dict[object, Case] = {}
    for case in load_cases(name):
        if case["npus"] <= 16:
            found.setdefault((case["family"], case["backend"]), case)
    return list(found.values())


@pytest.mark.parametrize("name", ["hoti2024", "master", "multidim_aware"])
@pytest.mark.parametrize("told", EMPTY)
def test_no_cycle_is_changed(name: str, told: dict[str, object]) -> None:
    for case in cases(name):
        simulation = simulation_of(case)
        same = simulation.with_(scenario=ScenarioConfig.parse(told))
        usual = simulation.run(shortcuts="off")
        assert same.run(shortcuts="off").finishes == usual.finishes
        assert same.run(shortcuts="always").cycles == usual.cycles
