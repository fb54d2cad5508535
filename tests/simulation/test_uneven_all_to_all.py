"""All-to-alls whose members name different sizes: with the mark they run, without it they don't."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simastra import DeadlockError, NetworkConfig, Simulation, SystemConfig
from simastra.config import CommGroups
from simastra.simulation import Options, dialect_named
from simastra.trace import CollectiveType, Node, NodeType, Trace

SYSTEM = SystemConfig(
    all_to_all_implementation=["ring"],
    all_reduce_implementation=["ring"],
    preferred_dataset_splits=4,
    local_mem_bw=50,
)


def all_to_all(id_: int, size: int, *, uneven: bool = True, group: str | None = None) -> Node:
    return Node(
        id_,
        "a2a",
        NodeType.COMM_COLL,
        is_cpu_op=False,
        comm_type=CollectiveType.ALL_TO_ALL,
        comm_size=size,
        involved_dim=(True,),
        comm_uneven=uneven or None,
        pg_name=group,
    )


def simulation(npus: Sequence[Sequence[Node]], groups: CommGroups | None = None) -> Simulation:
    network = NetworkConfig(
        topology=["Ring"], npus_count=[len(npus)], bandwidth=[50], latency=[500]
    )
    nodes = tuple(map(tuple, npus))
    trace = Trace(nodes, tuple(f"t.{npu}.et" for npu in range(len(npus))))
    options = Options(dialect=dialect_named("master" if groups else "hoti2024"))
    return Simulation(trace, SYSTEM, network, comm_groups=groups, options=options)


def told(sim: Simulation) -> list[str]:
    return [str(notice) for notice in sim.notices if notice.code == "uneven-all-to-all"]


@given(st.lists(st.integers(0, 1 << 20), min_size=4, max_size=4))
def test_an_uneven_all_to_all_takes_what_one_of_its_largest_size_takes(sizes: list[int]) -> None:
    uneven = simulation([[all_to_all(1, size)] for size in sizes])
    even = simulation([[all_to_all(1, max(sizes))]] * 4)
    assert uneven.run().cycles == even.run().cycles
    assert bool(told(uneven)) == (len(set(sizes)) > 1)
    assert not told(even)


def test_the_notice_names_the_first_node_that_was_raised_and_counts_all() -> None:
    sizes = [(4096, 64), (1024, 64), (4096, 64), (4096, 256)]
    (notice,) = told(simulation([[all_to_all(1, a), all_to_all(2, b)] for a, b in sizes]))
    assert "t.0.et: node 2 names 64 bytes" in notice
    assert "up to 256; all-to-alls whose parts differ" in notice
    assert "4 nodes in all" in notice


def test_without_the_mark_different_sizes_stay_an_error() -> None:
    sim = simulation([[all_to_all(1, size, uneven=False)] for size in (4096, 4096, 1024, 4096)])
    with pytest.raises(DeadlockError):
        sim.run()


def test_members_with_different_numbers_of_them_are_left_alone() -> None:
    nodes = [[all_to_all(1, 64), all_to_all(2, 64)], [all_to_all(1, 128)]]
    sim = simulation(nodes)
    assert sim.trace.npus == tuple(map(tuple, nodes))
    with pytest.raises(DeadlockError):
        sim.run()


def test_only_members_of_one_group_are_made_alike() -> None:
    groups = CommGroups.parse({"1": [0, 1], "2": [2, 3]})
    sizes = (("1", 64), ("1", 128), ("2", 4096), ("2", 1024))
    sim = simulation([[all_to_all(7, size, group=group)] for group, size in sizes], groups)
    assert [nodes[0].comm_size for nodes in sim.trace.npus] == [128, 128, 4096, 4096]
    assert sim.trace.sources == ("t.0.et", "t.1.et", "t.2.et", "t.3.et")
    sim.run()


def test_npus_that_shared_their_nodes_do_so_afterwards() -> None:
    small = (all_to_all(1, 64),)
    sim = simulation([small, small, (all_to_all(1, 128),), small])
    assert sim.trace.npus[0] is sim.trace.npus[1] is sim.trace.npus[3]
    assert [node.comm_size for (node,) in sim.trace.npus] == [128] * 4


def test_other_collectives_aren_t_made_alike_by_the_mark() -> None:
    reduce = [
        replace(all_to_all(1, size), comm_type=CollectiveType.ALL_REDUCE) for size in (64, 128)
    ]
    sim = simulation([[node] for node in reduce])
    with pytest.raises(DeadlockError):
        sim.run()


def test_where_one_member_doesn_t_say_its_parts_all_are_levelled() -> None:
    known = replace(all_to_all(1, 4096, uneven=False), comm_sizes=(0, 4096))
    sim = simulation([[known], [all_to_all(1, 1024)]])
    assert [(nodes[0].comm_size, nodes[0].comm_sizes) for nodes in sim.trace.npus] == [
        (4096, None),
        (4096, None),
    ]
    (notice,) = told(sim)
    assert "of which not all members list comm_sizes" in notice
    even = simulation([[all_to_all(1, 4096, uneven=False)]] * 2)
    assert sim.run().cycles == even.run().cycles


def test_a_member_with_equal_parts_needs_no_list_where_others_have_one() -> None:
    known = replace(all_to_all(1, 4096, uneven=False), comm_sizes=(0, 4096))
    sim = simulation([[known], [all_to_all(1, 1024, uneven=False)]])
    assert not told(sim)
    assert sim.experiment.is_uneven
    sim.run()
