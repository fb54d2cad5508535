"""The NPU process: which node is issued when (behaviour 2.2, 2.4, 2.5)."""

import pytest
from support.machines import network, system

from simastra.config import MemoryConfig, SystemConfig
from simastra.errors import Cause, DeadlockError
from simastra.result import Result
from simastra.simulation import Simulation
from simastra.trace import Node, NodeType, Trace, TraceBuilder

TWO = network(("FullyConnected", 2))
HOP = 599  # int(500 + 5368 / 53.687)
SIZE = 5368


def times(result: Result, npu: int = 0) -> dict[str, tuple[int, int]]:
    return {record.name: (record.issued, record.finished) for record in result.nodes[npu]}


def run(*npus: TraceBuilder | list[Node], config: SystemConfig | None = None) -> Result:
    """One trace for both NPUs, or one for each."""
    trace = Trace.of(npus) if len(npus) > 1 else Trace.uniform(npus[0], 2)
    return Simulation(trace, config or system(), TWO).run()


def test_compute_cpu_and_communication_go_side_by_side() -> None:
    trace = TraceBuilder()
    trace.compute("gpu", micros=3)
    trace.compute("cpu", micros=2, on_cpu=True)
    trace.broadcast("comm", size=1)
    assert times(run(trace)) == {"comm": (0, 1), "cpu": (0, 2000), "gpu": (0, 3000)}


def test_one_resource_runs_one_node_at_a_time_lowest_id_first() -> None:
    trace = TraceBuilder()
    for name in ("a", "b", "c"):
        trace.compute(name, micros=1)
    assert times(run(trace)) == {"a": (0, 1000), "b": (1000, 2000), "c": (2000, 3000)}


def test_a_node_freed_late_goes_before_waiting_ones_of_higher_ids() -> None:
    nodes = [
        Node(1, "cpu", NodeType.COMP, duration=500, is_cpu_op=True),
        Node(2, "first", NodeType.COMP, duration=1000, is_cpu_op=False),
        Node(3, "freed", NodeType.COMP, (1,), duration=1000, is_cpu_op=False),
        Node(4, "waiting", NodeType.COMP, duration=1000, is_cpu_op=False),
    ]
    assert times(run(nodes)) == {
        "cpu": (0, 500),
        "first": (0, 1000),
        "freed": (1000, 2000),
        "waiting": (2000, 3000),
    }


def test_a_busy_resource_does_not_hold_back_nodes_for_another() -> None:
    trace = TraceBuilder()
    trace.compute("a", micros=5)
    trace.compute("b", micros=5)
    trace.compute("cpu", micros=1, on_cpu=True)
    assert times(run(trace))["cpu"] == (0, 1000)


def test_skipped_nodes_free_their_children_at_once_and_leave_no_record() -> None:
    nodes = [
        Node(1, "metadata", NodeType.METADATA, is_cpu_op=False),
        Node(2, "nothing", NodeType.COMP, (1,), is_cpu_op=False),
        Node(3, "work", NodeType.COMP, (2,), duration=10, is_cpu_op=False),
    ]
    assert times(run(nodes)) == {"work": (0, 10)}


def test_npus_with_nothing_to_do_finish_at_0() -> None:
    result = run([], [Node(1, "n", NodeType.METADATA, is_cpu_op=False)])
    assert result.cycles == {0: 0, 1: 0}
    assert result.finish_order == (0, 1)


def test_a_send_ends_on_arrival_and_a_receive_when_it_is_there() -> None:
    sender, receiver = TraceBuilder(npu=0), TraceBuilder(npu=1)
    sender.send("send", size=SIZE, to=1)
    receiver.recv("receive", size=SIZE, source=0)
    result = run(sender, receiver)
    assert times(result, 0) == {"send": (0, HOP)}
    assert times(result, 1) == {"receive": (0, HOP)}
    assert result.finish_order == (0, 1)


def test_a_message_that_is_early_is_received_at_once() -> None:
    sender, receiver = TraceBuilder(npu=0), TraceBuilder(npu=1)
    sender.send("send", size=SIZE, to=1)
    receiver.recv("receive", size=SIZE, source=0, after=receiver.compute("busy", micros=50))
    assert times(run(sender, receiver), 1)["receive"] == (50_000, 50_000)


