"""What a run loses by forwarding messages whole is told, where that is certain and a fifth."""

import re

import pytest
from support.machines import network, system

from simastra import (
    CommGroups,
    MiB,
    NetworkConfig,
    Options,
    Result,
    Simulation,
    Trace,
    TraceBuilder,
)
from simastra.notices import Severity

SIZE = 64 * MiB
SWITCH = network(("Switch", 8))
STAR = NetworkConfig.parse(
    {"graph": {"links": [{"from": "npu[0:8]", "to": "s", "bandwidth": 53.6870912, "latency": 500}]}}
)


def run(
    shape: NetworkConfig = SWITCH,
    algorithm: str = "ring",
    *,
    before: int = 0,
    beside: int = 0,
    groups: CommGroups | None = None,
    options: Options | None = None,
    **changes: object,
) -> Result:
    """An all-reduce in 4 chunks, one at a time, after a computation and beside another."""
    trace = TraceBuilder()
    first = [trace.compute("before", micros=before)] if before else []
    trace.all_reduce("gradients", size=SIZE, after=first)
    if beside:
        trace.compute("beside", micros=beside, after=first)
    config = system([algorithm] * shape.dimensions, **{"local_mem_bw": 1_000_000, **changes})
    return Simulation(
        Trace.uniform(trace, shape.npus), config, shape, comm_groups=groups, options=options
    ).run()


def lost(result: Result) -> float:
    """What part of the run is told to be lost; 0 if nothing is told."""
    found = [it for it in result.notices if it.code == "store-and-forward"]
    assert len(found) <= 1
    for notice in found:
        assert notice.severity is Severity.INFO
        told = re.search(r"whole: (\d+) of (\d+) ns", notice.message)
        assert told is not None
        assert int(told[2]) == result.makespan
        return int(told[1]) / result.makespan
    return 0


def test_a_message_that_crosses_a_switch_is_on_the_wire_twice() -> None:
    result = run()
    (notice,) = (it for it in result.notices if it.code == "store-and-forward")
    assert lost(result) == pytest.approx(0.5, rel=0.05)
    assert notice.where == "network: topology"
    assert "messages of up to 2 MiB" in notice.message
    assert "whole: 2187168 of 4431712 ns, 97.4 % more than without;" in notice.message
    assert notice.fix == (
        "have more chunks under way (active-chunks-per-dimension), or use --network-backend fluid"
    )


def test_a_graph_that_is_a_switch_loses_as_much() -> None:
    result = run(STAR)
    assert result.makespan == run().makespan
    assert lost(result) == lost(run()) > 0


def test_halving_and_doubling_loses_as_much_as_a_ring() -> None:
    assert lost(run(algorithm="halvingDoubling")) == pytest.approx(lost(run()), rel=0.02)


def test_each_phase_of_two_dimensions_counts() -> None:
    shape = network(("Switch", 4), ("Switch", 2))
    assert 0.4 < lost(run(shape)) < 0.5  # chunks in different dimensions overlap
    assert lost(run(network(("Ring", 4), ("Switch", 2)))) < 0.25


@pytest.mark.parametrize(
    ("shape", "algorithm"),
    [
        (network(("Ring", 8)), "ring"),
        (network(("FullyConnected", 8)), "direct"),
        (network(("Ring", 8)), "direct"),  # links are shared, and some messages cross one
        (SWITCH, "direct"),  # all but the first and the last overlap
        (SWITCH, "doubleBinaryTree"),  # members send unequally
    ],
)
def test_where_nothing_is_certain_nothing_is_told(shape: NetworkConfig, algorithm: str) -> None:
    assert not lost(run(shape, algorithm))


@pytest.mark.parametrize(
    "changes",
    [
        {"active_chunks_per_dimension": 2},
        {"local_mem_bw": 1},  # reductions take most of the time
        {"endpoint_delay": 500_000},
        {
            "model_shared_bus": True,
            "L": 1,
            "o": 1,
            "g": 1,
            "G": 1e-6,
        },
    ],
)
def test_what_takes_the_time_otherwise_is_not_told(changes: dict[str, object]) -> None:
    assert not lost(run(**changes))


def test_latency_is_not_what_is_lost() -> None:
    assert not lost(run(network(("Switch", 8), latency=1_000_000)))


def test_another_backend_forwards_nothing_whole() -> None:
    assert not lost(run(options=Options(backend="fluid")))


