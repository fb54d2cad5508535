"""Random programs with one fault: the report and `Run.why` name the fault itself."""

from random import Random

import pytest
from seeded_hangs import PLANTS, Planted, Programs, no_receive, simulation, sound

from simastra.errors import SYMPTOMS, Cause, DeadlockError, Wait
from simastra.simulation import Run, Simulation

SEEDS = range(4)
DIALECTS = ("hoti2024", "master")
CASES = [(name, dialect, seed) for name in PLANTS for dialect in DIALECTS for seed in SEEDS]


def hang(run: Run) -> DeadlockError:
    with pytest.raises(DeadlockError) as raised:
        run.run()
    return raised.value


def place(wait: Wait) -> tuple[int, int]:
    """NPU and place in its program: ids count from 1."""
    return wait.npu, wait.node - 1


def check(programs: Programs, planted: Planted, spoilt: Simulation) -> None:
    run = spoilt.start()
    deadlock = hang(run)
    known = [wait for wait in deadlock.waits if wait.cause not in SYMPTOMS]
    assert {wait.cause for wait in known} == {planted.cause}, deadlock
    assert {place(wait) for wait in known} <= planted.at
    assert f"likely cause: {planted.cause}" in str(deadlock)
    first = known[0]
    assert planted.culprit in {first.npu, *first.peers}
    for npu in deadlock.unfinished:
        root = run.why(npu).root
        assert root is not None
        assert root.cause is planted.cause
        assert place(root) in planted.at


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("seed", range(20))
def test_the_programs_are_sound_until_they_are_spoilt(seed: int, dialect: str) -> None:
    programs = sound(Random(seed))
    assert len(simulation(programs, dialect).run().finishes) == len(programs)


@pytest.mark.parametrize(("name", "dialect", "seed"), CASES)
def test_a_seeded_hang_names_its_root_cause(name: str, dialect: str, seed: int) -> None:
    random = Random(f"{name} {seed}")
    programs = sound(random)
    planted = PLANTS[name](programs, random)
    check(programs, planted, simulation(programs, dialect))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_receive_that_no_handshake_comes_from_is_named(seed: int) -> None:
    random = Random(seed)
    programs = sound(random)
    planted = no_receive(programs, random)
    check(programs, planted, simulation(programs, rendezvous=True))
    assert planted.cause is Cause.MISSING_RECEIVE


def test_there_are_at_least_thirty() -> None:
    assert len(CASES) + len(SEEDS) >= 30
