"""What each NPU of a result spent its time on (behaviour 6)."""

from functools import cache

from simastra.metrics import NpuStatistics, npu_statistics
from simastra.result import Result
from simastra.units import NpuId


def statistics(result: Result) -> tuple[NpuStatistics, ...]:
    """Compute the statistics of every NPU, by NPU.

    An NPU that has not finished, as in the result of a deadlock, counts up to the end of its last
    finished node.
    """
    cycles = result.cycles

    @cache
    def of(npu: NpuId) -> NpuStatistics:
        return npu_statistics(result.nodes[npu], cycles.get(npu))

    npus = range(len(result.nodes))
    alike = result.representative
    return tuple(map(of, npus if alike is None else map(alike, npus)))
