"""What a result is worth, beside closed forms; folded runs are worth what plain ones are."""

import pickle
from dataclasses import replace

import pytest
from support.cases import load_cases, simulation_of
from support.machines import network, system
from support.played import PLAYED

from simastra import CommGroups, MiB, NetworkConfig, Options, Simulation, Trace, TraceBuilder
from simastra.metrics import BoundPart, BoundPlace, Metrics, npu_statistics

SIZE = 1 * MiB
B = 50 * 2**30 / 1e9  # bytes a ns of the machines' links


def worked(micros: int, npus: int = 4) -> Trace:
    """A computation, an all-reduce that waits for it, and an all-gather beside it."""
    trace = TraceBuilder()
    work = trace.compute("work", micros=micros, num_ops=6_000_000, tensor_size=8)
    trace.all_reduce("gradients", size=SIZE, after=work)
    trace.all_gather("weights", size=SIZE)
    return Trace.uniform(trace, npus)


def test_operations_a_second_are_those_of_all_npus() -> None:
    config = system(["ring"], peak_perf=2)
    result = Simulation(worked(10), config, network(("Ring", 4))).run()
    metrics = result.metrics
    assert metrics.step_time == result.makespan
    assert metrics.executed_flops == 4 * 6_000_000
    assert metrics.hfu == pytest.approx(6_000_000 / (result.makespan * 2_000))
    assert (metrics.mfu, metrics.tokens_per_s, metrics.tflops_per_npu) == (None, None, None)
    assert metrics.memory == ()
    assert metrics.missing == ("model_flops in the traces", "tokens in the traces")


def test_without_a_peak_there_is_no_utilisation() -> None:
    metrics = Simulation(worked(10), system(["ring"]), network(("Ring", 4))).run().metrics
    assert metrics.hfu is None
    assert metrics.missing[-1] == "peak-perf in the system file"


def test_ring_links_carry_just_what_has_to_be_sent() -> None:
    result = Simulation(worked(10), system(["ring"]), network(("Ring", 4))).run()
    least = 4 * (2 * 3 / 4 * SIZE + 3 * SIZE)
    assert result.metrics.bytes_by_purpose == {"unstated": least}
    assert sum(link.size for link in result.links) == least


def test_exposed_communication_is_that_of_each_npu_and_of_the_slowest() -> None:
    builders = [TraceBuilder(npu) for npu in range(2)]
    for npu, trace in enumerate(builders):
        trace.compute("work", micros=5 * (npu + 1))
        trace.all_reduce("gradients", size=SIZE)
        trace.compute("more", micros=200 * npu)
    result = Simulation(Trace.of(builders), system(["ring"]), network(("Ring", 2))).run()
    expected = [npu_statistics(result.nodes[npu], result.cycles[npu]) for npu in range(2)]
    exposed = tuple(it.exposed_communication for it in expected)
    assert result.metrics.exposed_communication == exposed
    assert exposed[0] > exposed[1]
    assert result.metrics.slowest == 1 == result.finish_order[-1]


def test_groups_of_unequal_size_send_as_much_as_they_have_members() -> None:
    trace = TraceBuilder()
    trace.all_gather("shards", size=SIZE)
    groups = CommGroups.parse({"1": [0, 1, 2], "2": [3, 4]})
    simulation = Simulation(trace, system(["ring"]), network(("Ring", 5)), comm_groups=groups)
    assert simulation.run().metrics.bytes_by_purpose == {"unstated": (3 * 2 + 2) * SIZE}


@pytest.mark.parametrize("algorithm", ["ring", "doubleBinaryTree"])
def test_a_folded_run_is_worth_what_the_plain_one_is(algorithm: str) -> None:
    simulation = Simulation(worked(30, 8), system([algorithm], peak_perf=9), network(("Switch", 8)))
    if algorithm == "doubleBinaryTree":
        trace = TraceBuilder()
        trace.all_reduce("gradients", size=SIZE)
        config = system([algorithm], peak_perf=9)
        simulation = Simulation(Trace.uniform(trace, 8), config, network(("Switch", 8)))
    plain, folded = simulation.run(shortcuts="off"), simulation.run(shortcuts="always")
    assert plain.metrics == folded.metrics
    assert plain.bound == folded.bound


def test_a_pickled_result_is_worth_the_same() -> None:
    result = Simulation(worked(30), system(["ring"], peak_perf=9), network(("Ring", 4))).run()
    copy = pickle.loads(pickle.dumps(result))
    assert (copy.metrics, copy.bound) == (result.metrics, result.bound)
    assert copy == result