def test_where_messages_may_take_several_ways_nothing_is_told() -> None:
    links = [{"from": "npu[0:8]", "to": "s", "bandwidth": 53.6870912, "latency": 500}]
    star = NetworkConfig.parse({"graph": {"links": links, "routing": "ecmp"}})
    assert run(star).makespan == run(STAR).makespan
    assert not lost(run(star))


def test_a_handshake_takes_time_too() -> None:
    assert not lost(run(options=Options(rendezvous=True)))


def test_a_fifth_of_the_rest_of_the_run_is_wanted() -> None:
    alone = run()
    time = round(lost(alone) * alone.makespan)
    rest = alone.makespan - time
    assert lost(run(before=round((time / 0.2 - rest) * 0.99 / 1000)))
    assert not lost(run(before=round((time / 0.2 - rest) * 1.01 / 1000)))


def test_time_in_which_the_npu_computes_is_not_lost() -> None:
    alone = run()
    assert not lost(run(beside=alone.makespan // 1000))
    some = run(beside=alone.makespan // 5 // 1000)
    assert lost(some) == pytest.approx(lost(alone) - 0.2, abs=0.01)


def test_messages_of_others_may_be_in_the_way_of_a_group() -> None:
    halves = CommGroups.parse({"1": [0, 1, 2, 3], "2": [4, 5, 6, 7]})
    assert not lost(run(groups=halves))


@pytest.mark.parametrize(("early", "told"), [(False, 0), (True, 0.5)])
def test_who_receives_loses_what_it_waits_for(*, early: bool, told: float) -> None:
    first, second = TraceBuilder(0), TraceBuilder(1)
    first.send("s", size=SIZE, to=1, tag=1)
    wait = [] if early else [second.compute("late", micros=5_000)]
    second.recv("s", size=SIZE, source=0, tag=1, after=wait)
    result = Simulation(Trace.of([first, second]), system(), network(("Switch", 2))).run()
    assert lost(result) == pytest.approx(told, rel=0.01)


def test_what_comes_to_light_then_is_not_lost() -> None:
    time = run().makespan
    builders = [TraceBuilder(npu) for npu in range(8)]
    for builder in builders:
        builder.all_reduce("gradients", size=SIZE)
    builders[3].compute("longer", micros=time // 1000 - 10)
    config = system(["ring"], local_mem_bw=1_000_000)
    assert not lost(Simulation(Trace.of(builders), config, SWITCH).run())


def test_who_is_late_may_be_what_is_waited_for() -> None:
    builders = [TraceBuilder(npu) for npu in range(8)]
    late = builders[3].compute("late", micros=50)
    for npu, builder in enumerate(builders):
        builder.all_reduce("gradients", size=SIZE, after=[late] if npu == 3 else [])
    config = system(["ring"], local_mem_bw=1_000_000)
    assert not lost(Simulation(Trace.of(builders), config, SWITCH).run())


@pytest.mark.parametrize("shortcuts", ["off", "always"])
def test_a_folded_run_is_told_as_much(shortcuts: str) -> None:
    options = Options(shortcuts=shortcuts)
    assert lost(run(options=options)) == lost(run()) > 0


def test_what_waits_for_a_link_that_others_keep_busy_is_not_lost() -> None:
    """NPU 1's message crosses four links; eight others keep the last of them busy meanwhile."""
    links = [
        {"from": "npu.1", "to": "s.0", "bandwidth": 1, "latency": 0},
        {"from": "s.0", "to": "s.1", "bandwidth": 1, "latency": 0},
        {"from": "s.1", "to": "s.2", "bandwidth": 1, "latency": 0},
        {"from": "npu[2:10]", "to": "s.2", "bandwidth": 1, "latency": 0},
        {"from": "s.2", "to": "npu.0", "bandwidth": 1, "latency": 0},
    ]
    builders = [TraceBuilder(npu) for npu in range(10)]
    for npu in range(1, 10):
        builders[npu].send("to 0", size=MiB, to=0)
        builders[0].recv(f"from {npu}", size=MiB, source=npu)
    graph = NetworkConfig.parse({"graph": {"links": links}})
    result = Simulation(Trace.of(builders), system(), graph).run()
    assert (result.bound.time, result.makespan) == (9 * MiB, 10 * MiB)
    assert lost(result) == 0  # a tenth, which is little
