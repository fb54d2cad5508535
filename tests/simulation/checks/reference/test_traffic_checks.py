"""Notices about collectives whose sizes or members ASTRA-sim doesn't finish, or overflows at."""

import re
from pathlib import Path
from typing import Any

import pytest
from support.machines import network, one_collective, system

from simastra import CollectiveType, MiB, Options, Simulation, Trace, TraceBuilder
from simastra.config import CommGroups, NetworkConfig, SystemConfig
from simastra.notices import Severity
from simastra.simulation import dialect_named
from simastra.simulation.checks.reference.traffic import TRAFFIC_CHECKS, TrafficCheck
from simastra.simulation.inputs import Workload
from simastra.trace import write_trace

AR = CollectiveType.ALL_REDUCE
RS = CollectiveType.REDUCE_SCATTER
AG = CollectiveType.ALL_GATHER
RING = network(("Ring", 8))
GRID = network(("Ring", 4), ("Switch", 2))
UNAWARE = Options(backend="congestion-unaware")
MASTER = Options(dialect=dialect_named("master"))
RENDEZVOUS = Options(rendezvous=True)
CODES = {check.code for check in TRAFFIC_CHECKS} | {"event-at-0"}


def told(
    workload: Workload,
    config: SystemConfig | None = None,
    shape: NetworkConfig = RING,
    **others: Any,
) -> dict[str, str]:
    """The notices that are in question here, by code."""
    notices = Simulation(workload, config or system(), shape, **others).notices
    return {notice.code: notice.message for notice in notices if notice.code in CODES}


def test_an_ordinary_run_has_none() -> None:
    assert told(one_collective(AR)) == {}
    assert told(one_collective(AR), options=MASTER) == {}
    assert told(one_collective(AG, 0)) == {}
    assert told(one_collective(AR, 3)) == {}


@pytest.mark.parametrize(("size", "is_told"), [(8, True), (15, True), (16, False)])
def test_an_all_reduce_that_halves_its_messages_to_nothing(
    size: int,
    is_told: bool,  # noqa: FBT001
) -> None:
    config = system(["halvingDoubling"], preferred_dataset_splits=1)
    assert ("empty-messages" in told(one_collective(AR, size), config)) is is_told
    assert "empty-messages" not in told(one_collective(AR, size), system(["ring"]))


@pytest.mark.parametrize(
    ("gap_per_byte", "overhead", "is_told"),
    [(1.0, 0, True), (0.99, 0, False), (2.5, 1.7, True), (1.9, 1, False), (0.0, 0, False)],
)
def test_a_packet_of_no_bytes_that_would_go_into_the_past(
    gap_per_byte: float,
    overhead: float,
    is_told: bool,  # noqa: FBT001
) -> None:
    config = system(
        ["halvingDoubling"],
        preferred_dataset_splits=1,
        model_shared_bus=1,
        G=gap_per_byte,
        o=overhead,
    )
    assert ("packet-into-past" in told(one_collective(RS, 8), config)) is is_told
    assert "packet-into-past" not in told(one_collective(RS, 16), config)
    assert "packet-into-past" not in told(one_collective(AG, 8), config)


TWO_GIB = 2**31


@pytest.mark.parametrize(("size", "is_told"), [(TWO_GIB, True), (TWO_GIB - 1, False)])
@pytest.mark.parametrize(
    ("changes", "options"), [({"model_shared_bus": 1}, Options()), ({}, RENDEZVOUS)]
)
def test_sizes_that_no_int_holds(
    size: int, changes: dict[str, Any], options: Options, *, is_told: bool
) -> None:
    config = system(preferred_dataset_splits=1, **changes)
    assert ("int-overflow" in told(one_collective(AG, size), config, options=options)) is is_told
    assert "int-overflow" not in told(one_collective(AR, size), config, options=options)
    assert "int-overflow" not in told(one_collective(AG, size), system())


@pytest.mark.parametrize("options", [Options(), RENDEZVOUS])
def test_a_large_send_overflows_in_a_rendezvous_alone(options: Options) -> None:
    builders = [TraceBuilder(npu) for npu in range(8)]
    builders[0].send("a", size=TWO_GIB, to=1)
    builders[1].recv("a", size=TWO_GIB, source=0)
    config = system(model_shared_bus=1)
    assert ("int-overflow" in told(Trace.of(builders), config, options=options)) is (
        options is RENDEZVOUS
    )


