"""Notices about the inputs taken together: each once, counted, with the fix."""

from dataclasses import replace

import pytest
from support.machines import network, one_collective, system

from simastra import CollectiveType, MiB, Node, NodeType, Options, Simulation, Trace, TraceBuilder
from simastra.notices import Notice, Severity
from simastra.simulation import dialect_named

RING_OF_8 = network(("Ring", 8))


def warnings(simulation: Simulation) -> dict[str, Notice]:
    found = [notice for notice in simulation.notices if notice.severity is Severity.WARNING]
    by_code = {notice.code: notice for notice in found}
    assert len(by_code) == len(found), "a doubt is told once"
    return by_code


def collectives_without_is_cpu_op(count: int, size: int | None = MiB) -> Trace:
    nodes = [
        Node(
            index,
            f"ar{index}",
            NodeType.COMM_COLL,
            comm_type=CollectiveType.ALL_REDUCE,
            comm_size=size,
            duration=1000,
        )
        for index in range(count)
    ]
    return Trace.uniform(nodes, 8)


def test_a_sound_run_has_no_warning() -> None:
    assert not warnings(Simulation(one_collective(CollectiveType.ALL_REDUCE), system(), RING_OF_8))


def test_nodes_are_named_with_the_trace_that_they_are_in_and_long_names_cut() -> None:
    kernel = "ncclDevKernel_AllReduce_Sum_f32_RING_LL(ncclDevComm*, unsigned long, ncclWork*)"
    npus = [
        (Node(npu, kernel, NodeType.COMM_COLL, comm_type=CollectiveType.ALL_REDUCE, comm_size=8),)
        for npu in range(8)
    ]
    trace = Trace(tuple(npus), tuple(f"t.{npu}.et" for npu in range(8)))
    notice = warnings(Simulation(trace, system(), RING_OF_8))["dropped-communication"]
    assert notice.where == "t.0.et"
    assert notice.message.startswith(
        f"8 different nodes of several traces (in this one 0 '{kernel[:60]}...'"
    )


def test_dropped_collectives_are_named_and_their_time_estimated() -> None:
    simulation = Simulation(collectives_without_is_cpu_op(7), system(), RING_OF_8)
    notice = warnings(simulation)["dropped-communication"]
    assert notice.where == "NPU 0"
    assert notice.message.startswith("7 nodes (0 'ar0', 1 'ar1', 2 'ar2', 3 'ar3', 4 'ar4' and 2 m")
    estimate = int(notice.message.split("take about ")[1].split(" ns")[0])
    real = Simulation(one_collective(CollectiveType.ALL_REDUCE), system(), RING_OF_8).run()
    assert 0.2 < estimate / (7 * real.makespan) < 2  # no reductions, no chunks: a rough figure
    assert simulation.run().makespan == 7000
    master = Options(dialect=dialect_named("master"))
    trace = collectives_without_is_cpu_op(7)
    assert not warnings(Simulation(trace, system(), RING_OF_8, options=master))


def test_dropped_collectives_without_a_size_have_no_estimate() -> None:
    trace = collectives_without_is_cpu_op(1, size=None)
    notice = warnings(Simulation(trace, system(), RING_OF_8))["dropped-communication"]
    assert "about" not in notice.message
    assert notice.message.endswith("1 has no comm_size")


def test_algorithms_for_fewer_dimensions_make_a_partial_collective() -> None:
    shape = network(("Ring", 4), ("Switch", 2))
    simulation = Simulation(one_collective(CollectiveType.ALL_REDUCE), system(["ring"]), shape)
    notice = warnings(simulation)["partial-collective"]
    assert notice.where == "system: all-reduce-implementation"
    assert "each collective is among 4 NPUs, not all 8" in notice.message
    flat = Simulation(one_collective(CollectiveType.ALL_REDUCE), system(["oneRing"]), shape)
    assert not warnings(flat)