def test_a_result_that_was_made_by_hand_says_that_it_has_no_metrics() -> None:
    result = Simulation(worked(30), system(["ring"]), network(("Ring", 4))).run()
    with pytest.raises(ValueError, match="made by hand"):
        _ = replace(result, measures=None).metrics


def test_the_bound_of_computations_is_met_where_nothing_else_takes_time() -> None:
    trace = TraceBuilder()
    first = trace.compute("a", micros=3)
    trace.compute("b", micros=4, after=first)
    trace.compute("c", micros=5)
    result = Simulation(Trace.uniform(trace, 2), system(["ring"]), network(("Ring", 2))).run()
    assert result.bound.parts == {
        BoundPart.COMPUTE: 12_000,
        BoundPart.PORTS: 0,
        BoundPart.DEPENDENCIES: 7_000,
    }
    assert (result.bound.limit, result.bound.slack) == (BoundPart.COMPUTE, 0)
    assert result.bound.place == BoundPlace("NPU 0", 0)


def test_links_bound_each_dimension_and_all_together() -> None:
    trace = TraceBuilder()
    trace.all_reduce("inner", size=4 * SIZE, dims=[True, False])
    trace.all_reduce("outer", size=SIZE, dims=[False, True])
    shape = network(("Switch", 2), ("Switch", 4))
    result = Simulation(trace, system(["ring", "ring"]), shape).run()
    inner, outer = 4 * SIZE / B, 2 * 3 / 4 * SIZE / B
    ports = int(max(inner, outer, (inner + outer) / 2))
    assert result.bound.parts[BoundPart.PORTS] == pytest.approx(ports, abs=24)  # messages
    assert result.bound.time <= result.makespan


def test_what_an_npu_receives_bounds_it_as_what_it_sends() -> None:
    builders = [TraceBuilder(npu) for npu in range(3)]
    for npu in (1, 2):
        builders[npu].send("part", size=8 * SIZE, to=0, tag=npu)
        builders[0].recv("part", size=8 * SIZE, source=npu, tag=npu)
    result = Simulation(Trace.of(builders), system(["ring"]), network(("Switch", 3))).run()
    assert result.bound.parts[BoundPart.PORTS] == 2 * int(8 * SIZE / B)
    assert result.bound.limit is BoundPart.PORTS
    assert result.bound.place == BoundPlace("NPU 0", 0)
    assert result.bound.places[BoundPart.LINKS] == BoundPlace("switch 3 to NPU 0", 3, 0)
    assert result.metrics.bytes_by_purpose == {"unstated": 16 * SIZE}


def test_what_members_of_a_tree_send_unequally_bounds_none_of_them() -> None:
    trace = TraceBuilder()
    trace.all_reduce("gradients", size=SIZE)
    config = system(["doubleBinaryTree"])
    result = Simulation(Trace.uniform(trace, 4), config, network(("Switch", 4))).run()
    assert {part: time for part, time in result.bound.parts.items() if time} == {
        BoundPart.LINKS: max(it.busy for it in result.links)
    }
    assert result.metrics.bytes_by_purpose == {"unstated": 4 * 2 * 3 / 4 * SIZE}


def test_groups_of_some_npus_use_the_links_that_lie_between_them() -> None:
    trace = TraceBuilder()
    trace.all_gather("shards", size=SIZE)
    groups = CommGroups.parse({"1": [0, 2], "2": [1, 3]})  # along the second dimension
    shape = network(("Switch", 2), ("Switch", 2))
    simulation = Simulation(trace, system(["ring", "ring"]), shape, comm_groups=groups)
    assert simulation.run().bound.parts[BoundPart.PORTS] == 4 * int(SIZE / 4 / B)


def test_a_chain_of_work_and_messages_bounds_more_than_each() -> None:
    result = Simulation(worked(100), system(["ring"]), network(("Ring", 4))).run()
    step = int(SIZE / 16 / B) + 500 - 1  # a chunk's quarter to the next, 6 times for each of 4
    chain = 100_000 + 4 * 6 * step
    assert result.bound.parts[BoundPart.DEPENDENCIES] == chain
    assert result.bound.limit is BoundPart.DEPENDENCIES


@pytest.mark.filterwarnings("ignore::simastra.SimastraWarning")
@pytest.mark.parametrize("algorithm", ["ring", "direct", "halvingDoubling"])
@pytest.mark.parametrize("shape", [("Switch", 4), ("Ring", 4), ("FullyConnected", 4)])
def test_bytes_are_as_many_where_messages_share_no_links(
    algorithm: str, shape: tuple[str, int]
) -> None:
    aware, unaware = (
        Simulation(
            worked(1), system([algorithm]), network(shape), options=Options(backend=backend)
        ).run()
        for backend in ("congestion-aware", "congestion-unaware")
    )
    assert aware.links
    assert not unaware.links
    assert unaware.bound.parts == aware.bound.parts
    assert not aware.bound.is_beaten


