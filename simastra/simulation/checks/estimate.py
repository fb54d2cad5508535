"""About how long a trace takes with the communication that lacks is_cpu_op sent, for notices.

A little trace is simulated as it is probably meant; a large one is estimated: simulating it would
take about as long as the run itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from heapq import heappop, heappush
from math import prod

from simastra.collectives import split
from simastra.engine import Environment, ProbeFan
from simastra.errors import InputError
from simastra.network import LinkTiming
from simastra.simulation.event_count import FEW_EVENTS, event_count
from simastra.simulation.experiment import Experiment
from simastra.simulation.machine import have_finished, plain_mailbox, start_processes
from simastra.simulation.platform import Platform
from simastra.trace import COMMUNICATION_TYPES, CollectiveType, Node, NodeType, Trace, TraceProgress
from simastra.units import NpuId, Ns
from simastra.workload import (
    Operation,
    Program,
    ReadyNodes,
    ReplayOperation,
    Resource,
    Unit,
    check_workload,
    compile_trace,
)

from .context import Context


@dataclass(frozen=True, slots=True)
class Estimate:
    """How long it takes.

    Attributes:
        time: until the last NPU ends; None if it would stand still.
        simulated: whether that has been simulated. Otherwise it is the time of the NPU that has
            most to do, each by itself: collectives by latency, bandwidth, chunks and reductions,
            beside its computations, and nobody waits for anybody else.
    """

    time: Ns | None
    simulated: bool

    def __str__(self) -> str:
        if self.time is None:
            return "the simulation would stand still"
        if self.simulated:
            return f"the whole simulation would take about {self.time} ns"
        return (
            f"the NPU with most to do would take about {self.time} ns, "
            "if it need not wait for others"
        )


def is_dropped(node: Node, experiment: Experiment) -> bool:
    """Whether a node communicates and lacks is_cpu_op, which the dialect takes for the CPU."""
    silent = node.is_cpu_op is None and experiment.rules.on_cpu(node)
    return silent and node.type in COMMUNICATION_TYPES


def as_communication(experiment: Experiment) -> Estimate | None:
    """About how long an experiment takes if its dropped communication is sent.

    None where that can't be said: a node lacks more than is_cpu_op.
    """
    if sum(len(program.operations) for program in experiment.programs) <= FEW_EVENTS:
        try:
            meant = _as_meant(experiment)
        except InputError:
            return None
        if event_count(meant) <= FEW_EVENTS:
            return _simulated(meant)
    time = max(_alone(npu, program, experiment) for npu, program in Context(experiment).distinct)
    return Estimate(time, simulated=False) if time else None


def _as_meant(experiment: Experiment) -> Experiment:
    """The same experiment with is_cpu_op false where it lacks."""
    mended: dict[int, tuple[Node, ...]] = {}
    for nodes in experiment.trace.npus:
        if id(nodes) not in mended:
            mended[id(nodes)] = tuple(
                replace(node, is_cpu_op=False) if is_dropped(node, experiment) else node
                for node in nodes
            )
    npus = tuple(mended[id(nodes)] for nodes in experiment.trace.npus)
    trace = Trace(npus, experiment.trace.sources)
    programs = compile_trace(trace, experiment.rules)
    check_workload(programs, trace.sources, experiment.rules.dialect, experiment.platform)
    return replace(experiment, trace=trace, programs=programs)


def _simulated(experiment: Experiment) -> Estimate:
    env, probe = Environment(), ProbeFan()
    processes = start_processes(
        experiment, env, plain_mailbox(experiment.platform, env, probe), probe
    )
    env.run()
    return Estimate(env.now if have_finished(processes) else None, simulated=True)


# -- estimated: each NPU by itself --------------------------------------------------------------


def _alone(npu: NpuId, program: Program, experiment: Experiment) -> Ns:
    """When an NPU ends that waits for nobody: its nodes take their units in order of their ids."""
    dropped = {
        index: _communication(npu, node, experiment)
        for index, node in enumerate(program.graph.nodes)
        if is_dropped(node, experiment)
    }
    resources = [
        Resource.GPU_COMMUNICATION if index in dropped else resource
        for index, resource in enumerate(program.resources)
    ]
    ready, progress = ReadyNodes(resources), TraceProgress(program.graph)
    ready.add(program.graph.roots)
    busy: set[Unit | None] = set()
    ends: list[tuple[Ns, int]] = []
    now: Ns = 0
    while ready or ends:
        while (index := ready.take(busy)) is not None:
            busy.add(resources[index])
            duration = dropped.get(index, _duration(program.operations[index]))
            heappush(ends, (now + duration, index))
        now, index = heappop(ends)
        busy.discard(resources[index])
        ready.add(progress.finish(index))
    return now


def _duration(operation: Operation) -> Ns:
    return operation.duration if isinstance(operation, ReplayOperation) else 0


def _communication(npu: NpuId, node: Node, experiment: Experiment) -> Ns:
    if not node.comm_size:
        return 0
    if node.type is NodeType.COMM_COLL:
        return _collective(npu, node, experiment)
    platform = experiment.platform
    peer = node.comm_dst if node.type is NodeType.COMM_SEND else node.comm_src
    if peer is None or peer >= platform.npus or peer == npu:
        return 0
    if platform.network.graph is not None:
        return platform.topology.path(npu, peer)[node.comm_size][1]
    link = _link(platform, 0)
    hop = link.latency + node.comm_size / link.bytes_per_ns
    return int(hop * platform.topology.hop_count(npu, peer))


def _link(platform: Platform, dimension: int) -> LinkTiming:
    """Of a dimension; of a graph, the way of NPU 0 to its neighbour along it."""
    network = platform.network
    if network.graph is None:
        return LinkTiming(network.latency[dimension], network.bytes_per_ns[dimension])
    stride = prod(network.npus_count[:dimension])
    return platform.topology.path(0, stride % platform.npus)


def _collective(npu: NpuId, node: Node, experiment: Experiment) -> Ns:
    """About how long a collective takes as a ring on each dimension that it involves.

    The alpha-beta model for each chunk: each step pays the endpoint delay, a latency and perhaps a
    reduction, each byte the bandwidth (Hockney, 1994). Chunks that may go side by side share the
    latencies, not the bandwidth.
    """
    kind, system, network = node.comm_type, experiment.platform.system, experiment.platform.network
    if kind is None:
        return 0
    chunks = split(kind, node.comm_size or 0, system.preferred_dataset_splits, network.npus)
    rounds = -(-chunks.count // system.active_chunks_per_dimension)
    total, size = 0.0, float(chunks.size)
    for dimension, members in _lines(npu, node, experiment):
        steps, message, reductions = _ring(kind, size, members)
        link = _link(experiment.platform, dimension)
        waits = steps * (link.latency + system.endpoint_delay)
        if system.local_mem_bw:
            waits += reductions * 3 * message / system.local_mem_bw
        total += rounds * waits
        total += chunks.count * steps * message / link.bytes_per_ns
        size = _size_after(kind, size, members)
    return int(total)


def _lines(npu: NpuId, node: Node, experiment: Experiment) -> list[tuple[int, int]]:
    """The dimensions along which a collective goes, in order, and how many members each has."""
    members = len(experiment.platform.members(npu, 0))
    counts = experiment.platform.network.npus_count
    if members < prod(counts):
        return [(0, members)]
    involved = node.involved_dim
    lines = [
        (dimension, count)
        for dimension, count in enumerate(counts)
        if involved is None or any(involved[dimension : dimension + 1])
    ]
    return lines[::-1] if node.comm_type is CollectiveType.ALL_GATHER else lines


def _ring(kind: CollectiveType, size: float, members: int) -> tuple[int, float, int]:
    """Steps on a ring, the bytes of the message in each, and how many of them are reduced."""
    others = members - 1
    match kind:
        case CollectiveType.ALL_REDUCE:
            return 2 * others, size / members, others
        case CollectiveType.REDUCE_SCATTER:
            return others, size / members, others
        case CollectiveType.ALL_TO_ALL:
            return members * others // 2, size / members, 0
        case _:
            return others, size, 0


def _size_after(kind: CollectiveType, size: float, members: int) -> float:
    """What is left for the next dimension; an all-reduce goes down the dimensions and up again."""
    match kind:
        case CollectiveType.ALL_REDUCE | CollectiveType.REDUCE_SCATTER:
            return size / members
        case CollectiveType.ALL_GATHER:
            return size * members
        case _:
            return size
