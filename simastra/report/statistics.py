"""What each NPU of a result spent its time on (behaviour 6)."""

from simastra.metrics import NpuStatistics, npu_statistics
from simastra.result import Result


def statistics(result: Result) -> tuple[NpuStatistics, ...]:
    """Compute the statistics of every NPU, by NPU.

    An NPU that has not finished, as in the result of a deadlock, counts up to the end of its last
    finished node.
    """
    cycles = result.cycles
    return tuple(
        npu_statistics(records, cycles.get(npu)) for npu, records in enumerate(result.nodes)
    )
