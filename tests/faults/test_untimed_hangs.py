"""Hangs that are found without simulating: those of every timing, told as a run would tell them."""

from random import Random

import planted_hangs
import pytest
from wide_hangs import PLANTS, machine, sound

from simastra.errors import DeadlockError
from simastra.simulation import Simulation

SETTINGS = (
    ("hoti2024", False, False),
    ("hoti2024", False, True),
    ("master", True, False),
    ("master", True, True),
)
"""Dialect, whether there are process groups, and whether handshakes precede messages."""

MOST_MISSED = 1
"""Of the plants of a kind: in several dimensions, messages of what is another collective can fit by
their sizes, and the timing decides which."""


def ran(simulation: Simulation) -> DeadlockError | None:
    try:
        simulation.run()
    except DeadlockError as deadlock:
        return deadlock
    return None


@pytest.mark.parametrize(
    "plant",
    [
        planted_hangs.another_tag,
        planted_hangs.another_size,
        planted_hangs.no_send,
        planted_hangs.one_send_for_two_receives,
        planted_hangs.no_receive_for_a_handshake,
        planted_hangs.receives_first,
        planted_hangs.sends_first_with_a_handshake,
        planted_hangs.one_without,
        planted_hangs.another_collective_size,
        planted_hangs.another_order,
        planted_hangs.another_type,
        planted_hangs.a_receive_that_holds_the_unit,
        planted_hangs.some_in_a_group_and_some_in_none,
        planted_hangs.three_groups_in_a_circle,
        planted_hangs.a_group_whose_member_finished,
    ],
)
def test_each_cause_is_told_in_the_words_of_a_run(plant: planted_hangs.Plant) -> None:
    simulation = plant().simulation()
    found, expected = simulation.certain_deadlock(), ran(simulation)
    assert found is not None
    assert expected is not None
    assert (found.waits, found.cycle) == (expected.waits, expected.cycle)
    assert (found.unfinished, found.remarks) == (expected.unfinished, expected.remarks)
    assert found.time is None
    assert str(found).startswith("deadlock: whatever the timing, ")
    assert str(found).splitlines()[1:] == str(expected).splitlines()[1:]


@pytest.mark.parametrize(("dialect", "grouped", "rendezvous"), SETTINGS)
@pytest.mark.parametrize("name", PLANTS)
def test_a_planted_fault_is_found_exactly_where_a_run_hangs(
    name: str,
    dialect: str,
    grouped: bool,  # noqa: FBT001  # pytest gives it
    rendezvous: bool,  # noqa: FBT001
) -> None:
    hung = found = 0
    for seed in range(3):
        random = Random(f"{name} {dialect, grouped, rendezvous} {seed}")
        on = machine(random, grouped=grouped, dialect=dialect, rendezvous=rendezvous)
        programs = sound(on, random)
        assert on.simulation(programs).certain_deadlock() is None
        if PLANTS[name](on, programs, random) is None:
            continue
        simulation = on.simulation(programs)
        expected, told = ran(simulation), simulation.certain_deadlock()
        hung += expected is not None
        if told is not None:
            found += 1
            assert expected is not None
            assert told.waits == expected.waits
    assert found >= hung - MOST_MISSED
