"""Stepping changes nothing: ASTRA-sim's cycles and orders, and every record, come out of it."""

import pytest
from seen import plain_result
from support.cases import Case, load_cases, simulation_of

from simastra.debug import AtNode, LongQueue, Stepper
from simastra.errors import DeadlockError
from simastra.simulation import Simulation

_EVERY = 12  # of the golden cases one in so many: stepping takes several times as long as running
_CASES = [
    case for name in ("hoti2024", "master", "multidim_aware") for case in load_cases(name)[::_EVERY]
]


@pytest.mark.parametrize("case", _CASES, ids=[case["name"] for case in _CASES])
def test_a_golden_case_stepped_through_has_the_records_of_its_run(case: Case) -> None:
    simulation = simulation_of(case)
    stepper = Stepper(simulation)
    while not stepper.step().ended:
        pass
    stepped = stepper.result()
    assert stepped == plain_result(simulation)
    assert (stepped.finishes, stepped.nodes) == _whatever_way(simulation)
    assert list(stepped.finish_order) == case["expect"]["order"]
    assert {str(npu): time for npu, time in stepped.cycles.items()} == case["expect"]["cycles"]


def _whatever_way(simulation: Simulation) -> tuple[object, object]:
    """Finishes and node records of a run that may take shortcuts."""
    result = simulation.run()
    return result.finishes, result.nodes


@pytest.mark.parametrize("case", _CASES[::4], ids=[case["name"] for case in _CASES[::4]])
def test_so_has_one_with_breakpoints_looked_at_and_gone_back_in(case: Case) -> None:
    simulation = simulation_of(case)
    stepper = Stepper(simulation)
    stepper.breakpoints.add(AtNode(finished=True))
    stepper.breakpoints.add(LongQueue(longer_than=1))
    stops = 0
    while not stepper.resume().ended:
        stops += 1
        for npu in range(len(stepper.state.npus)):
            stepper.state.npu(npu)
        if stops == 3:
            stepper.back(10)
            stepper.step(10)
        if stops > 20:
            stepper.finish()
    assert stepper.result() == plain_result(simulation)


_HANGING = [
    case
    for case in load_cases("hoti2024_rejected")
    if case["name"] in {"mixed-0252", "mixed-0399", "skewed-0457", "skewed-0560"}
]


@pytest.mark.parametrize("case", _HANGING, ids=[case["name"] for case in _HANGING])
def test_a_golden_case_that_hangs_tells_its_story_at_the_end(case: Case) -> None:
    simulation = simulation_of(case)
    stepper = Stepper(simulation)
    stepper.finish()
    with pytest.raises(DeadlockError) as raised:
        simulation.run()
    assert str(stepper.deadlock()) == str(raised.value)
