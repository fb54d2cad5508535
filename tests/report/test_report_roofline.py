"""Where computations lie under the roofline: 1 TFLOPS over 50 bytes a ns, a ridge of 20."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.machines import network, system

from simastra import Options, Simulation, Trace, TraceBuilder
from simastra.config import SystemConfig
from simastra.dialect import HOTI2024, MASTER
from simastra.report import RooflineStatistics, npu_roofline, roofline_statistics
from simastra.result import NodeRecord
from simastra.trace import Node, NodeType
from simastra.workload import Activity, OperationRules


def machine(**changes: Any) -> SystemConfig:
    return system(**{"roofline_enabled": 1, "peak_perf": 1, "local_mem_bw": 50, **changes})


def computations(*shapes: tuple[int, int, int], **changes: Any) -> RooflineStatistics | None:
    """The statistics of computations of (operations, bytes, duration)."""
    nodes = [
        Node(index, "n", NodeType.COMP, is_cpu_op=False, num_ops=num_ops, tensor_size=size)
        for index, (num_ops, size, _) in enumerate(shapes)
    ]
    records = [
        NodeRecord(index, "n", Activity.COMPUTE, 1000 * index, 1000 * index + duration)
        for index, (_, _, duration) in enumerate(shapes)
    ]
    return npu_roofline(nodes, records, OperationRules(HOTI2024, machine(**changes)))


def test_under_the_slope_memory_is_all_used() -> None:
    # 5 operations a byte, 50 bytes a ns: 250 of 1000 operations a ns.
    assert computations((5000, 1000, 20)) == RooflineStatistics(
        time=20,
        compute_bound=0,
        compute_utilization=25,
        memory_utilization=100,
        operation_intensity=5,
    )


def test_under_the_flat_part_the_peak_is_reached() -> None:
    # 80 operations a byte, 1000 operations a ns: 12.5 of 50 bytes a ns.
    assert computations((80_000, 1000, 80)) == RooflineStatistics(
        time=80,
        compute_bound=100,
        compute_utilization=100,
        memory_utilization=25,
        operation_intensity=80,
    )


def test_on_the_ridge_everything_is_used() -> None:
    assert computations((20_000, 1000, 20)) == RooflineStatistics(20, 100, 100, 100, 20)


def test_averages_are_weighted_by_time() -> None:
    assert computations((5000, 1000, 60), (80_000, 1000, 20)) == RooflineStatistics(
        time=80,
        compute_bound=25,
        compute_utilization=(3 * 25 + 100) / 4,
        memory_utilization=(3 * 100 + 25) / 4,
        operation_intensity=(3 * 5 + 80) / 4,
    )


@given(
    st.lists(
        st.tuples(st.integers(1, 2**40), st.integers(1, 2**40), st.integers(1, 1000)), min_size=1
    )
)
def test_percentages_are_percentages_and_one_bound_is_always_met(
    shapes: list[tuple[int, int, int]],
) -> None:
    found = computations(*shapes)
    assert found is not None
    assert found.time == sum(duration for _, _, duration in shapes)
    assert 0 <= found.compute_bound <= 100
    assert found.compute_bound <= found.compute_utilization + 1e-9
    assert found.compute_utilization + found.memory_utilization >= 100 - 1e-9
    assert max(found.compute_utilization, found.memory_utilization) <= 100 + 1e-9
    intensities = [num_ops / size for num_ops, size, _ in shapes]
    assert found.operation_intensity <= max(intensities) * (1 + 1e-9)
    assert found.operation_intensity >= min(intensities) * (1 - 1e-9)


@pytest.mark.parametrize("changes", [{"roofline_enabled": 0}, {"replay_only": 1}])
def test_replayed_computations_have_no_roofline(changes: dict[str, int]) -> None:
    assert computations((5000, 1000, 20), **changes) is None


def test_computations_that_take_no_time_have_no_weight() -> None:
    assert computations((0, 1000, 0), (5000, 0, 0), (5000, 1000, 20)) == computations(
        (5000, 1000, 20)
    )
    assert computations((0, 1000, 0)) is None
    assert computations() is None


def test_a_computation_on_no_bytes_is_at_the_peak_and_has_no_intensity() -> None:
    assert computations((80_000, 0, 80)) == RooflineStatistics(80, 100, 100, 0, 0)
    assert computations((5000, 1000, 60), (20_000, 0, 20)) == RooflineStatistics(
        time=80,
        compute_bound=25,
        compute_utilization=(3 * 25 + 100) / 4,
        memory_utilization=75,
        operation_intensity=5,
    )
    assert computations((80_000, 0, 80), local_mem_bw=0) is not None


@pytest.mark.parametrize("missing", ["peak_perf", "local_mem_bw"])
def test_a_machine_without_peak_or_bandwidth_has_no_statistics(missing: str) -> None:
    trace = TraceBuilder()
    trace.compute("forward", num_ops=5000, tensor_size=1000)
    simulation = Simulation(trace, machine(**{missing: 0}), network(("Ring", 4)))
    assert roofline_statistics(simulation, simulation.run()) == (None,) * 4


def test_a_simulation_weighs_by_its_own_times() -> None:
    busy = TraceBuilder(npu=0)
    first = busy.compute("small", num_ops=5000, tensor_size=1000)  # 20 ns, 25 % of the peak
    busy.compute("large", num_ops=30_000, tensor_size=3000, after=first)  # 60 ns, 50 %
    idle = TraceBuilder(npu=1)
    idle.compute("nothing", num_ops=0)
    simulation = Simulation(Trace.of([busy, idle]), machine(), network(("Switch", 2)))
    assert roofline_statistics(simulation, simulation.run()) == (
        RooflineStatistics(80, 0, (25 + 3 * 50) / 4, 100, (5 + 3 * 10) / 4),
        None,
    )


def test_replayed_processor_nodes_do_not_dilute_the_averages() -> None:
    # ASTRA-sim's master replays them, and counts them as computations that use nothing.
    trace = TraceBuilder()
    trace.compute("on the processor", micros=900, num_ops=1, tensor_size=1, on_cpu=True)
    trace.compute("flat part", num_ops=80_000, tensor_size=1000)
    options = Options(dialect=MASTER)
    simulation = Simulation(trace, machine(), network(("Ring", 4)), options=options)
    found = roofline_statistics(simulation, simulation.run())
    assert found == (RooflineStatistics(80, 100, 100, 25, 80),) * 4


def test_the_dictionary_is_ready_for_json() -> None:
    found = computations((5000, 1000, 20))
    assert found is not None
    assert json.loads(json.dumps(found.to_dict())) == {
        "time": 20,
        "compute_bound": 0,
        "compute_utilization": 25,
        "memory_utilization": 100,
        "operation_intensity": 5,
    }
