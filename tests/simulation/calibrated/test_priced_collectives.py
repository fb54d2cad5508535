"""Collectives that are priced as a whole: members meet, and end together."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from simpy.core import EmptySchedule
from support.calibrations import made_up, made_up_keys
from support.round_prices import LAUNCH, PROTOCOL, RoundPrices

from simastra import (
    CommGroups,
    NetworkConfig,
    Options,
    Simulation,
    SystemConfig,
    Trace,
    TraceBuilder,
)
from simastra.calibration import Calibration, CalibrationFile
from simastra.dialect import MASTER
from simastra.engine import Category
from simastra.errors import ArgumentError, DeadlockError, InputError, OptionError, TraceError
from simastra.metrics import BoundPart
from simastra.trace import CollectiveType

LATENCY = LAUNCH + PROTOCOL
BYTES = 10_000


def network(*counts: int) -> NetworkConfig:
    dims = len(counts)
    return NetworkConfig(
        topology=["Switch"] * dims,
        npus_count=list(counts),
        bandwidth=[100.0] * dims,
        latency=[500.0] * dims,
    )


def simulated(workload: Trace | TraceBuilder, *counts: int, **more: object) -> Simulation:
    return Simulation(workload, network=network(*counts), calibration=RoundPrices(), **more)  # type: ignore[arg-type]  # as a simulation takes them


def each(npus: int) -> list[TraceBuilder]:
    return [TraceBuilder(npu=npu) for npu in range(npus)]


def events_of(simulation: Simulation) -> int:
    run = simulation.start()
    for events in range(1_000_000):
        try:
            run.step()
        except EmptySchedule:
            return events
    raise AssertionError("it doesn't end")


def test_a_collective_takes_its_price_from_the_last_coming() -> None:
    builders = each(4)
    for npu, builder in enumerate(builders):
        before = builder.compute("before", micros=npu + 1)
        builder.all_reduce("sum", size=BYTES, after=before)
    result = simulated(Trace.of(builders), 4).run()
    assert set(result.cycles.values()) == {4_000 + LATENCY + BYTES}


def test_a_collective_of_8_takes_at_most_20_events() -> None:
    """C11: one for all members' ends, where a ring sends 448 messages."""
    builder = TraceBuilder()
    builder.all_reduce("sum", size=2**20)
    prices = made_up()
    simulation = Simulation(builder, network=network(8), calibration=prices)
    assert events_of(simulation) <= 20
    expected = prices.collective(CollectiveType.ALL_REDUCE, 2**20, 8)
    assert simulation.run().makespan == expected.mid


@pytest.mark.parametrize(("kind", "size"), [("all_gather", 2**20), ("all_reduce", 2**23)])
def test_sizes_are_those_of_nccl_tests(kind: str, size: int) -> None:
    """An all-gather's node says one member's part, nccl-tests what all have gathered."""
    builder = TraceBuilder()
    getattr(builder, kind)("it", size=size)
    prices = made_up()
    result = Simulation(builder, network=network(8), calibration=prices).run()
    priced = prices.collective(CollectiveType[kind.upper()], 2**23, 8)
    assert result.makespan == priced.mid


def test_nodes_are_so_many_consecutive_npus() -> None:
    """Along the second dimension each member is of another node: a launch more for each."""
    builder = TraceBuilder()
    builder.all_reduce("along", size=BYTES, dims=[False, True])
    simulation = simulated(builder, 4, 3)
    assert simulation.run().makespan == 3 * LAUNCH + PROTOCOL + BYTES
    inside = TraceBuilder()
    inside.all_reduce("along", size=BYTES, dims=[True, False])
    assert simulated(inside, 4, 3).run().makespan == LATENCY + BYTES


def test_process_groups_meet_among_themselves() -> None:
    builders = each(4)
    for npu, builder in enumerate(builders):
        before = builder.compute("before", micros=1 + npu % 2)
        builder.all_reduce("sum", size=BYTES, after=before, group=1 + npu % 2)
    groups = CommGroups.parse({"1": [0, 2], "2": [1, 3]})
    result = simulated(Trace.of(builders), 4, comm_groups=groups).run()
    early, late = 1_000 + LATENCY + BYTES, 2_000 + LATENCY + BYTES
    assert result.cycles == {0: early, 1: late, 2: early, 3: late}


def test_barriers_and_rooted_collectives_take_their_time() -> None:
    builders = each(4)
    for builder in builders:
        first = builder.collective(CollectiveType.BARRIER, "here", size=0)
        builder.broadcast("weights", size=BYTES, after=first)
    assert simulated(Trace.of(builders), 4).run().makespan == LATENCY + LATENCY + BYTES


