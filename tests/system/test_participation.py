"""Who takes part in a collective: dimensions, process groups, and nobody (1.6, 3.2, 3.10)."""

from collections.abc import Mapping
from typing import Any

import pytest
from support.machines import network, one_collective, system

from simastra.config import CommGroups, NetworkConfig
from simastra.errors import ConfigError
from simastra.result import Result
from simastra.simulation import Simulation
from simastra.trace import CollectiveType, Node, NodeType, Trace, TraceBuilder
from simastra.units import MiB

AR = CollectiveType.ALL_REDUCE
AG = CollectiveType.ALL_GATHER
GRID = network(("Ring", 4), ("Switch", 2))


def links_of(result: Result) -> set[tuple[int, int]]:
    return {(link.src, link.dst) for link in result.links}


def in_groups(
    groups: Mapping[str, list[int]], shape: NetworkConfig | None = None, **changes: Any
) -> Result:
    return Simulation(
        one_collective(AR),
        system(**changes),
        shape or network(("FullyConnected", 6)),
        comm_groups=CommGroups.parse(groups),
    ).run()


def along(involved: tuple[bool, ...] | None, collective: CollectiveType = AR) -> Result:
    node = Node(
        1,
        "collective",
        NodeType.COMM_COLL,
        is_cpu_op=False,
        comm_type=collective,
        comm_size=MiB,
        involved_dim=involved,
    )
    return Simulation(Trace.uniform([node], 8), system(["ring", "ring"]), GRID).run()


def test_a_collective_along_dimension_0_stays_on_its_rings() -> None:
    links = links_of(along((True, False)))
    assert links == {(i + s, (i + 1) % 4 + s) for s in (0, 4) for i in range(4)}


def test_a_collective_along_dimension_1_goes_through_its_switches() -> None:
    links = links_of(along((False, True)))
    assert links == {
        link for i in range(4) for npu in (i, i + 4) for link in ((npu, 8 + i), (8 + i, npu))
    }


def test_without_a_list_all_dimensions_take_part() -> None:
    without, full = along(None), along((True, True))
    assert (without.finishes, without.links) == (full.finishes, full.links)


def test_what_a_list_does_not_mention_takes_no_part() -> None:
    short, full = along((True,)), along((True, False))
    assert (short.finishes, short.links) == (full.finishes, full.links)
    assert "few-involved" in {notice.code for notice in short.notices}


def test_entries_beyond_the_networks_dimensions_do_not_matter() -> None:
    long, full = along((True, True, True, True)), along((True, True))
    assert (long.finishes, long.links) == (full.finishes, full.links)


@pytest.mark.parametrize("collective", [AR, AG])
def test_a_collective_along_no_dimension_ends_at_once(collective: CollectiveType) -> None:
    result = along((False, False), collective)
    assert result.cycles == dict.fromkeys(range(8), 0)
    assert result.links == ()


def test_gathering_nothing_ends_at_once() -> None:
    trace = TraceBuilder()
    trace.all_gather("nothing", size=0)
    trace.compute("work", micros=1)
    result = Simulation(trace, system(), network(("Ring", 4))).run()
    assert result.cycles == dict.fromkeys(range(4), 1000)


def test_gathering_fewer_bytes_than_splits_sends_them_one_by_one() -> None:
    trace = one_collective(AG, size=3)
    result = Simulation(trace, system(), network(("FullyConnected", 2))).run()
    assert [(link.size, link.messages) for link in result.links] == [(3, 3), (3, 3)]


def test_a_group_is_a_ring_in_its_own_order() -> None:
    result = in_groups({"1": [0, 4, 2], "2": [1, 3, 5]})
    assert links_of(result) == {(0, 4), (4, 2), (2, 0), (1, 3), (3, 5), (5, 1)}


def test_npus_in_no_group_take_part_with_everybody_and_wait_for_them() -> None:
    shape = network(("Ring", 4), ("Switch", 2))
    node = Node(
        1,
        "AR",
        NodeType.COMM_COLL,
        is_cpu_op=False,
        comm_type=AR,
        comm_size=MiB,
        involved_dim=(True, False),
    )
    result = Simulation(
        Trace.uniform([node], 8),
        system(["ring", "ring"]),
        shape,
        comm_groups=CommGroups.parse({"1": [0, 1, 2, 3]}),
    ).run()
    # The group's ring and the other NPUs' ring along dimension 0 are alike, tags aside.
    assert len(set(result.cycles.values())) == 1


def test_an_npu_in_two_groups_is_in_the_one_whose_key_sorts_last_as_text() -> None:
    result = in_groups({"2": [0, 1, 2], "10": [0, 1, 2, 3, 4, 5], "3": [3, 4, 5]})
    assert links_of(result) == {(0, 1), (1, 2), (2, 0), (3, 4), (4, 5), (5, 3)}


def test_a_group_of_one_has_nothing_to_do() -> None:
    result = in_groups({"1": [0], "2": [1, 2, 3, 4, 5]})
    assert result.cycles[0] == 0
    assert result.finish_order[0] == 0


def test_a_group_of_everybody_is_everybody() -> None:
    grouped = in_groups({"1": [3, 2, 1, 0, 5, 4]}, all_reduce_implementation=["direct"])
    plain = Simulation(
        one_collective(AR),
        system(all_reduce_implementation=["direct"]),
        network(("FullyConnected", 6)),
    ).run()
    assert grouped.cycles == plain.cycles


def test_a_group_runs_a_ring_whatever_the_algorithm() -> None:
    assert in_groups({"1": [0, 1, 2], "2": [3, 4, 5]}) == in_groups(
        {"1": [0, 1, 2], "2": [3, 4, 5]}, all_reduce_implementation=["direct"]
    )


def test_a_member_that_does_not_exist_is_an_error_at_its_place() -> None:
    with pytest.raises(ConfigError) as raised:
        in_groups({"1": [0, 1], "2": [2, 6]})
    assert raised.value.key == "2[1]"
    assert "NPU 6 doesn't exist; the network has NPUs 0 to 5" in raised.value.problem


def test_fewer_algorithms_than_dimensions_leave_the_others_out() -> None:
    trace = one_collective(AR)
    result = Simulation(trace, system(["ring"]), GRID).run()
    assert links_of(result) == links_of(along((True, False)))


def test_one_ring_over_all_npus_is_routed_over_the_real_network() -> None:
    trace = one_collective(AR)
    result = Simulation(trace, system(["oneRing"]), GRID).run()
    # 0 to 3 along the first ring, then 3 to 4 by its ring to 0's column and the switch 8.
    assert {(0, 1), (1, 2), (2, 3), (3, 0), (0, 8), (8, 4)} <= links_of(result)
    assert {link.messages for link in result.links if (link.src, link.dst) == (0, 1)} == {56}


def test_one_ring_over_all_looks_at_dimension_0_alone() -> None:
    def cycles(involved: tuple[bool, ...]) -> dict[int, int]:
        node = Node(
            1,
            "AR",
            NodeType.COMM_COLL,
            is_cpu_op=False,
            comm_type=AR,
            comm_size=MiB,
            involved_dim=involved,
        )
        return Simulation(Trace.uniform([node], 8), system(["oneRing"]), GRID).run().cycles

    assert cycles((True, False)) == cycles((True, True))
    assert cycles((False, True)) == dict.fromkeys(range(8), 0)
