"""What a member of a collective sends, beside what links have carried."""

import pytest
from support.machines import network, one_collective, system

from simastra import CollectiveType, Simulation
from simastra.simulation.measures.plan import Planned, plan
from simastra.workload import Collective

SIZE = 1_000_000


def planned(algorithm: str, kind: CollectiveType, npus: int = 8) -> tuple[Planned, Simulation]:
    simulation = Simulation(
        one_collective(kind, SIZE), system([algorithm]), network(("FullyConnected", npus))
    )
    (operation,) = simulation.experiment.programs[0].operations
    assert isinstance(operation, Collective)
    return plan(simulation.platform, 0, operation), simulation


@pytest.mark.parametrize("algorithm", ["ring", "direct", "direct3", "halvingDoubling"])
@pytest.mark.parametrize(
    "kind", [CollectiveType.ALL_REDUCE, CollectiveType.ALL_GATHER, CollectiveType.REDUCE_SCATTER]
)
def test_a_member_sends_what_its_links_carry(algorithm: str, kind: CollectiveType) -> None:
    sends, simulation = planned(algorithm, kind)
    links = [link for link in simulation.run().links if link.src == 0]
    assert sends.size == sum(link.size for link in links)
    assert sends.messages == sum(link.messages for link in links)
    (phase,) = sends.phases
    to_each = {link.dst: link.messages for link in links}
    for (to, _), count in phase[1].messages.items():
        to_each[to] -= sends.chunks * count
    assert not any(to_each.values())


@pytest.mark.parametrize(
    ("algorithm", "rounds"),
    [
        ("ring", [1] * 14),
        ("direct", [7, 7]),
        ("direct7", [7, 7]),
        ("halvingDoubling", [1] * 6),
    ],
)
def test_a_round_is_what_is_sent_without_waiting(algorithm: str, rounds: list[int]) -> None:
    sends, _ = planned(algorithm, CollectiveType.ALL_REDUCE)
    ((_, phase),) = sends.phases
    assert list(map(len, phase.rounds)) == rounds
    assert phase.count == sum(rounds)


def test_a_window_lets_one_in_for_each_that_has_come() -> None:
    sends, _ = planned("direct3", CollectiveType.ALL_TO_ALL)
    ((_, phase),) = sends.phases
    assert list(map(len, phase.rounds)) == [3, 3, 1]