def test_durations_count_to_the_nanosecond() -> None:
    builder = TraceBuilder()
    builder.compute("some", micros=1.234)
    assert simulated(builder, 4).run().makespan == 1_234


def test_a_collective_of_one_takes_no_time() -> None:
    builder = TraceBuilder()
    builder.all_reduce("alone", size=BYTES)
    assert simulated(builder, 1).run().makespan == 0


@given(st.integers(1, 5), st.integers(1, 20_000))
def test_equal_ones_together_end_after_latency_and_all_of_their_bandwidth(
    count: int, size: int
) -> None:
    """C12: each in a process group of its own, as NCCL has a stream for each communicator."""
    builders = each(4)
    for builder in builders:
        for number in range(count):
            builder.all_reduce(f"sum {number}", size=size, group=1 + number)
    groups = CommGroups.parse({str(1 + number): [0, 1, 2, 3] for number in range(count)})
    simulation = simulated(Trace.of(builders), 4, comm_groups=groups)
    result = simulation.run()
    assert result.makespan == LATENCY + count * size
    times = simulation.explain().attribution(0).times
    assert times[Category.CONTENTION] == (count - 1) * size
    assert times[Category.BANDWIDTH] == size


def test_those_of_one_group_go_one_after_the_other() -> None:
    builder = TraceBuilder()
    for number in range(3):
        builder.all_reduce(f"sum {number}", size=BYTES)
    assert simulated(builder, 4).run().makespan == 3 * (LATENCY + BYTES)


