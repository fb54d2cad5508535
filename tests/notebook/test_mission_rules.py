"""Missions' rules can't be got around, and what is told is what is simulated."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from support.mission_scores import refusal

from simastra import MiB
from simastra.notebook.missions import mission
from simastra.notebook.missions.diagnosis.broken_link import BrokenLink
from simastra.notebook.missions.diagnosis.curve import CurveFit
from simastra.notebook.missions.moves import ForbiddenMoveError
from simastra.notebook.missions.planning.experts import Experts
from simastra.notebook.missions.planning.placement import JobPlacement
from simastra.notebook.missions.posed import PosedMission
from simastra.notebook.missions.speed.algorithms import Algorithms
from simastra.notebook.missions.speed.hiding import Hiding


class Shorter(list[object]):
    """Says that it has more parts than there are."""

    def __len__(self) -> int:
        return max(6, super().__len__())


def test_a_list_has_the_parts_that_it_has() -> None:
    posed = JobPlacement(1)
    a, b = posed.par().values()
    assert len(a) == 6
    assert "has 2 parts" in refusal(posed, {"a": Shorter(a[:2]), "b": b})


@pytest.mark.parametrize(
    ("pose", "names"),
    [
        (JobPlacement, ("wanted", "broken")),
        (Experts, ("tokens",)),
        (Hiding, ("sizes", "micros")),
        (Algorithms, ("sizes",)),
        (CurveFit, ("measured",)),
        (BrokenLink, ("measured", "usual", "routes")),
    ],
)
def test_what_a_player_looks_at_cant_be_changed(
    pose: Callable[[int], PosedMission], names: Sequence[str]
) -> None:
    posed = pose(1)
    for name in names:
        given: Any = getattr(posed, name)
        key = next(iter(given)) if isinstance(given, Mapping) else 0
        with pytest.raises(TypeError):
            given[key] = 1


@pytest.mark.parametrize(
    ("name", "answer", "why"),
    [
        ("topology", "rng", "did you mean 'ring'"),
        ("two-jobs", {"a": [0, 1]}, "'b' is missing"),
        ("expert-placement", [[0, 1, 2]], "1 parts; 8 are wanted"),
        ("cheapest-network", {}, "'inner' is missing"),
        ("tp-pp-dp", {"tp": 8, "pp": 1, "dp": 1}, "1, 2 or 4"),
    ],
)
def test_who_tries_what_isnt_allowed_is_told_so_too(name: str, answer: object, why: str) -> None:
    posed: Any = mission(name, 3)
    with pytest.raises(ForbiddenMoveError, match=why):
        posed.simulation(answer)


def test_what_a_mission_tells_is_what_it_simulates() -> None:
    posed = Hiding(0)
    assert posed.simulation(posed.given).run().makespan == posed.now
    assert all(size % MiB == 0 for size in posed.sizes)