def test_messages_are_told_apart_by_tag() -> None:
    sender, receiver = TraceBuilder(npu=0), TraceBuilder(npu=1)
    first = sender.send("tag 2", size=SIZE, to=1, tag=2)
    sender.send("tag 1", size=SIZE, to=1, tag=1, after=first)
    receiver.recv("tag 1", size=SIZE, source=0, tag=1)
    receiver.recv("tag 2", size=SIZE, source=0, tag=2)
    assert times(run(sender, receiver), 1) == {
        "tag 1": (0, 2 * HOP),
        "tag 2": (2 * HOP, 2 * HOP),
    }


def test_a_receive_occupies_the_communication_unit_so_that_both_may_wait_for_ever() -> None:
    traces = []
    for npu in range(2):
        trace = TraceBuilder(npu=npu)
        trace.recv(f"receive {npu}", size=SIZE, source=1 - npu)
        trace.send(f"send {npu}", size=SIZE, to=1 - npu)
        traces.append(trace)
    with pytest.raises(DeadlockError) as raised:
        run(*traces)
    assert [(wait.npu, wait.node, wait.name) for wait in raised.value.waits] == [
        (0, 1, "receive 0"),
        (1, 1, "receive 1"),
    ]
    assert sorted(raised.value.cycle) == [0, 1]
    assert raised.value.unfinished == (0, 1)
    assert raised.value.time == 0


def test_a_size_mismatch_is_a_deadlock_that_names_the_receive() -> None:
    sender, receiver = TraceBuilder(npu=0), TraceBuilder(npu=1)
    sender.send("send", size=SIZE, to=1)
    receiver.recv("receive", size=SIZE + 1, source=0)
    with pytest.raises(DeadlockError) as raised:
        run(sender, receiver)
    (wait,) = raised.value.waits
    assert (wait.npu, wait.name, wait.cause) == (1, "receive", Cause.SIZE_MISMATCH)
    assert raised.value.time == HOP


def test_npus_that_issue_collectives_in_different_orders_are_a_deadlock() -> None:
    one, other = TraceBuilder(), TraceBuilder()
    one.all_reduce("first", size=4096)
    one.all_gather("second", size=8192)
    other.all_gather("second", size=8192)
    other.all_reduce("first", size=4096)
    with pytest.raises(DeadlockError) as raised:
        run(one, other)
    assert {wait.name for wait in raised.value.waits} == {"first", "second"}


def test_remote_memory_shares_the_communication_unit() -> None:
    trace = TraceBuilder()
    trace.load("load", tensor_size=1000)
    trace.store("store", tensor_size=500)
    trace.compute("compute", micros=2)
    memory = MemoryConfig(
        memory_type="PER_NPU_MEMORY_EXPANSION", remote_mem_latency=100, remote_mem_bw=10
    )
    result = Simulation(trace, system(), TWO, memory).run()
    assert times(result) == {"load": (0, 200), "store": (200, 350), "compute": (0, 2000)}


def test_a_memory_pool_serves_npus_in_turn() -> None:
    trace = TraceBuilder()
    trace.load("load", tensor_size=1000)
    memory = MemoryConfig(memory_type="MEMORY_POOL", remote_mem_latency=100, remote_mem_bw=10)
    assert Simulation(trace, system(), TWO, memory).run().cycles == {0: 200, 1: 400}


def test_the_roofline_is_bound_by_memory() -> None:
    trace = TraceBuilder()
    trace.compute("matmul", num_ops=10**9, tensor_size=123_456, micros=999)
    config = system(roofline_enabled=1, peak_perf=900)
    assert times(run(trace, config=config)) == {"matmul": (0, 123_456 // 50)}


def test_a_roofline_without_a_peak_takes_no_time() -> None:
    trace = TraceBuilder()
    trace.compute("matmul", num_ops=10**9, tensor_size=123_456)
    assert times(run(trace, config=system(roofline_enabled=1))) == {"matmul": (0, 0)}


def test_replay_only_takes_the_recorded_times_of_communication_too() -> None:
    nodes = [Node(1, "collective", NodeType.COMM_COLL, duration=12_000, is_cpu_op=False)]
    assert times(run(nodes, config=system(replay_only=1))) == {"collective": (0, 12_000)}
