"""Behaviour section 7, number by number: confirmed with ASTRA-sim's program."""

from collections.abc import Sequence

import pytest
from support.machines import all_reduce_on_ring_of_8, network, one_collective, system

from simastra.config import CommGroups
from simastra.errors import ConfigError
from simastra.result import Result
from simastra.simulation import Options, Simulation
from simastra.trace import CollectiveType, TraceBuilder
from simastra.units import MiB

AR = CollectiveType.ALL_REDUCE
RS = CollectiveType.REDUCE_SCATTER
AG = CollectiveType.ALL_GATHER
A2A = CollectiveType.ALL_TO_ALL
COLUMNS = (AR, RS, AG, A2A)

# Topology, algorithm, and for AR, RS, AG, A2A the cycles (aware, unaware) of 1 MiB on 8 NPUs.
TABLE = """
Ring           ring             117780/117780   86420/86420  151016/151016  125480/125480
Ring           direct            57900/24860    36340/18380  199360/27608    28480/10520
Ring           direct2           94080/67600    54280/41680  261984/94312    39840/25960
Ring           halvingDoubling  110428/86028    67024/54824  248516/150872
FullyConnected ring             117780/117780   86420/86420  151016/151016  125480/125480
FullyConnected direct            16860/16860    12380/12380   21608/21608     4520/4520
FullyConnected direct2           51600/51600    33680/33680   86312/86312    17960/17960
FullyConnected halvingDoubling   70028/70028    46824/46824  142872/142872
Switch         ring             179940/145780  117500/100420 301712/165016  249800/181480
Switch         direct            47700/20860    31460/14380  160304/23608    23600/6520
Switch         direct2           87120/67600    51440/41680  172424/94312    35720/25960
Switch         halvingDoubling  116196/82028    69908/52824  285584/148872
"""

TableCell = tuple[str, str, CollectiveType, str, int]


def cells() -> list[TableCell]:
    """One cell of the table: topology, algorithm, collective, backend, cycles."""
    found: list[TableCell] = []
    for line in TABLE.strip().splitlines():
        topology, algorithm, *pairs = line.split()
        for collective, pair in zip(COLUMNS, pairs, strict=False):
            for backend, cycles in zip(("aware", "unaware"), pair.split("/"), strict=True):
                found.append((topology, algorithm, collective, backend, int(cycles)))
    return found


@pytest.mark.parametrize(("topology", "algorithm", "collective", "backend", "cycles"), cells())
def test_one_collective_on_8_npus(
    topology: str, algorithm: str, collective: CollectiveType, backend: str, cycles: int
) -> None:
    result = Simulation(
        one_collective(collective),
        system([algorithm]),
        network((topology, 8)),
        options=Options(backend=f"congestion-{backend}"),
    ).run()
    assert result.cycles == dict.fromkeys(range(8), cycles)


@pytest.mark.parametrize("topology", ["Ring", "FullyConnected", "Switch"])
def test_halving_doubling_has_no_all_to_all(topology: str) -> None:
    with pytest.raises(ConfigError, match=r"all-to-all-implementation\[0\].*ring or direct"):
        Simulation(one_collective(A2A), system(["halvingDoubling"]), network((topology, 8)))


@pytest.mark.parametrize(
    ("topology", "backend", "first", "last"),
    [
        ("Ring", "aware", 545476, 614632),
        ("Ring", "unaware", 394164, 443792),
        ("FullyConnected", "aware", 394780, 442408),
        ("FullyConnected", "unaware", 380164, 427792),
        ("Switch", "aware", 530712, 604250),
        ("Switch", "unaware", 389164, 438292),
    ],
)
def test_double_binary_tree_all_reduce_ends_at_different_times(
    topology: str, backend: str, first: int, last: int
) -> None:
    result = Simulation(
        one_collective(AR),
        system(["doubleBinaryTree"]),
        network((topology, 8)),
        options=Options(backend=f"congestion-{backend}"),
    ).run()
    cycles = result.cycles.values()
    assert (min(cycles), max(cycles)) == (first, last)


TWO_DIMENSIONS = (("Ring", 4), ("Switch", 2))
THREE_DIMENSIONS = (("Ring", 2), ("FullyConnected", 8), ("Switch", 4))


