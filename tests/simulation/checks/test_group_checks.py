"""Process groups: what of a groups file and of the nodes' names isn't read as it is written."""

import pytest
from support.machines import network, system

from simastra import CommGroups, Options, Simulation, TraceBuilder
from simastra.notices import Severity
from simastra.simulation import dialect_named

HOTI2024 = Options(dialect=dialect_named("hoti2024"))
MASTER = Options(dialect=dialect_named("master"))


def simulation(
    group: int | None, groups: dict[str, list[int]] | None, options: Options | None = None
) -> Simulation:
    trace = TraceBuilder()
    trace.all_reduce("ar", size=2**20, group=group)
    listed = None if groups is None else CommGroups.parse(groups, "groups.json")
    return Simulation(trace, system(), network(("Ring", 4)), comm_groups=listed, options=options)


def codes(simulation: Simulation) -> list[str]:
    return [it.code for it in simulation.notices if it.severity is Severity.WARNING]


@pytest.mark.parametrize("members", [[0, 1], [3, 2, 1, 0]])
def test_a_group_0_is_read_by_nobody_and_its_number_stands_for_all(members: list[int]) -> None:
    groups = {"0": members, "1": [0, 1, 2, 3]}
    told = simulation(0, groups, MASTER)
    (notice,) = (it for it in told.notices if it.severity is Severity.WARNING)
    assert (notice.code, notice.where) == ("group-0", "groups.json: 0")
    assert told.run().makespan == simulation(None, None, MASTER).run().makespan
    assert not codes(simulation(1, {"1": [0, 1, 2, 3]}, MASTER))


def test_by_default_a_group_0_is_a_group_as_others_are() -> None:
    assert not codes(simulation(None, {"0": [0, 1], "1": [2, 3]}))


def test_a_name_that_is_not_read_is_told_unless_it_stands_for_all() -> None:
    assert codes(simulation(1, None, HOTI2024)) == ["group-not-read"]
    assert not codes(simulation(0, None))
    assert not codes(simulation(1, {"1": [0, 1, 2, 3]}, MASTER))


def test_only_so_many_names_and_members_are_shown() -> None:
    trace = TraceBuilder()
    for group in range(1, 6):
        trace.all_reduce("ar", size=2**20, group=group)
    told = Simulation(trace, system(), network(("Ring", 4)), options=HOTI2024).notices
    (message,) = (it.message for it in told if it.code == "group-not-read")
    assert "('1', '2', '3', '4', ... in pg_name)" in message
    few = TraceBuilder()
    for group in range(1, 5):
        few.all_reduce("ar", size=2**20, group=group)
    told = Simulation(few, system(), network(("Ring", 4)), options=HOTI2024).notices
    (message,) = (it.message for it in told if it.code == "group-not-read")
    assert "('1', '2', '3', '4' in pg_name)" in message


def test_a_number_alone_is_no_doubt() -> None:
    groups = {"1": [0, 1, 2, 3]}
    assert "group-more-than-number" not in {it.code for it in simulation(1, groups, MASTER).notices}
    assert "group-more-than-number" not in {
        it.code for it in simulation(None, None, MASTER).notices
    }
