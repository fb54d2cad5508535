"""What a mission buys or places has to work, fit and be in time; the best gets three stars."""

import pytest
from support.mission_scores import refusal, stars

from simastra.notebook.missions.planning.cheapest import Cheapest
from simastra.notebook.missions.planning.checkpoints import Checkpoints
from simastra.notebook.missions.planning.experts import EACH, EXPERTS, NPUS, Experts
from simastra.notebook.missions.planning.parallelism import CHOICES, SharingOut
from simastra.notebook.missions.planning.placement import JobPlacement


def test_what_is_late_or_dear_gets_less_than_the_cheapest_in_time() -> None:
    posed = Cheapest(3)
    par = posed.par()
    dearest = {**par, "inner": "FullyConnected", "inner-bandwidth": 300}
    dearest |= {"outer": "FullyConnected", "outer-bandwidth": 100}
    slow = {"inner": "Ring", "inner-bandwidth": 100, "outer": "Ring", "outer-bandwidth": 25}
    assert stars(posed, [par, dearest, slow]) == [3, 0, 0]
    assert posed.simulation(par).run().makespan <= posed.deadline
    assert posed.simulation(slow).run().makespan > posed.deadline


def test_what_doesnt_fit_into_memory_is_refused_and_what_fits_is_ranked() -> None:
    posed = SharingOut(2)
    answers = [{"tp": it.tp, "pp": it.pp, "dp": it.dp} for it in CHOICES]
    fitting = [it for it in answers if posed.memory(it) <= posed.capacity]
    assert 3 <= len(fitting) <= 5
    for answer in answers:
        if answer not in fitting:
            assert "GiB, and there are" in refusal(posed, answer)
    assert stars(posed, fitting).count(3) == 1
    assert "there are 8 NPUs" in refusal(posed, {"tp": 4, "pp": 4, "dp": 1})


def test_jobs_get_npus_that_work_and_each_only_once() -> None:
    posed = JobPlacement(2)
    par = posed.par()
    assert "out of order" in refusal(posed, {**par, "b": [posed.broken[0], *par["b"][1:]]})
    assert "twice" in refusal(posed, {**par, "b": [par["a"][0], *par["b"][1:]]})
    assert "4 are wanted" in refusal(posed, {**par, "b": par["b"][1:]})
    assert "is missing" in refusal(posed, {"a": par["a"]})
    zigzag = {**par, "a": par["a"][::2] + par["a"][1::2]}
    assert posed.score(zigzag).stars < 3


@pytest.mark.parametrize("seed", range(4))
def test_who_takes_the_first_npus_gets_one_star_at_most(seed: int) -> None:
    posed = JobPlacement(seed)
    for order in ("ab", "ba"):
        first_come = dict(zip("ab", posed._cluster.first_come(order), strict=True))
        assert posed.score(first_come).stars <= 1


@pytest.mark.parametrize("seed", range(4))
def test_experts_as_they_are_reach_no_goal_and_none_may_be_left_out(seed: int) -> None:
    posed = Experts(seed)
    now = [[*range(EACH * npu, EACH * (npu + 1))] for npu in range(NPUS)]
    assert posed.score(now).stars == 0
    assert posed.score(posed.par()).stars == 3
    assert "two places" in refusal(posed, [[0, 1, 2]] * NPUS)
    assert "8 are wanted" in refusal(posed, [[*range(EXPERTS)]])


@pytest.mark.parametrize("seed", range(4))
def test_checkpoints_too_often_and_too_seldom_lose_more(seed: int) -> None:
    posed = Checkpoints(seed)
    par = posed.par()
    assert stars(posed, [par, par / 8, 8 * par]) == [3, 0, 0]