@pytest.mark.parametrize(
    ("shape", "algorithms", "collective", "optimization", "cycles"),
    [
        (TWO_DIMENSIONS, ["ring"] * 2, AR, "baseline", 103495),
        (TWO_DIMENSIONS, ["ring"] * 2, AR, "localBWAware", 88760),
        (TWO_DIMENSIONS, ["ring"] * 2, RS, "baseline", 71555),
        (TWO_DIMENSIONS, ["ring"] * 2, AG, "baseline", 129242),
        (TWO_DIMENSIONS, ["ring"] * 2, A2A, "baseline", 45021),
        (TWO_DIMENSIONS, ["direct"] * 2, AR, "baseline", 67000),
        (TWO_DIMENSIONS, ["direct"] * 2, AR, "localBWAware", 33640),
        (TWO_DIMENSIONS, ["direct"] * 2, RS, "baseline", 28275),
        (TWO_DIMENSIONS, ["direct"] * 2, AG, "baseline", 49042),
        (TWO_DIMENSIONS, ["direct"] * 2, A2A, "baseline", 16084),
        (THREE_DIMENSIONS, ["ring"] * 3, AR, "baseline", 156735),
        (THREE_DIMENSIONS, ["ring"] * 3, AR, "localBWAware", 88513),
        (THREE_DIMENSIONS, ["ring"] * 3, RS, "baseline", 65149),
        (THREE_DIMENSIONS, ["ring"] * 3, AG, "baseline", 785063),
        (THREE_DIMENSIONS, ["ring"] * 3, A2A, "baseline", 141831),
        (THREE_DIMENSIONS, ["direct"] * 3, AR, "baseline", 67715),
        (THREE_DIMENSIONS, ["direct"] * 3, AR, "localBWAware", 55140),
        (THREE_DIMENSIONS, ["direct"] * 3, RS, "baseline", 46441),
        (THREE_DIMENSIONS, ["direct"] * 3, AG, "baseline", 653033),
        (THREE_DIMENSIONS, ["direct"] * 3, A2A, "baseline", 15214),
        (THREE_DIMENSIONS, ["ring", "direct", "halvingDoubling"], AR, "localBWAware", 55140),
        (THREE_DIMENSIONS, ["ring", "direct", "halvingDoubling"], RS, "localBWAware", 47603),
        (THREE_DIMENSIONS, ["ring", "direct", "halvingDoubling"], AG, "localBWAware", 663808),
    ],
)
def test_several_dimensions_without_congestion(
    shape: Sequence[tuple[str, int]],
    algorithms: list[str],
    collective: CollectiveType,
    optimization: str,
    cycles: int,
) -> None:
    result = Simulation(
        one_collective(collective),
        system(algorithms, collective_optimization=optimization),
        network(*shape),
        options=Options(backend="congestion-unaware"),
    ).run()
    assert set(result.cycles.values()) == {cycles}


def test_the_demo_all_reduce_ends_in_order_of_npus() -> None:
    result = all_reduce_on_ring_of_8().run()
    assert result.cycles == dict.fromkeys(range(8), 117780)
    assert result.finish_order == tuple(range(8))


def test_the_demo_of_three_nodes_ends_with_the_upper_half_first() -> None:
    trace = TraceBuilder()
    reduced = trace.all_reduce("all-reduce", size=MiB)
    trace.compute("compute", micros=50)
    trace.all_gather("all-gather", size=2 * MiB, after=reduced)
    result = Simulation(trace, system(), network(("Ring", 8))).run()
    assert result.cycles == dict.fromkeys(range(8), 405520)
    assert result.finish_order == (4, 5, 6, 7, 0, 1, 2, 3)
    times = {record.name: (record.issued, record.finished) for record in result.nodes[0]}
    assert times == {
        "all-reduce": (0, 117780),
        "compute": (0, 50000),
        "all-gather": (117780, 405520),
    }


def in_groups(*members: list[int]) -> Result:
    groups = CommGroups.parse({str(key): group for key, group in enumerate(members, start=1)})
    return Simulation(one_collective(AR), system(), network(("Ring", 8)), comm_groups=groups).run()


def test_process_groups_side_by_side() -> None:
    result = in_groups([0, 1, 2, 3], [4, 5, 6, 7])
    assert set(result.cycles.values()) == {109360}


def test_strided_process_groups_share_links() -> None:
    result = in_groups([0, 2, 4, 6], [1, 3, 5, 7])
    assert set(result.cycles.values()) == {130000}


def test_two_queues_use_both_directions_of_the_ring() -> None:
    result = Simulation(
        one_collective(AG),
        system(),
        network(("Ring", 8)),
        options=Options(queues_per_dimension=2),
    ).run()
    assert set(result.cycles.values()) == {75508}


def test_a_handshake_before_every_message() -> None:
    result = Simulation(
        one_collective(AR), system(), network(("Ring", 8)), options=Options(rendezvous=True)
    ).run()
    assert set(result.cycles.values()) == {154292}


def test_reductions_are_free_without_a_memory_bandwidth() -> None:
    assert set(all_reduce_on_ring_of_8(local_mem_bw=0).run().cycles.values()) == {62760}


def test_an_all_reduce_of_nothing_is_raised_to_a_byte_for_each_npu() -> None:
    result = Simulation(one_collective(AR, size=0), system(), network(("Ring", 8))).run()
    assert set(result.cycles.values()) == {28600}