@pytest.mark.filterwarnings("ignore::simastra.SimastraWarning")
def test_a_run_that_beats_its_bound_has_less_than_no_slack() -> None:
    options = Options(backend="congestion-unaware")
    result = Simulation(
        worked(1), system(["direct"]), network(("Switch", 4)), options=options
    ).run()
    bound = result.bound
    assert bound.is_beaten
    assert bound.slack == result.makespan - bound.time < 0
    assert bound.overload == bound.time / result.makespan > 1.5


@pytest.mark.filterwarnings("ignore::simastra.SimastraWarning")
@pytest.mark.parametrize("backend", PLAYED)
def test_a_bound_of_a_graph_names_its_slowest_link(backend: str) -> None:
    leafs = [
        {"from": f"npu[{2 * leaf}:{2 * leaf + 2}]", "to": f"leaf.{leaf}", "bandwidth": 50}
        for leaf in range(2)
    ]
    spine = {"from": "leaf[0:2]", "to": "spine", "bandwidth": 10}
    links = [{**link, "latency": 500} for link in (*leafs, spine)]
    shape = NetworkConfig.parse({"graph": {"links": links}})
    trace = TraceBuilder()
    trace.all_reduce("gradients", size=SIZE)
    config = system(["ring"], local_mem_bw=1_000_000)
    result = Simulation(trace, config, shape, options=Options(backend=backend)).run()
    sent = 2 * 3 / 4 * SIZE
    bound = result.bound
    assert bound.parts[BoundPart.PORTS] == pytest.approx(sent / 50, abs=24)
    assert bound.parts[BoundPart.LINKS] == bound.time == pytest.approx(sent / 10, abs=24)
    assert (bound.limit, bound.place) == (BoundPart.LINKS, BoundPlace("leaf.0 to spine", 4, 6))
    told = [it.message for it in result.notices if it.code == "faster-than-links"]
    assert len(told) == bound.is_beaten == (backend == "congestion-unaware")
    if told:
        factor = f"{bound.overload:.3g}"
        assert f"the link leaf.0 to spine would have had to carry {factor} times" in told[0]


def test_what_each_link_carries_is_not_told_where_the_order_of_things_decides() -> None:
    result = Simulation(
        worked(1),
        system(["ring"]),
        network(("Ring", 4)),
        options=Options(backend="congestion-unaware", queues_per_dimension=2),
    ).run()
    assert BoundPart.LINKS not in result.bound.parts


@pytest.mark.parametrize("name", ["hoti2024", "master", "multidim_aware"])
@pytest.mark.filterwarnings("ignore::simastra.SimastraWarning")
def test_nothing_is_faster_than_its_bound(name: str) -> None:
    for case in load_cases(name)[::60]:
        simulation = simulation_of(case)
        result = simulation.run(shortcuts="off")
        if simulation.platform.queues_at_links:
            assert 0 <= result.bound.time <= result.makespan, case


def test_many_tiny_messages_are_no_faster_than_their_bound() -> None:
    trace = TraceBuilder()
    for index in range(50):
        trace.all_reduce(f"{index}", size=600)
    config = system(["direct"], preferred_dataset_splits=8)
    result = Simulation(Trace.uniform(trace, 4), config, network(("FullyConnected", 4))).run()
    assert 0 <= result.bound.slack < result.makespan


def test_metrics_of_no_time_are_none() -> None:
    metrics = Metrics(npus=1, step_time=0, tokens=5, model_flops=5, peak_tflops=1.0)
    assert (metrics.tokens_per_s, metrics.mfu, metrics.peak_memory) == (None, None, None)


@pytest.mark.parametrize("flops", [10**101, 10**400])
def test_what_is_no_work_comes_to_no_rate(flops: int) -> None:
    metrics = Metrics(npus=1, step_time=1, executed_flops=flops, peak_tflops=1.0)
    assert metrics.hfu is None
    assert replace(metrics, executed_flops=10**100).hfu == pytest.approx(1e97)


def test_metrics_are_what_their_definitions_say() -> None:
    metrics = Metrics(
        npus=2,
        step_time=1_000_000,
        tokens=4096,
        model_flops=3 * 10**12,
        executed_flops=4 * 10**12,
        peak_tflops=3000.0,
    )
    assert metrics.tokens_per_s == pytest.approx(4_096_000)
    assert metrics.tflops_per_npu == pytest.approx(1500)
    assert (metrics.mfu, metrics.hfu) == (pytest.approx(0.5), pytest.approx(2 / 3))