@pytest.mark.parametrize(("size", "is_told"), [(TWO_GIB // 8, True), (TWO_GIB // 8 - 1, False)])
def test_halving_doubling_passes_a_packet_twice_as_large_as_its_last_message(
    size: int, *, is_told: bool
) -> None:
    trace, chunks = one_collective(AG, size), {"preferred_dataset_splits": 1}
    bus = system(["halvingDoubling"], model_shared_bus=1, **chunks)
    assert ("int-overflow" in told(trace, bus)) is is_told
    without = system(["halvingDoubling"], **chunks)
    assert "int-overflow" not in told(trace, without, options=RENDEZVOUS)
    assert "int-overflow" in told(one_collective(AG, 2 * TWO_GIB // 8), without, options=RENDEZVOUS)


@pytest.mark.parametrize(
    ("algorithms", "is_told"),
    [
        (["doubleBinaryTree"], True),
        (["ring"], False),
        (["doubleBinaryTree", "ring"], False),
        (["ring", "doubleBinaryTree"], False),
    ],
)
def test_a_tree_in_the_last_dimension_listed(algorithms: list[str], *, is_told: bool) -> None:
    trace = one_collective(AR)
    assert ("tree-in-part" in told(trace, system(algorithms), GRID, options=UNAWARE)) is is_told


def test_an_algorithm_over_all_npus_where_the_first_dimension_is_not_involved() -> None:
    trace = TraceBuilder()
    trace.collective(AR, "a", size=MiB, dims=[False, True])
    assert "collective-alone" in told(trace, system(["oneRing"]), GRID, options=UNAWARE)
    assert "collective-alone" not in told(trace, system(["ring"] * 2), GRID, options=UNAWARE)


def test_a_small_packet_leaves_a_bus_without_overhead_at_once() -> None:
    """Of 264 bytes, 263 times 0.0038 ns are cut to nothing."""
    config = system(model_shared_bus=1, preferred_dataset_splits=1)
    assert "event-at-0" in told(one_collective(AR, 8 * 264), config)
    assert "event-at-0" not in told(one_collective(AR, 8 * 265), config)
    slower = system(model_shared_bus=1, preferred_dataset_splits=1, o=1, endpoint_delay=0)
    assert "event-at-0" not in told(one_collective(AR, 8), slower)


def write_custom(folder: Path) -> list[str]:
    """ETs of a collective among up to eight in which nothing is sent; their prefix."""
    trace = TraceBuilder()
    trace.compute("a", micros=1)
    write_trace(folder / "own", Trace.uniform(trace, 8))
    return [str(folder / "own")]


def test_an_override_of_one_node_in_a_process_group(tmp_path: Path) -> None:
    own, *_ = write_custom(tmp_path)
    (tmp_path / "nodes.yml").write_text(f"2: {own}\n")
    config = system(per_node_custom_implementation=str(tmp_path / "nodes.yml"))
    groups = CommGroups.parse({"1": list(range(4))})
    traces = {group: TraceBuilder() for group in (None, 1)}
    for group, trace in traces.items():
        trace.all_reduce("first", size=MiB, group=group)
        trace.all_reduce("second", size=MiB, group=group)
    inside = Trace.of([traces[1] if npu < 4 else TraceBuilder(npu) for npu in range(8)])
    others = {"comm_groups": groups, "options": MASTER}
    assert "1 node (2 'second')" in told(inside, config, **others)["override-in-group"]
    assert "override-in-group" not in told(traces[None], config, **others)


@pytest.mark.parametrize(("micros", "is_told"), [(9_007_199_254_741, True), (10**12, False)])
def test_a_run_that_ends_late(micros: int, is_told: bool) -> None:  # noqa: FBT001
    trace = TraceBuilder()
    trace.compute("a", micros=micros)
    result = Simulation(trace, system(), RING).run()
    assert ("late-times" in {notice.code for notice in result.notices}) is is_told


@pytest.mark.parametrize("check", TRAFFIC_CHECKS, ids=lambda check: check.code)
def test_what_the_trace_brings_about_warns_and_the_rest_informs(check: TrafficCheck) -> None:
    warns = check.code in {"collective-alone", "empty-messages", "tree-in-part"}
    assert check.severity is (Severity.WARNING if warns else Severity.INFO)


def test_a_notice_names_the_first_node_and_how_many() -> None:
    trace = TraceBuilder()
    for _ in range(2):
        trace.all_reduce("a", size=8)
    config = system(["halvingDoubling"], preferred_dataset_splits=1)
    assert told(trace, config)["empty-messages"] == (
        "2 nodes (1 'a', 2 'a') send messages of 0 bytes, which take their latency; ASTRA-sim "
        "hoti2024 ends with a failed assertion"
    )


def test_npus_with_the_same_nodes_are_looked_at_in_each_group_and_count_once() -> None:
    alone = CommGroups.parse({"1": [*range(6)], "2": [6], "3": [7]})
    found = told(one_collective(AR), comm_groups=alone)["collective-alone"]
    assert found.startswith("1 node (1 ")
    assert found.endswith(
        "has nobody to communicate with and ends at once; ASTRA-sim hoti2024 never finishes it"
    )
    together = CommGroups.parse({"1": [*range(6)], "2": [6, 7]})
    assert told(one_collective(AR), comm_groups=together) == {}


ROOT = Path(__file__).parents[4]


@pytest.mark.parametrize("file", ["programs", "nodes", "chunk_counts"])
def test_whatever_astra_sim_does_not_finish_is_on_the_page_of_differences(file: str) -> None:
    source = (ROOT / "simastra" / "simulation" / "checks" / "reference" / f"{file}.py").read_text()
    codes = set(re.findall(r'(?:Notice|NodeCheck|ProgramCheck)\(\s*"([a-z0-9-]+)"', source))
    page = (ROOT / "docs" / "behaviour.md").read_text()
    assert codes
    assert {code for code in codes | CODES | {"late-times"} if f"`{code}`" not in page} == set()