@pytest.mark.parametrize(
    ("size", "simulated"),
    [(MiB + 1, 5 * (MiB // 4)), (3, 4 * 8)],
)
def test_sizes_that_are_rounded_up_are_told(size: int, simulated: int) -> None:
    simulation = Simulation(one_collective(CollectiveType.ALL_REDUCE, size), system(), RING_OF_8)
    assert f"{simulated} bytes for {size}" in warnings(simulation)["rounded-up"].message
    carried = {(link.src, link.dst): link.size for link in simulation.run().links}
    assert carried[0, 1] == simulated * 2 * 7 // 8


def test_a_double_binary_tree_asked_for_something_else_is_told() -> None:
    algorithms = {"all_gather_implementation": ["doubleBinaryTree"]}
    simulation = Simulation(
        one_collective(CollectiveType.ALL_GATHER), system(**algorithms), RING_OF_8
    )
    notice = warnings(simulation)["runs-as-all-reduce"]
    assert notice.where == "system: all-gather-implementation[0]"


def test_dependencies_that_this_version_ignores_or_counts_once() -> None:
    def node(id: int, data: tuple[int, ...] = (), ctrl: tuple[int, ...] = ()) -> Node:
        return Node(id, f"n{id}", NodeType.COMP, data, ctrl, duration=1000, is_cpu_op=False)

    trace = Trace.uniform([node(1), node(2, (1, 1)), node(3, ctrl=(2,))], 8)
    found = warnings(Simulation(trace, system(), RING_OF_8))
    assert set(found) == {"ctrl-deps-ignored", "duplicate-dependency"}
    assert found["ctrl-deps-ignored"].message.startswith("1 node (3 'n3')")
    assert found["duplicate-dependency"].message.startswith("1 node (2 'n2')")


@pytest.mark.parametrize(
    ("involved", "code"), [((True,), "few-involved"), ((False, False), "nothing-involved")]
)
def test_doubtful_involved_dimensions(involved: tuple[bool, ...], code: str) -> None:
    trace = TraceBuilder()
    trace.all_reduce("ar", size=MiB, dims=involved)
    shape = network(("Ring", 4), ("Switch", 2))
    assert set(warnings(Simulation(trace, system(["ring", "ring"]), shape))) == {code}


def test_tags_that_chunks_have_too_are_told_where_they_can_meet() -> None:
    def traces(tag: int) -> Trace:
        builders = [TraceBuilder(npu) for npu in range(2)]
        for builder in builders:
            builder.all_reduce("ar", size=MiB)
        builders[0].send("s", size=1000, to=1, tag=tag)
        builders[1].recv("r", size=1000, source=0, tag=tag)
        return Trace.of(builders)

    shape = network(("Ring", 2))
    assert set(warnings(Simulation(traces(3), system(), shape))) == {"shared-tags"}
    assert not warnings(Simulation(traces(4), system(), shape))  # 4 chunks: 0 to 3
    master = Options(dialect=dialect_named("master"))
    assert not warnings(Simulation(traces(3), system(), shape, options=master))


def test_keys_that_only_a_later_version_reads() -> None:
    config = system(track_local_mem=1, all_reduce_implementation_custom=["prefix"])
    simulation = Simulation(one_collective(CollectiveType.ALL_REDUCE), config, RING_OF_8)
    told = [notice for notice in simulation.notices if notice.code == "no-effect-key"]
    assert {notice.where for notice in told} == {
        "system: track-local-mem",
        "system: all-reduce-implementation-custom",
    }
    assert {notice.fix for notice in told} == {"use --compat master"}


def test_the_networks_gigabyte_is_told_as_an_info() -> None:
    simulation = Simulation(one_collective(CollectiveType.ALL_REDUCE), system(), RING_OF_8)
    (notice,) = simulation.notices
    assert (notice.code, notice.severity) == ("network-gigabyte", Severity.INFO)
    assert "50 GB/s are 53.6871 bytes a ns" in notice.message
    assert replace(notice, severity=Severity.WARNING) != notice


@pytest.mark.parametrize(
    ("dialect", "told", "makespan"),
    # 1,000 bytes at 50 bytes a ns; or a million operations at a million of millions a second.
    [("hoti2024", True, 20), ("master", False, 1000)],
)
def test_a_roofline_without_a_peak_is_told(dialect: str, *, told: bool, makespan: int) -> None:
    et = TraceBuilder()
    et.compute("matmul", num_ops=1_000_000, tensor_size=1000)
    simulation = Simulation(
        et,
        system(roofline_enabled=1, peak_perf=1, local_mem_bw=50),
        network(("Ring", 2)),
        options=Options(dialect=dialect_named(dialect)),
    )
    codes = [notice.code for notice in simulation.notices]
    assert ("roofline-without-peak" in codes) is told
    assert simulation.run().makespan == makespan


def test_a_gigabyte_that_simastra_converted_itself_is_not_told_of() -> None:
    trace = one_collective(CollectiveType.ALL_REDUCE)
    assert not Simulation(trace, "@demo", "@demo").notices
    assert Simulation(trace, "@demo", RING_OF_8).notices


@pytest.mark.parametrize("dialect", ["hoti2024", "master"])
@pytest.mark.parametrize("enabled", [True, False])
def test_durations_that_a_roofline_ignores(dialect: str, *, enabled: bool) -> None:
    trace = TraceBuilder()
    trace.compute("recorded", micros=5)
    trace.compute("recorded too", micros=7)
    trace.compute("modelled", micros=5, num_ops=10**6, tensor_size=1000)
    config = system(roofline_enabled=int(enabled), peak_perf=1)
    options = Options(dialect=dialect_named(dialect))
    simulation = Simulation(trace, config, RING_OF_8, options=options)
    told = warnings(simulation)
    assert ("ignored-durations" in told) is enabled
    if enabled:
        notice = told["ignored-durations"]
        assert "2 computations have a duration and no operations (num_ops)" in notice.message
        assert notice.where == "NPU 0, node 1"
        assert simulation.run().makespan < 5000
