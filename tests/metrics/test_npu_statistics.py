"""Where the time of an NPU goes: drawn by hand, against a count of each ns, and simulated."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.machines import network, system

from simastra import MemoryConfig, MiB, Simulation, Trace, TraceBuilder
from simastra.errors import DeadlockError
from simastra.metrics import NpuStatistics, npu_statistics
from simastra.report import statistics
from simastra.result import NodeRecord
from simastra.workload import Activity

CPU, COMPUTE = Activity.CPU, Activity.COMPUTE
COMMUNICATION, REMOTE_MEMORY = Activity.COMMUNICATION, Activity.REMOTE_MEMORY


def record(activity: Activity, issued: int, finished: int) -> NodeRecord:
    return NodeRecord(1, "n", activity, issued, finished)


RECORDS = st.lists(
    st.builds(
        lambda activity, start, took: record(activity, start, start + took),
        st.sampled_from(Activity),
        st.integers(0, 40),
        st.integers(0, 20),
    ),
    max_size=10,
)


def times(records: list[NodeRecord], activity: Activity, finish: int) -> set[int]:
    chosen = [it for it in records if it.activity is activity]
    return {time for it in chosen for time in range(it.issued, min(it.finished, finish))}


@given(RECORDS, st.integers(0, 70))
def test_every_ns_is_counted_as_a_count_of_each_ns_has_it(
    records: list[NodeRecord], finish: int
) -> None:
    cpu, compute, communication, memory = (times(records, it, finish) for it in Activity)
    assert npu_statistics(records, finish) == NpuStatistics(
        wall=finish,
        activities=dict(
            zip(Activity, map(len, (cpu, compute, communication, memory)), strict=True)
        ),
        overlap=len(compute & communication),
        exposed_communication=len(communication - compute),
        idle=finish - len(cpu | compute | communication | memory),
    )


@given(RECORDS, st.integers(0, 70))
def test_no_time_wraps_around_and_communication_is_hidden_or_exposed(
    records: list[NodeRecord], finish: int
) -> None:
    found = npu_statistics(records, finish)
    assert all(0 <= time <= finish for time in found.to_dict().values())
    assert found.exposed_communication + found.overlap == found.communication


def test_a_drawn_timeline() -> None:
    # compute        ====......====........
    # communication  ..======..............
    # cpu            ......==..............
    # memory         ................==....
    records = [
        record(COMPUTE, 0, 4),
        record(COMPUTE, 10, 14),
        record(COMMUNICATION, 2, 8),
        record(CPU, 6, 8),
        record(REMOTE_MEMORY, 16, 18),
    ]
    assert npu_statistics(records, 20) == NpuStatistics(
        wall=20,
        activities={CPU: 2, COMPUTE: 8, COMMUNICATION: 6, REMOTE_MEMORY: 2},
        overlap=2,
        exposed_communication=4,
        idle=6,
    )


def test_idle_time_does_not_make_the_overlap_huge() -> None:
    # ASTRA-sim: 10 + 10 - 100, unsigned (behaviour 7.4 #9).
    records = [record(COMPUTE, 0, 10), record(COMMUNICATION, 90, 100)]
    assert npu_statistics(records, 100).overlap == 0


def test_computation_hides_part_of_an_all_reduce() -> None:
    trace = TraceBuilder()
    trace.compute("forward", micros=50)
    trace.all_reduce("gradients", size=MiB)
    simulation = Simulation(trace, system(), network(("Ring", 8)))
    assert (
        statistics(simulation.run())
        == (
            NpuStatistics(
                wall=117780,  # behaviour section 7
                activities={CPU: 0, COMPUTE: 50000, COMMUNICATION: 117780, REMOTE_MEMORY: 0},
                overlap=50000,
                exposed_communication=67780,
                idle=0,
            ),
        )
        * 8
    )


def test_processor_and_memory_nodes_have_statistics_too() -> None:
    # ASTRA-sim gives up on both (behaviour 7.4 #8).
    trace = TraceBuilder()
    prepare = trace.compute("prepare", micros=3, on_cpu=True)
    load = trace.load("load", tensor_size=2000, after=prepare)
    trace.compute("forward", micros=5, after=load)
    memory = MemoryConfig.parse(
        {"memory-type": "PER_NPU_MEMORY_EXPANSION", "remote-mem-latency": 100, "remote-mem-bw": 2}
    )
    simulation = Simulation(trace, system(), network(("Ring", 4)), memory)
    found = statistics(simulation.run())[3]
    assert (found.cpu, found.remote_memory, found.compute) == (3000, 1100, 5000)
    assert (found.wall, found.idle) == (9100, 0)


def test_an_npu_that_never_finishes_counts_up_to_its_last_node() -> None:
    lonely = TraceBuilder(npu=0)
    forward = lonely.compute("forward", micros=7)
    lonely.recv("never sent", size=8, source=1, after=forward)
    other = TraceBuilder(npu=1)
    other.compute("forward", micros=2)
    blocked = TraceBuilder(npu=2)
    blocked.recv("never sent", size=8, source=1)
    builders = [lonely, other, blocked]
    run = Simulation(Trace.of(builders), system(), network(("Ring", 3))).start()
    with pytest.raises(DeadlockError):
        run.run()
    found = statistics(run.result())
    assert [it.wall for it in found] == [7000, 2000, 0]
    assert [it.compute for it in found] == [7000, 2000, 0]


def test_the_dictionary_is_ready_for_json() -> None:
    found = npu_statistics([record(CPU, 0, 4)], 5)
    assert json.loads(json.dumps(found.to_dict())) == {
        "wall": 5,
        "cpu": 4,
        "compute": 0,
        "communication": 0,
        "remote_memory": 0,
        "overlap": 0,
        "exposed_communication": 0,
        "idle": 1,
    }
