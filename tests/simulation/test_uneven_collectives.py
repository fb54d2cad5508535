"""Collectives whose parts differ in size: what they take, what they send, and what is refused."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from math import prod

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.machines import network, system

from simastra import ConfigError, DeadlockError, Simulation, TraceBuilder, TraceError
from simastra.config import CommGroups, NetworkConfig
from simastra.dialect import HOTI2024, MASTER
from simastra.simulation import Options
from simastra.trace import CollectiveType, Trace

Rows = Sequence[Sequence[int]]

ALGORITHMS = {
    CollectiveType.ALL_TO_ALL: (
        "direct",
        "direct2",
        "pairwise",
        "ring",
        "bidirectionalRing",
        "bruck",
    ),
    CollectiveType.ALL_GATHER: ("direct", "pairwise", "ring", "bidirectionalRing", "bruck", "pat"),
    CollectiveType.REDUCE_SCATTER: ("direct", "pairwise", "ring", "bidirectionalRing", "pat"),
}
CASES = [(kind, name) for kind, names in ALGORITHMS.items() for name in names]
DIALECTS = st.sampled_from([HOTI2024, MASTER])


def simulation(  # what a case depends on
    kind: CollectiveType,
    rows: Rows,
    algorithm: str,
    shape: NetworkConfig | None = None,
    options: Options | None = None,
    groups: CommGroups | None = None,
    **changes: object,
) -> Simulation:
    """One collective; a row for all NPUs, or one each."""
    npus = len(rows[0]) if shape is None else shape.npus
    builders = [TraceBuilder(npu) for npu in range(npus)]
    for npu, builder in enumerate(builders):
        group = 1 if groups else None
        sizes = rows[npu % len(rows)]
        builder.collective(kind, "uneven", sizes=sizes, group=group)
    machine = network(("Switch", npus)) if shape is None else shape
    config = system([algorithm] * machine.dimensions, **changes)
    return Simulation(
        Trace.of(builders), config, machine, comm_groups=groups, options=options or Options()
    )


def plain(
    kind: CollectiveType,
    size: int,
    npus: int,
    algorithm: str,
    options: Options | None = None,
    **changes: object,
) -> Simulation:
    trace = TraceBuilder()
    trace.collective(kind, "plain", size=size)
    config = system([algorithm], **changes)
    return Simulation(trace, config, network(("Switch", npus)), options=options or Options())


def matrix(npus: int, largest: int = 1 << 16) -> st.SearchStrategy[list[list[int]]]:
    row = st.lists(st.integers(0, largest), min_size=npus, max_size=npus)
    return st.lists(row, min_size=npus, max_size=npus)


@pytest.mark.parametrize(("kind", "algorithm"), CASES)
@settings(max_examples=10)
@given(npus=st.integers(2, 6), share=st.integers(1, 1 << 16), dialect=DIALECTS)
def test_equal_parts_take_what_the_plain_collective_takes(
    kind: CollectiveType, algorithm: str, npus: int, share: int, dialect: object
) -> None:
    options = Options(dialect=dialect)  # type: ignore[arg-type]  # one of two
    uneven = simulation(kind, [[share] * npus], algorithm, options=options)
    size = share if kind is CollectiveType.ALL_GATHER else share * npus
    even = plain(kind, size, npus, algorithm, options)
    assert uneven.run().cycles == even.run().cycles
    assert not [it for it in uneven.notices if it.code == "uneven-collective"]


@pytest.mark.parametrize("algorithm", ALGORITHMS[CollectiveType.ALL_TO_ALL])
@settings(max_examples=10)
@given(
    npus=st.integers(2, 6),
    share=st.integers(1, 1 << 12),
    splits=st.integers(1, 4),
    own=st.integers(0, 1 << 12),
    bus=st.booleans(),
)
def test_what_stays_with_its_owner_takes_no_time(
    algorithm: str,
    npus: int,
    share: int,
    splits: int,
    own: int,
    bus: bool,  # noqa: FBT001
) -> None:
    # So parts do differ, and yet what is sent is what the plain collective sends.
    share, own = share * splits, (own % 3) * share * splits
    rows = [[own if to == at else share for to in range(npus)] for at in range(npus)]
    changes: dict[str, object] = {"preferred_dataset_splits": splits, "model_shared_bus": int(bus)}
    uneven = simulation(CollectiveType.ALL_TO_ALL, rows, algorithm, **changes)
    even = plain(CollectiveType.ALL_TO_ALL, share * npus, npus, algorithm, **changes)
    if max(map(sum, rows)) % splits == 0:  # as many chunks
        assert uneven.run().cycles == even.run().cycles


@settings(max_examples=40)
@given(rows=st.integers(2, 6).flatmap(matrix), dialect=DIALECTS)
def test_direct_takes_as_long_as_its_largest_part_where_nothing_is_shared(
    rows: list[list[int]], dialect: object
) -> None:
    npus = len(rows)
    options = Options("congestion-unaware", dialect=dialect)  # type: ignore[arg-type]
    largest = max(rows[a][b] for a in range(npus) for b in range(npus) if a != b)
    changes = {"preferred_dataset_splits": 1}
    uneven = simulation(CollectiveType.ALL_TO_ALL, rows, "direct", options=options, **changes)
    even = plain(CollectiveType.ALL_TO_ALL, largest * npus, npus, "direct", options, **changes)
    if largest:
        assert uneven.run().makespan == even.run().makespan


SHAPES = [
    [("FullyConnected", 4)],
    [("FullyConnected", 2), ("FullyConnected", 3)],
    [("FullyConnected", 3), ("FullyConnected", 2)],
    [("FullyConnected", 2), ("FullyConnected", 2), ("FullyConnected", 2)],
]


def carried(simulated: Simulation) -> Counter[tuple[int, int]]:
    """Bytes from NPU to NPU, over the links between them."""
    links = simulated.run(shortcuts="off").links
    return Counter({(it.src, it.dst): it.size for it in links if it.size})


def places(npu: int, lengths: Sequence[int]) -> list[int]:
    return [npu // prod(lengths[:at]) % length for at, length in enumerate(lengths)]


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@settings(max_examples=10)
@given(data=st.data(), splits=st.integers(1, 5))
def test_every_byte_crosses_each_dimension_once_and_none_is_lost(
    shape: list[tuple[str, int]], data: st.DataObject, splits: int
) -> None:
    lengths = [length for _, length in shape]
    npus = prod(lengths)
    rows = data.draw(matrix(npus, 3000))
    simulated = simulation(
        CollectiveType.ALL_TO_ALL, rows, "direct", network(*shape), preferred_dataset_splits=splits
    )
    found: Counter[tuple[int, int]] = Counter()
    for origin in range(npus):
        for target in range(npus):
            at = origin
            for dimension, goal in enumerate(places(target, lengths)):
                step = (goal - places(at, lengths)[dimension]) * prod(lengths[:dimension])
                if step:
                    found[at, at + step] += rows[origin][target]
                at += step
    if len({size for row in rows for size in row}) > 1:
        assert carried(simulated) == +found


@pytest.mark.parametrize("kind", [CollectiveType.ALL_GATHER, CollectiveType.REDUCE_SCATTER])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
@settings(max_examples=10)
@given(data=st.data())
def test_a_gather_and_a_scatter_carry_parts_of_their_own_size(
    kind: CollectiveType, shape: list[tuple[str, int]], data: st.DataObject
) -> None:
    npus = prod(length for _, length in shape)
    row = data.draw(st.lists(st.integers(0, 3000), min_size=npus, max_size=npus))
    links = carried(simulation(kind, [row], "direct", network(*shape)))
    if len(set(row)) > 1:
        # Every NPU gets each other one's shard once, or sends for each other one's part once.
        end = 1 if kind is CollectiveType.ALL_GATHER else 0
        moved: Counter[int] = Counter()
        for link, size in links.items():
            moved[link[end]] += size
        assert [moved[npu] for npu in range(npus)] == [sum(row) - own for own in row]


def test_positions_are_those_of_the_group_s_list() -> None:
    groups = CommGroups.parse({"1": [2, 0, 1]})
    rows = [[0, 0, 1000], [0, 0, 2000], [0, 0, 0]]  # of NPUs 2, 0, 1, in this order
    of_npu = [rows[1], rows[2], rows[0]]
    shape = network(("FullyConnected", 3))
    options = Options(dialect=MASTER)
    simulated = simulation(CollectiveType.ALL_TO_ALL, of_npu, "direct", shape, options, groups)
    assert carried(simulated) == {(2, 1): 1000, (0, 1): 2000}


def test_one_without_sizes_sends_equal_parts() -> None:
    first, second = TraceBuilder(0), TraceBuilder(1)
    first.all_to_all("a", sizes=[0, 5000])
    second.all_to_all("a", size=6000)
    config, shape = system(["direct"]), network(("FullyConnected", 2))
    assert carried(Simulation(Trace.of([first, second]), config, shape)) == {
        (0, 1): 5000,
        (1, 0): 3000,
    }


def test_shards_of_an_uneven_all_gather_may_be_each_one_s_own_size() -> None:
    nodes = []
    for npu in range(3):
        builder = TraceBuilder(npu)
        nodes.append((replace(builder.all_gather("g", size=1000 * npu), comm_uneven=True),))
    trace = Trace(tuple(nodes), ("a", "b", "c"))
    links = carried(Simulation(trace, system(["direct"]), network(("FullyConnected", 3))))
    assert links == {(1, 0): 1000, (1, 2): 1000, (2, 0): 2000, (2, 1): 2000}


def test_a_list_of_another_length_is_refused() -> None:
    with pytest.raises(TraceError, match="lists 3 comm_sizes, and 4 NPUs take part"):
        simulation(CollectiveType.ALL_TO_ALL, [[1, 2, 3]], "direct", network(("Switch", 4)))


@pytest.mark.parametrize("kind", [CollectiveType.ALL_GATHER, CollectiveType.REDUCE_SCATTER])
def test_members_that_list_different_shares_are_refused(kind: CollectiveType) -> None:
    with pytest.raises(TraceError, match="other comm_sizes than NPU 0's node 1"):
        simulation(kind, [[1, 2], [2, 1]], "direct")


def test_only_some_collectives_have_parts() -> None:
    with pytest.raises(TraceError, match="ALL_REDUCE and lists comm_sizes, which are for"):
        simulation(CollectiveType.ALL_REDUCE, [[1, 2]], "ring")


def test_an_algorithm_that_can_t_run_them_is_refused_before_the_run() -> None:
    algorithm = "halvingDoubling"
    with pytest.raises(ConfigError, match=r"can't run an uneven ALL_GATHER.*use direct, pairwise"):
        simulation(CollectiveType.ALL_GATHER, [[1, 2, 3, 4]], algorithm)
    simulation(CollectiveType.ALL_GATHER, [[2, 2, 2, 2]], algorithm).run()


def test_one_over_all_after_another_dimension_is_refused() -> None:
    shape, each = network(("Ring", 2), ("Switch", 3)), [5, 6, 7, 8, 9, 10]

    def run(listed: list[str]) -> int:
        builders = [TraceBuilder(npu) for npu in range(6)]
        for builder in builders:
            builder.all_to_all("uneven", sizes=each)
        return Simulation(Trace.of(builders), system(listed), shape).run().makespan

    with pytest.raises(ConfigError, match="list one for each dimension, or one… alone"):
        run(["ring", "oneRing"])
    assert run(["oneRing", "ring"]) == run(["oneRing"])


def test_no_bound_is_above_the_time_where_chunks_differ() -> None:
    rows = [[0, 65537], [100, 1]]
    shape = network(("FullyConnected", 2), bandwidth=3.0, latency=0.0)
    for splits in (1, 2, 3, 7):
        splitting = {"preferred_dataset_splits": splits, "endpoint_delay": 0}
        sim = simulation(CollectiveType.ALL_TO_ALL, rows, "direct", shape, **splitting)
        makespan = sim.run().makespan
        assert makespan - splits - 2 <= sim.lower_bound().time <= makespan


def test_the_notice_names_who_has_most() -> None:
    sim = simulation(CollectiveType.ALL_TO_ALL, [[0, 1000], [3000, 0]], "direct")
    (notice,) = (it for it in sim.notices if it.code == "uneven-collective")
    assert "2 nodes ask for collectives whose parts differ in size" in notice.message
    assert "NPU 0 has most, 3,000 bytes, 1.50 times the mean" in notice.message


def test_parts_smaller_than_their_chunks_are_no_empty_messages() -> None:
    sim = simulation(CollectiveType.ALL_TO_ALL, [[0, 1], [0, 0]], "direct")
    assert {"empty-messages", "uneven-collective"} & {it.code for it in sim.notices} == {
        "uneven-collective"
    }


def test_missing_members_stand_still_and_it_is_said() -> None:
    first, second = TraceBuilder(0), TraceBuilder(1)
    first.all_to_all("a", sizes=[0, 5000])
    second.compute("nothing", micros=1)
    sim = Simulation(Trace.of([first, second]), system(["direct"]), network(("Switch", 2)))
    with pytest.raises(DeadlockError):
        sim.run()


@pytest.mark.parametrize("kind", list(ALGORITHMS))
@given(data=st.data(), npus=st.integers(2, 5))
@settings(max_examples=10)
def test_what_has_to_be_sent_is_what_direct_sends(
    kind: CollectiveType, data: st.DataObject, npus: int
) -> None:
    row = st.lists(st.integers(0, 3000), min_size=npus, max_size=npus)
    rows = [data.draw(row)] * npus if kind is not CollectiveType.ALL_TO_ALL else None
    sim = simulation(
        kind, rows or data.draw(matrix(npus, 3000)), "direct", network(("FullyConnected", npus))
    )
    if sim.experiment.is_uneven:
        result = sim.run(shortcuts="off")
        sent = sum(it.size for it in result.links)
        assert sum(result.metrics.bytes_by_purpose.values()) == sent