def test_links_of_a_node_and_nics_are_not_in_each_others_way() -> None:
    """Tensor parallelism in a node beside data parallelism between nodes: on other links."""
    builders = each(8)
    for npu, builder in enumerate(builders):
        builder.all_reduce("in a node", size=BYTES, group=1 + npu // 4)
        builder.all_reduce("between nodes", size=BYTES, group=3 + npu % 4)
    groups = {str(1 + node): range(4 * node, 4 * node + 4) for node in range(2)}
    groups |= {str(3 + place): (place, 4 + place) for place in range(4)}
    parsed = CommGroups.parse({name: list(npus) for name, npus in groups.items()})
    result = simulated(Trace.of(builders), 8, comm_groups=parsed).run()
    assert result.makespan == 2 * LAUNCH + PROTOCOL + BYTES


def test_members_that_ask_for_other_sizes_are_both_named() -> None:
    builders = each(4)
    for npu, builder in enumerate(builders):
        builder.all_reduce(f"sum {npu}", size=BYTES + (npu == 3))
    simulation = simulated(Trace.of(builders), 4)
    with pytest.raises(TraceError) as caught:
        simulation.run()
    text = str(caught.value)
    assert "NPU 3's node" in text
    assert "'sum 3'" in text
    assert "NPU 0's node" in text
    assert "'sum 0'" in text
    assert "10,001 bytes" in text
    assert "10,000 bytes" in text


def test_one_that_never_comes_is_named_with_its_collective() -> None:
    builders = each(4)
    for builder in builders[:3]:
        builder.all_reduce("sum", size=BYTES)
    builders[3].compute("other", micros=3)
    with pytest.raises(DeadlockError) as caught:
        simulated(Trace.of(builders), 4).run()
    assert "ALL_REDUCE of 10,000 bytes" in str(caught.value)
    assert caught.value.waits[0].peers == (3,)


def test_without_time_a_missing_member_is_certain_and_other_sizes_are_no_standstill() -> None:
    builders = each(4)
    for builder in builders[:3]:
        builder.all_reduce("sum", size=BYTES)
    builders[3].compute("other", micros=3)
    found = simulated(Trace.of(builders), 4).certain_deadlock()
    assert found is not None
    assert found.waits[0].peers == (3,)
    builders = each(4)
    for npu, builder in enumerate(builders):
        builder.all_reduce("sum", size=BYTES + npu)
    assert simulated(Trace.of(builders), 4).certain_deadlock() is None


def test_why_tells_when_a_priced_collective_ends() -> None:
    builder = TraceBuilder()
    builder.all_reduce("sum", size=BYTES)
    run = simulated(builder, 4).start()
    run.env.run(until=LAUNCH // 2)
    assert f"it ends at {LATENCY + BYTES:,} ns" in str(run.why(0))


def test_messages_take_what_their_kind_of_link_takes() -> None:
    for npus, time in (((1, 2), 500 + 100), ((3, 4), 2000 + 1000)):
        sender, receiver = npus
        builders = each(8)
        builders[sender].send("there", to=receiver, size=BYTES, tag=1)
        builders[receiver].recv("here", source=sender, size=BYTES, tag=1)
        for npu in set(range(8)) - set(npus):
            builders[npu].compute("nothing", micros=1)
        result = simulated(Trace.of(builders), 8).run()
        assert result.cycles[receiver] == time


def test_a_message_over_links_of_which_nothing_is_known_is_one_error() -> None:
    keys = made_up_keys()
    del keys["system"]["nic_gb_s"]
    keys["p2p"] = [it for it in keys.get("p2p", []) if it["link"] != "nic"]
    calibration = Calibration(CalibrationFile.model_validate(keys))
    builders = each(9)
    builders[0].send("there", to=8, size=BYTES, tag=1)
    builders[8].recv("here", source=0, size=BYTES, tag=1)
    simulation = Simulation(Trace.of(builders), network=network(9), calibration=calibration)
    with pytest.raises(InputError, match="nic_gb_s"):
        simulation.run()


# -- options ------------------------------------------------------------------------------------


def test_the_backend_alone_says_how_to_get_a_calibration() -> None:
    builder = TraceBuilder()
    builder.all_reduce("sum", size=BYTES)
    system = SystemConfig(all_reduce_implementation=["ring"], preferred_dataset_splits=1)
    with pytest.raises(OptionError, match="simastra calibrate"):
        Simulation(builder, system, network(4), options=Options(backend="calibrated"))


def test_another_backend_takes_no_calibration() -> None:
    with pytest.raises(OptionError, match="leave it out, or say calibrated"):
        simulated(TraceBuilder(), 4, options=Options(backend="congestion-unaware"))


def test_without_a_calibration_a_system_is_needed() -> None:
    with pytest.raises(ArgumentError, match="only with a calibration"):
        Simulation(TraceBuilder(), network=network(4))


def test_a_calibration_is_named_loaded_or_in_memory() -> None:
    with pytest.raises(ArgumentError, match="calibration must be a Calibration"):
        Simulation(TraceBuilder(), network=network(4), calibration=3)  # type: ignore[arg-type]  # wrong
    with pytest.raises(InputError, match="nosuch"):
        Simulation(TraceBuilder(), network=network(4), calibration="nosuch.json")


def test_a_collective_that_isnt_measured_is_refused_before_the_run() -> None:
    builder = TraceBuilder()
    builder.collective(CollectiveType.REDUCE, "it", size=BYTES)
    with pytest.raises(InputError, match="measured are"):
        Simulation(builder, network=network(8), calibration=made_up())


def test_variants_keep_and_change_the_calibration() -> None:
    builder = TraceBuilder()
    builder.all_reduce("sum", size=BYTES)
    base = simulated(builder, 4)
    assert base.with_(network=network(2)).run().makespan == base.run().makespan
    slower = base.with_(calibration=RoundPrices(launch=5_000))
    assert slower.run().makespan == base.run().makespan + 4_000
    assert base.run().makespan == LATENCY + BYTES


# -- bands, bounds, explanations ----------------------------------------------------------------


def test_the_band_has_all_times_at_one_edge() -> None:
    builder = TraceBuilder()
    builder.all_reduce("sum", size=BYTES)
    result = simulated(builder, 4).run()
    alone = LATENCY + BYTES
    assert result.band is not None
    assert result.band.to_dict() == {
        "low": alone * 9 // 10,
        "mid": alone,
        "high": alone * 13 // 10,
    }
    assert f"{result.band}" in str(result)
    assert result.to_dict()["band"] == result.band.to_dict()
    assert pickle.loads(pickle.dumps(result)).band == result.band


def test_what_is_played_has_no_band() -> None:
    builder = TraceBuilder()
    builder.all_reduce("sum", size=BYTES)
    system = SystemConfig(all_reduce_implementation=["ring"], preferred_dataset_splits=1)
    result = Simulation(builder, system, network(4)).run()
    assert result.band is None
    assert "band" not in result.to_dict()


def test_what_nobody_has_measured_is_said() -> None:
    builder = TraceBuilder()
    builder.all_reduce("sum", size=BYTES)
    assert not simulated(builder, 4).notices
    (notice,) = simulated(builder, 8).notices
    assert notice.code == "calibration-datasheet"
    assert "ALL_REDUCE among 8 NPUs in 2 nodes" in str(notice)


def traces(times: Sequence[Sequence[int]], sizes: Sequence[int]) -> Trace:
    """Each NPU computes before each of some collectives, for so many us."""
    builders = each(len(times))
    for builder, own in zip(builders, times, strict=True):
        after: object = ()
        for number, (micros, size) in enumerate(zip(own, sizes, strict=True)):
            computed = builder.compute(f"c{number}", micros=micros, after=after)  # type: ignore[arg-type]  # a node, or none
            after = builder.all_reduce(f"r{number}", size=size, after=computed)
    return Trace.of(builders)


@st.composite
def cases(draw: st.DrawFn) -> Trace:
    npus, steps = draw(st.integers(2, 5)), draw(st.integers(1, 3))
    each_time = st.lists(st.integers(1, 9), min_size=steps, max_size=steps)
    times = draw(st.lists(each_time, min_size=npus, max_size=npus))
    sizes = draw(st.lists(st.integers(1, 5000), min_size=steps, max_size=steps))
    return traces(times, sizes)


@given(cases())
def test_explanations_sum_to_the_nanosecond(trace: Trace) -> None:
    simulation = simulated(trace, len(trace.npus))
    result, explanation = simulation.run(), simulation.explain()
    assert explanation.makespan == result.makespan
    for attribution in explanation.attributions:
        assert attribution.total == result.makespan
        assert attribution.times[Category.OTHER] == 0
    path = explanation.critical_path()
    assert path[0].start == 0
    assert path[-1].end == result.makespan
    assert all(one.end == other.start for one, other in pairwise(path))


@given(cases())
def test_no_run_is_faster_than_its_bound(trace: Trace) -> None:
    simulation = simulated(trace, len(trace.npus))
    assert simulation.lower_bound().time <= simulation.run().makespan


@given(cases())
def test_runs_are_the_same_each_time(trace: Trace) -> None:
    simulation = simulated(trace, len(trace.npus))
    assert simulation.run() == simulation.run()
    assert simulation.run().finish_order == simulation.start().run().finish_order


def test_master_and_hoti_agree() -> None:
    builder = TraceBuilder()
    builder.all_reduce("sum", size=BYTES)
    master = simulated(builder, 4, options=Options(dialect=MASTER))
    assert master.run().cycles == simulated(builder, 4).run().cycles


def test_an_order_that_depends_on_times_is_told_with_its_edge() -> None:
    """NPU 0 asks for the small one first where the one before the large one takes longer."""
    builders = each(2)
    first = [builder.all_reduce("before", size=BYTES, group=2) for builder in builders]
    alone = LATENCY + BYTES
    computed = builders[0].compute("some", micros=alone * 1.1 / 1000)
    builders[0].all_reduce("large", size=BYTES, group=1, after=first[0])
    builders[0].all_reduce("small", size=1, group=1, after=computed)
    large = builders[1].all_reduce("large", size=BYTES, group=1, after=first[1])
    builders[1].all_reduce("small", size=1, group=1, after=large)
    groups = CommGroups.parse({"1": [0, 1], "2": [0, 1]})
    result = simulated(Trace.of(builders), 2, comm_groups=groups).run()
    assert result.makespan == 2 * alone + LATENCY + 1
    with pytest.raises(TraceError, match=r"'small'.*at the high edge of their bands"):
        _ = result.band


def test_nothing_is_said_of_chunks_that_nobody_sends() -> None:
    builders = each(2)
    for builder in builders:
        builder.all_reduce("odd", size=7)
    builders[0].send("there", to=1, size=9)
    builders[1].recv("here", source=0, size=9)
    simulation = simulated(Trace.of(builders), 2)
    assert not {it.code for it in simulation.notices} & {"rounded-up", "shared-tags"}


def test_a_bound_is_of_prices_and_of_nothing_of_the_network_files() -> None:
    builder = TraceBuilder()
    computed = builder.compute("some", micros=3)
    builder.all_reduce("sum", size=BYTES, after=computed)
    slow = NetworkConfig(topology=["Switch"], npus_count=[4], bandwidth=[0.001], latency=[1e6])
    simulation = Simulation(builder, network=slow, calibration=RoundPrices())
    result = simulation.run()
    assert result.makespan == 3_000 + LATENCY + BYTES
    assert result.measures is not None
    assert result.measures.bound.time == simulation.lower_bound().time == result.makespan
    assert set(result.measures.bound.parts) == {BoundPart.COMPUTE, BoundPart.DEPENDENCIES}
