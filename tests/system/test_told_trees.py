"""Rooted collectives on the trees that the system file names, to the nanosecond."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.machines import network, one_collective, system

from simastra import KiB, Options, Simulation, SystemConfig
from simastra.collectives import ROOTED_COLLECTIVES
from simastra.collectives.algorithms.rooted_tree import RootedTree
from simastra.errors import ConfigError
from simastra.simulation import dialect_named
from simastra.trace import CollectiveType

BROADCAST, REDUCE, GATHER, SCATTER = (
    CollectiveType.BROADCAST,
    CollectiveType.REDUCE,
    CollectiveType.GATHER,
    CollectiveType.SCATTER,
)
EXTENDED = Options(dialect=dialect_named("master", extended_collectives=True))
LATENCY, RATE, ENDPOINT = 500, 53.6870912, 10


def told(*entries: object, **changes: object) -> SystemConfig:
    keys = [f"{kind.name.lower()}_implementation" for kind in ROOTED_COLLECTIVES]
    listed = {key: list(entries) for key in keys} if entries else {}
    return system(preferred_dataset_splits=1, **{"local_mem_bw": 0, **listed, **changes})


def cycles(
    kind: CollectiveType, size: int, npus: int, *entries: object, topology: str = "FullyConnected"
) -> list[int]:
    machine = network((topology, npus))
    made = Simulation(one_collective(kind, size), told(*entries), machine, options=EXTENDED)
    found = made.run().cycles
    return [found[npu] for npu in range(npus)]


def hop(size: int) -> int:
    return int(LATENCY + size / RATE)


RADIXES, SIZES, NPUS = st.integers(2, 6), st.integers(1, 300_000), st.integers(2, 20)


@settings(max_examples=40)
@given(radix=RADIXES, size=SIZES, npus=NPUS)
def test_where_each_has_a_link_to_each_a_broadcast_takes_a_hop_a_level(
    radix: int, size: int, npus: int
) -> None:
    tree, size = RootedTree(radix), max(size, npus)
    times = [ENDPOINT]
    for rank in range(1, npus):
        parent = tree.parent(npus, rank)
        assert parent is not None
        times.append(times[parent] + hop(size) + ENDPOINT)
    assert cycles(BROADCAST, size, npus, {"name": "knomial", "radix": radix}) == times


@settings(max_examples=40)
@given(radix=RADIXES, size=SIZES, npus=NPUS, kind=st.sampled_from([REDUCE, GATHER]))
def test_a_member_sends_up_when_the_last_of_its_children_has_come(
    radix: int, size: int, npus: int, kind: CollectiveType
) -> None:
    tree, size = RootedTree(radix), max(size, npus)

    def sent(rank: int) -> int:
        """When a member has everything of its branch."""
        children = [it for level in tree.levels(npus, rank) for it in level]
        arrivals = [
            sent(it.rank) + hop(size * (len(it.below) if kind is GATHER else 1)) for it in children
        ]
        return max(arrivals, default=0) + ENDPOINT

    found = cycles(kind, size, npus, f"knomial{radix}")
    assert found == [sent(rank) for rank in range(npus)]


@settings(max_examples=40)
@given(radix=RADIXES, size=SIZES, npus=NPUS)
def test_a_scatter_halves_what_goes_on_at_each_level(radix: int, size: int, npus: int) -> None:
    tree, share = RootedTree(radix), max(size, npus) // npus
    times = [ENDPOINT]
    for rank in range(1, npus):
        parent, below = tree.parent(npus, rank), tree.below(npus, rank)
        assert parent is not None
        times.append(times[parent] + hop(share * len(below)) + ENDPOINT)
    assert cycles(SCATTER, max(size, npus), npus, f"knomial{radix}") == times


@settings(max_examples=25)
@given(radix=RADIXES, size=SIZES, npus=st.integers(2, 14))
def test_on_a_switch_a_port_sends_one_after_the_other(radix: int, size: int, npus: int) -> None:
    """Each member has one port: its messages leave it in order, and no two meet elsewhere."""
    tree, size = RootedTree(radix), max(size, npus)
    on_wire = int(size / RATE)
    times = {0: ENDPOINT}
    for rank in range(npus):
        branches = [it for level in tree.levels(npus, rank) for it in level]
        for turn, branch in enumerate(branches):
            times[branch.rank] = times[rank] + turn * on_wire + 2 * hop(size) + ENDPOINT
    found = cycles(BROADCAST, size, npus, f"knomial{radix}", topology="Switch")
    assert found == [times[rank] for rank in range(npus)]


@pytest.mark.parametrize("topology", ["Ring", "Switch", "FullyConnected"])
@pytest.mark.parametrize("kind", ROOTED_COLLECTIVES)
@pytest.mark.parametrize("npus", [2, 5, 8])
def test_what_is_usual_is_a_tree_of_that_name(
    kind: CollectiveType, npus: int, topology: str
) -> None:
    usual = "binomial" if kind in {BROADCAST, REDUCE} else "linear"
    radix = 2 if usual == "binomial" else max(npus, 2)
    expected = cycles(kind, 64 * KiB, npus, topology=topology)
    for name in (usual, f"knomial{radix}"):
        assert cycles(kind, 64 * KiB, npus, name, topology=topology) == expected


def test_a_larger_radix_needs_fewer_levels_and_keeps_ports_longer_busy() -> None:
    small, large = (
        {
            name: max(cycles(BROADCAST, size, 64, name, topology="Switch"))
            for name in ("binomial", "knomial8", "linear")
        }
        for size in (KiB, 1024 * KiB)
    )
    assert small["knomial8"] < small["binomial"]
    assert large["binomial"] < large["knomial8"] < large["linear"]


@pytest.mark.parametrize("shortcuts", ["off", "always"])
def test_shortcuts_take_the_same_trees(shortcuts: str) -> None:
    times = {
        kind: Simulation(
            one_collective(kind, 64 * KiB),
            told("knomial3"),
            network(("Switch", 12)),
            options=EXTENDED,
        )
        .run(shortcuts=shortcuts)
        .cycles
        for kind in ROOTED_COLLECTIVES
    }
    for kind, found in times.items():
        assert [found[npu] for npu in range(12)] == cycles(
            kind, 64 * KiB, 12, "knomial3", topology="Switch"
        )


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        (["knomial1"], r"\[0\]: 'knomial1' has a radix of 1"),
        ([{"name": "knomial", "radix": 1}], r"\[0\]\.radix: must be at least 2, not 1"),
        ([{"name": "knomial", "radices": 4}], "unknown key 'radices'; did you mean 'radix'"),
        ([{"name": "linear", "radix": 4}], r"\[0\]\.radix: linear takes no options"),
        (["ring"], r"\[0\]: unknown tree 'ring'; known are binomial, linear, knomial"),
        (["linear", "linear"], "lists 2 trees; give one, which is for all that take part"),
        ([4], r"\[0\]: must be a string, not 4"),
    ],
)
def test_what_makes_no_sense_is_told_by_its_key(entries: list[object], said: str) -> None:
    with pytest.raises(ConfigError, match=said) as raised:
        cycles(BROADCAST, KiB, 4, *entries)
    assert "broadcast-implementation" in str(raised.value)


def test_where_they_are_not_simulated_the_key_has_no_effect() -> None:
    config = system(broadcast_implementation=["linear"])
    work = one_collective(CollectiveType.ALL_REDUCE)
    with pytest.warns(match="broadcast-implementation: has no effect where"):
        simulation = Simulation(work, config, network(("Ring", 4)))
    (notice,) = [it for it in simulation.notices if "broadcast" in it.where]
    assert notice.fix == "use --extended-collectives"
