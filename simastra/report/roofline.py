"""Where an NPU's computations lie under the roofline (behaviour 5.2, 6).

Only computations that the roofline model timed take part. ASTRA-sim averages over every CPU and GPU
computation, replayed ones included, as though these used nothing of the machine.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass

from simastra.config import SystemConfig
from simastra.result import NodeRecord, Result
from simastra.simulation import Simulation
from simastra.trace import Node
from simastra.units import Ns
from simastra.workload import OperationRules, RooflineOperation

_OPS_PER_NS_OF_TFLOPS = 1000
_PERCENT = 100


@dataclass(frozen=True, slots=True)
class RooflineStatistics:
    """Averages over one NPU's computations, each weighted by the time that it took.

    A computation of n operations on s bytes has the intensity n / s and the performance
    p = min(peak, bandwidth x intensity), with the machine's peak performance and local memory
    bandwidth. That is so whatever its time: hoti2024's times ignore the peak (behaviour 5.2).

    Attributes:
        time: sum of the computations' durations, in ns; the weight of the averages.
        compute_bound: percentage of `time` in computations that attain the peak.
        compute_utilization: average of p / peak, in percent.
        memory_utilization: average of (p / intensity) / bandwidth, in percent.
        operation_intensity: average intensity, in operations a byte, over the computations on some
            bytes; 0 if there are none.
    """

    time: Ns
    compute_bound: float
    compute_utilization: float
    memory_utilization: float
    operation_intensity: float

    def to_dict(self) -> dict[str, float]:
        """Plain numbers by attribute, ready for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Computation:
    """One computation's duration in ns, operations a byte, and share of peak and bandwidth."""

    duration: Ns
    intensity: float | None
    of_peak: float
    of_bandwidth: float


def roofline_statistics(
    simulation: Simulation, result: Result
) -> tuple[RooflineStatistics | None, ...]:
    """Compute the roofline statistics of every NPU, by NPU.

    None stands for an NPU without any: no computation of its followed the roofline and took time.

    Args:
        simulation: gives trace and machine.
        result: its outcome, or what is known so far.
    """
    return tuple(
        npu_roofline(nodes, records, simulation.rules)
        for nodes, records in zip(simulation.trace.npus, result.nodes, strict=True)
    )


def npu_roofline(
    nodes: Iterable[Node], records: Iterable[NodeRecord], rules: OperationRules
) -> RooflineStatistics | None:
    """Compute the roofline statistics of one NPU; None if it has none.

    Args:
        nodes: the NPU's trace.
        records: those of its nodes that finished.
        rules: how nodes are read; tells which ones follow the roofline, and on what machine.
    """
    if not rules.system.roofline_enabled:
        return None
    computations = list(_computations(nodes, records, rules))
    if not computations:
        return None
    return RooflineStatistics(
        time=sum(it.duration for it in computations),
        compute_bound=_PERCENT * _average(computations, lambda it: it.of_peak == 1),
        compute_utilization=_PERCENT * _average(computations, lambda it: it.of_peak),
        memory_utilization=_PERCENT * _average(computations, lambda it: it.of_bandwidth),
        operation_intensity=_average(
            [it for it in computations if it.intensity is not None], lambda it: it.intensity or 0.0
        ),
    )


def _average(computations: Sequence[_Computation], value: Callable[[_Computation], float]) -> float:
    weighted = sum(value(it) * it.duration for it in computations)
    return weighted / (sum(it.duration for it in computations) or 1)


def _computations(
    nodes: Iterable[Node], records: Iterable[NodeRecord], rules: OperationRules
) -> Iterator[_Computation]:
    by_id = {node.id: node for node in nodes}
    for record in records:
        operation = rules.operation(by_id[record.node])
        duration = record.finished - record.issued
        if isinstance(operation, RooflineOperation) and duration:
            yield _computation(operation, duration, rules.system)


def _computation(operation: RooflineOperation, duration: Ns, system: SystemConfig) -> _Computation:
    if not operation.tensor_size:  # the more operations a byte, the fewer bytes: at the peak
        return _Computation(duration, None, of_peak=1.0, of_bandwidth=0.0)
    # No number here is 0: a computation without operations, or on a machine without peak or
    # bandwidth, takes no time.
    intensity = operation.num_ops / operation.tensor_size
    peak = system.peak_perf * _OPS_PER_NS_OF_TFLOPS
    slope = system.local_mem_bw * intensity
    # p / peak and p / slope, without the rounding of p itself: exactly 1 where p is that bound.
    return _Computation(duration, intensity, min(1.0, slope / peak), min(1.0, peak / slope))
