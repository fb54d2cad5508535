"""What simastra finishes and ASTRA-sim doesn't is told, and only that."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from support.machines import network, one_collective, system

from simastra import (
    CollectiveType,
    CommGroups,
    MemoryConfig,
    MiB,
    Node,
    NodeType,
    Options,
    Simulation,
    Trace,
    TraceBuilder,
)
from simastra.config import NetworkConfig, SystemConfig
from simastra.notices import Notice
from simastra.simulation import dialect_named

HOTI, MASTER = (Options(dialect=dialect_named(name)) for name in ("hoti2024", "master"))
RING = network(("Ring", 4))
COMP, IDLE, METADATA = NodeType.COMP, NodeType.INVALID, NodeType.METADATA
OFF_GPU = {"is_cpu_op": True}


def told(
    trace: Trace | TraceBuilder,
    options: Options = HOTI,
    shape: NetworkConfig = RING,
    config: SystemConfig | None = None,
    groups: Mapping[str, Sequence[int]] | None = None,
    **others: Any,
) -> dict[str, Notice]:
    """The notices by code, of a simulation that ends."""
    listed = None if groups is None else CommGroups.parse(groups)
    simulation = Simulation(
        trace, config or system(), shape, comm_groups=listed, options=options, **others
    )
    assert len(simulation.run().finishes) == shape.npus
    return {notice.code: notice for notice in simulation.notices}


def uniform(*nodes: Node) -> Trace:
    return Trace.uniform(nodes, 4)


def node(id: int, type: NodeType, *after: int, **fields: Any) -> Node:
    given = {"is_cpu_op": False, "duration": 1000 if type is COMP else 0, **fields}
    return Node(id, f"n{id}", type, data_deps=after, **given)


def reduces(*groups: int | None, size: int = MiB) -> TraceBuilder:
    builder = TraceBuilder()
    previous: Iterable[Node] | Node = ()
    for group in groups:
        previous = builder.all_reduce("ar", size=size, group=group, after=previous)
    return builder


# -- nodes --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "on_cpu", "says"),
    [
        (HOTI, False, "doesn't run it unless it is on the CPU"),
        (HOTI, True, None),
        (MASTER, False, "ends on it with a failed assertion"),
        (MASTER, True, "ends on it with a failed assertion"),
    ],
)
def test_metadata_nodes(options: Options, *, on_cpu: bool, says: str | None) -> None:
    nodes = uniform(node(1, METADATA, is_cpu_op=on_cpu), node(2, COMP))
    notice = told(nodes, options).get("metadata-node")
    assert (None if notice is None else says in notice.message) == (None if says is None else True)


@pytest.mark.parametrize(("size", "is_told"), [(0, True), (3, True), (4, False)])
def test_gathering_fewer_bytes_than_splits(size: int, *, is_told: bool) -> None:
    trace = one_collective(CollectiveType.ALL_GATHER, size)
    assert ("empty-gather" in told(trace)) is is_told
    assert "empty-gather" not in told(one_collective(CollectiveType.ALL_REDUCE, 4))


def test_other_collectives_of_no_bytes_are_made_larger_as_told() -> None:
    assert "16 bytes for 0" in told(reduces(None, size=0))["rounded-up"].message
    assert "rounded-up" not in told(one_collective(CollectiveType.ALL_GATHER, 0))


@pytest.mark.parametrize(("size", "is_told"), [(0, True), (1, False)])
def test_messages_of_no_bytes(size: int, *, is_told: bool) -> None:
    sender, receiver = TraceBuilder(0), TraceBuilder(1)
    sender.send("s", size=size, to=1)
    receiver.recv("r", size=size, source=0)
    assert ("empty-message" in told(Trace.of([sender, receiver, (), ()]))) is is_told


def test_communication_without_involved_dim_is_undefined_in_the_older_version() -> None:
    (given,) = reduces(None).nodes
    trace = uniform(replace(given, involved_dim=None))
    assert "no-involved-dim" in told(trace)
    assert "no-involved-dim" not in told(trace, MASTER)
    assert "no-involved-dim" not in told(reduces(None))


def test_collectives_that_only_simastra_has() -> None:
    extended = Options(dialect=dialect_named("master", extended_collectives=True))
    trace = one_collective(CollectiveType.GATHER)
    assert "extended-collective" in told(trace, extended)
    assert "extended-collective" not in told(reduces(None), extended)


def test_a_repeated_dependency_holds_a_node_back_in_the_older_version_only() -> None:
    trace = uniform(node(1, COMP), node(2, COMP, 1, 1))
    assert "duplicate-dependency" in told(trace)
    assert "duplicate-dependency" not in told(trace, MASTER)


def test_a_played_collective_of_several_chunks(tmp_path: Path) -> None:
    for npu in range(4):
        builder = TraceBuilder(npu)
        builder.compute("c", micros=1)
        builder.write(tmp_path / "et")
    played = {"all_reduce_implementation_custom": [str(tmp_path / "et")]}
    assert "custom-in-chunks" in told(reduces(None), MASTER, config=system(**played))
    once = system(preferred_dataset_splits=1, **played)
    assert "custom-in-chunks" not in told(reduces(None), MASTER, config=once)


# -- programs -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("options", "number"), [(HOTI, None), (MASTER, 2)])
def test_collectives_in_groups_of_one(options: Options, number: int | None) -> None:
    trace = reduces(number, number)
    groups = {"2": [3]} if options is HOTI else {"1": [0, 1, 2], "2": [3]}
    others = TraceBuilder()
    found = told(Trace.of([others, others, others, trace]), options, groups=groups)
    assert found["group-of-one"].where == "NPU 3"
    assert "2 collectives are in process groups of one NPU" in found["group-of-one"].message
    assert "group-of-one" not in told(Trace.of([others] * 4), options, groups=groups)


@pytest.mark.parametrize(
    ("nodes", "at"),
    [
        ((node(1, IDLE), node(2, COMP, 1)), 1),
        ((node(1, IDLE), node(2, IDLE), node(3, COMP, 1)), 1),
        ((node(1, COMP), node(2, IDLE, 1), node(3, COMP, 2)), 2),
        ((node(1, COMP), node(2, COMP), node(3, IDLE, 1, 2), node(4, COMP, 3)), 3),
        ((node(1, COMP), node(2, IDLE, 1), node(3, IDLE, 2), node(4, COMP, 3)), 2),
        ((node(1, COMP), node(2, IDLE, 1)), None),  # nobody waits for it
        ((node(1, IDLE), node(2, IDLE)), None),
        ((node(1, IDLE), node(2, COMP, 1), node(3, COMP)), None),  # 3 ends, and 2 is looked at
        ((node(1, COMP), node(2, COMP), node(3, IDLE, 1), node(4, COMP, 3)), None),
        ((node(1, COMP), node(2, COMP, 1)), None),
    ],
)
def test_what_is_skipped_alone_lets_nothing_go(nodes: Sequence[Node], at: int | None) -> None:
    notice = told(uniform(*nodes), MASTER).get("skipped-node")
    assert (None if notice is None else notice.where) == (
        None if at is None else f"NPU 0, node {at}"
    )
    assert "skipped-node" not in told(uniform(*nodes))


@pytest.mark.parametrize(
    ("first", "second", "is_told"),
    [
        ((1, None), (2, None), False),
        ((1, 1, None), (2, None), True),
        ((1, None, 1), (2, 2, None), True),
        ((None, 1), (None, 2, 2), False),
        ((1, 1, 3), (2, 3), False),  # a group of all has a count of its own
    ],
)
def test_all_npus_after_unequal_numbers_of_chunks_in_groups(
    first: Sequence[int | None], second: Sequence[int | None], *, is_told: bool
) -> None:
    trace = Trace.of([reduces(*first)] * 2 + [reduces(*second)] * 2)
    groups = {"1": [0, 1], "2": [2, 3], "3": [0, 1, 2, 3]}
    found = told(trace, MASTER, groups=groups)
    assert ("streams-apart" in found) is is_told


def test_unequal_sizes_in_groups_count_by_their_chunks() -> None:
    def of(size: int, group: int) -> TraceBuilder:
        builder = TraceBuilder()
        group_first = builder.all_reduce("g", size=size, group=group)
        builder.all_reduce("w", size=MiB, after=group_first)
        return builder

    groups = {"1": [0, 1], "2": [2, 3]}
    for size, is_told in ((2 * MiB, False), (MiB + 1, True)):  # 4 chunks, and 5
        trace = Trace.of([of(MiB, 1)] * 2 + [of(size, 2)] * 2)
        assert ("streams-apart" in told(trace, MASTER, groups=groups)) is is_told
    message = told(trace, MASTER, groups=groups)["streams-apart"].message
    assert "after 5 chunks in process groups on NPU 2 and after 4 on NPU 0" in message


def test_statistics_of_cpu_and_memory() -> None:
    memory = MemoryConfig(memory_type="PER_NPU_MEMORY_EXPANSION", remote_mem_bw=100)
    on_cpu = uniform(node(1, COMP, **OFF_GPU))
    loads = uniform(node(1, NodeType.MEM_LOAD, tensor_size=1000))
    assert "on the CPU" in told(on_cpu, MASTER)["statistics-throw"].message
    assert "remote memory" in told(loads, MASTER, memory=memory)["statistics-throw"].message
    assert "statistics-throw" not in told(on_cpu)
    assert "statistics-throw" not in told(uniform(node(1, COMP)), MASTER)


def test_the_roofline_needs_its_attributes() -> None:
    config = system(roofline_enabled=1, peak_perf=1)
    whole = node(1, COMP, num_ops=10**9, tensor_size=1000)
    for field in ("num_ops", "tensor_size"):
        trace = uniform(replace(whole, **{field: None}))
        notice = told(trace, MASTER, config=config)["roofline-attributes"]
        assert f"has no {field}" in notice.message
        assert "roofline-attributes" not in told(trace, config=config)
    assert "roofline-attributes" not in told(uniform(whole), MASTER, config=config)


@pytest.mark.parametrize(
    ("num_ops", "enabled", "is_told"), [(0, 1, True), (1, 1, False), (0, 0, False)]
)
def test_no_operations_by_the_roofline(num_ops: int, enabled: int, *, is_told: bool) -> None:
    config = system(roofline_enabled=enabled, peak_perf=1)
    trace = uniform(node(1, COMP, num_ops=num_ops, tensor_size=1000, duration=5))
    for dialect in (Options(), MASTER):
        assert ("no-operations" in told(trace, dialect, config=config)) is is_told


@pytest.mark.parametrize(("id", "is_told"), [(3, False), (4, True), (7, True), (8, False)])
def test_a_collectives_id_that_the_next_data_set_gets(id: int, *, is_told: bool) -> None:
    first, second = (replace(it, id=id + 100 * k) for k, it in enumerate(reduces(None, None).nodes))
    trace = uniform(first, replace(second, data_deps=(id,)))
    assert ("data-set-number" in told(trace)) is is_told
    assert "data-set-number" not in told(trace, MASTER)
    assert "data-set-number" not in told(uniform(first))


# -- the first event, and the machine -----------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "is_told"),
    [
        ({}, False),
        ({"endpoint_delay": 0}, True),
        ({"endpoint_delay": 1}, False),
        ({"endpoint_delay": 0, "model_shared_bus": 1, "L": 10, "o": 10, "g": 10}, False),
    ],
)
def test_an_endpoint_without_a_delay_acts_at_0(changes: dict[str, Any], *, is_told: bool) -> None:
    assert ("event-at-0" in told(reduces(None), config=system(**changes))) is is_told
    later = TraceBuilder()
    later.all_reduce("ar", size=MiB, after=later.compute("c", micros=1))
    assert "event-at-0" not in told(later, config=system(**changes))


def test_a_scaled_delay_counts_as_it_is_used() -> None:
    scaled = replace(HOTI, injection_scale=0.05)
    assert "event-at-0" in told(reduces(None), scaled)
    assert "event-at-0" not in told(reduces(None), replace(HOTI, injection_scale=0.1))


@pytest.mark.parametrize(("size", "is_told"), [(53, True), (54, False)])
def test_a_message_within_a_nanosecond_leaves_its_link_at_0(size: int, *, is_told: bool) -> None:
    sender, receiver = TraceBuilder(0), TraceBuilder(1)
    sender.send("s", size=size, to=1)
    receiver.recv("r", size=size, source=0)
    trace = Trace.of([sender, receiver, (), ()])
    assert ("event-at-0" in told(trace)) is is_told
    assert "event-at-0" not in told(trace, replace(HOTI, backend="congestion-unaware"))
    assert "event-at-0" not in told(trace, replace(HOTI, rendezvous=True))


@pytest.mark.parametrize(
    ("shape", "code"),
    [
        (network(("Ring", 2)), "ring-of-two"),
        (network(("Switch", 2)), None),
        (network(("Ring", 3)), None),
        (network(("Ring", 2), ("Ring", 2)), "several-dimensions"),
    ],
)
def test_networks_that_the_reference_does_not_have(shape: NetworkConfig, code: str | None) -> None:
    config = system(["ring"] * shape.dimensions)
    found = told(reduces(None), shape=shape, config=config).keys()
    assert found & {"ring-of-two", "several-dimensions"} == ({code} if code else set())
    unaware = replace(HOTI, backend="congestion-unaware")
    found = told(reduces(None), unaware, shape, config).keys()
    assert not found & {"ring-of-two", "several-dimensions"}


def test_a_double_binary_tree_in_a_group() -> None:
    tree = system(all_reduce_implementation=["doubleBinaryTree"])
    halves = {"1": [0, 1], "2": [2, 3], "3": [0, 1, 2, 3]}
    groups = Trace.of([reduces(1)] * 2 + [reduces(2)] * 2)
    assert "tree-in-group" in told(groups, MASTER, config=tree, groups=halves)
    assert "tree-in-group" not in told(groups, MASTER, groups=halves)
    assert "tree-in-group" not in told(reduces(3), MASTER, config=tree, groups=halves)


def test_npus_without_nodes() -> None:
    trace = Trace.of([[node(1, COMP)], [], [], []])
    assert "ends with an exception" in told(trace, MASTER)["empty-trace"].message
    assert "exception" not in told(trace)["empty-trace"].message


@pytest.mark.parametrize(("tensor_size", "is_told"), [(49, True), (50, False)])  # at 50 bytes a ns
def test_a_computation_that_the_roofline_gives_no_time(tensor_size: int, *, is_told: bool) -> None:
    config = system(roofline_enabled=1, peak_perf=1)
    trace = uniform(node(1, COMP, num_ops=1000, tensor_size=tensor_size))
    assert ("event-at-0" in told(trace, config=config)) is is_told


@pytest.mark.parametrize(
    ("latency", "rate", "is_told"), [(0, 100, True), (0, 99, False), (1, 100, False), (0, 0, True)]
)
def test_remote_memory_that_takes_no_time(latency: int, rate: int, *, is_told: bool) -> None:
    memory = MemoryConfig(
        memory_type="PER_NPU_MEMORY_EXPANSION", remote_mem_latency=latency, remote_mem_bw=rate
    )
    trace = uniform(node(1, NodeType.MEM_LOAD, tensor_size=99))
    assert ("event-at-0" in told(trace, memory=memory)) is is_told


def test_all_npus_are_looked_at_until_one_would_hang() -> None:
    fine, alone = [node(1, COMP)], [node(1, IDLE), node(2, COMP, 1)]
    nobody_waits = [node(1, IDLE), node(2, IDLE)]
    trace = Trace.of([nobody_waits, fine, alone, fine])
    assert told(trace, MASTER)["skipped-node"].where == "NPU 2, node 1"


def test_only_collectives_of_a_group_of_one_are_told() -> None:
    builder = TraceBuilder()
    builder.compute("c", micros=1)
    builder.all_reduce("world", size=MiB)
    groups = {"1": [3], "2": [0, 1, 2, 3]}
    assert "group-of-one" not in told(builder, MASTER, groups=groups)


def test_a_tree_is_told_in_groups_of_some_only() -> None:
    tree = system(all_reduce_implementation=["doubleBinaryTree"])
    alone = Trace.of([reduces(1), (), (), ()])
    assert "tree-in-group" not in told(alone, MASTER, config=tree, groups={"1": [0], "2": [1, 2]})
    assert "tree-in-group" not in told(reduces(1), MASTER, config=tree, groups={"1": [0, 1, 2, 3]})
    ring = {
        "all_reduce_implementation": ["ring"],
        "all_gather_implementation": ["doubleBinaryTree"],
    }
    halves = {"1": [0, 1], "2": [2, 3]}
    groups = Trace.of([reduces(1)] * 2 + [reduces(2)] * 2)
    assert "tree-in-group" not in told(groups, MASTER, config=system(**ring), groups=halves)


def test_nodes_without_a_type_are_no_metadata() -> None:
    assert "metadata-node" not in told(uniform(node(1, IDLE), node(2, COMP)), MASTER)


def test_gathers_of_nothing_and_played_collectives_have_no_or_one_chunk(tmp_path: Path) -> None:
    def of(group: int, gathers: int, played: int) -> TraceBuilder:
        builder = TraceBuilder()
        last: Iterable[Node] | Node = ()
        for _ in range(gathers):
            last = builder.all_gather("ag", size=0, group=group, after=last)
        for _ in range(played):
            last = builder.all_to_all("a2a", size=MiB, group=group, after=last)
        builder.all_reduce("w", size=MiB, after=last)
        return builder

    for npu in range(2):
        builder = TraceBuilder(npu)
        builder.compute("c", micros=1)
        builder.write(tmp_path / "et")
    config = system(all_to_all_implementation_custom=[str(tmp_path / "et")])
    groups = {"1": [0, 1], "2": [2, 3]}

    def found(*second: int) -> dict[str, Notice]:
        trace = Trace.of([of(1, 0, 1)] * 2 + [of(2, *second)] * 2)
        return told(trace, MASTER, config=config, groups=groups)

    assert "streams-apart" not in found(2, 1)
    message = found(0, 3)["streams-apart"].message
    assert "after 3 chunks in process groups on NPU 2 and after 1 on NPU 0" in message


def test_lines_of_a_network_are_compared_by_themselves() -> None:
    shape = network(("Ring", 2), ("Ring", 2))
    config = system(["ring", "ring"])

    def of(group: int, chunks: int, dims: Sequence[bool]) -> TraceBuilder:
        builder = TraceBuilder()
        last: Iterable[Node] | Node = ()
        for _ in range(chunks):
            last = builder.all_reduce("g", size=MiB, group=group, after=last)
        builder.all_reduce("line", size=MiB, dims=dims, after=last)
        return builder

    groups = {"1": [0, 1], "2": [2, 3]}
    for dims, is_told in (((True, False), False), ((False, True), True), ((True, True), True)):
        trace = Trace.of([of(1, 1, dims)] * 2 + [of(2, 2, dims)] * 2)
        found = told(trace, MASTER, shape, config, groups)
        assert ("streams-apart" in found) is is_told
