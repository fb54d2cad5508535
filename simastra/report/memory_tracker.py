"""The local memory tracker: which tensors each NPU of a simulation holds when (behaviour 5.3)."""

from simastra.metrics import MemoryTimeline, memory_timeline
from simastra.result import Result
from simastra.simulation import Simulation


def memory_timelines(simulation: Simulation, result: Result) -> tuple[MemoryTimeline, ...]:
    """Track the local memory of every NPU, by NPU.

    Args:
        simulation: gives the trace.
        result: its outcome, or what is known so far: nodes that haven't finished have no part.
    """
    return tuple(
        memory_timeline(nodes, records)
        for nodes, records in zip(simulation.trace.npus, result.nodes, strict=True)
    )
