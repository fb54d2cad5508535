"""What each NPU of a result spent its time on (behaviour 6)."""

from collections.abc import Callable, Sequence
from functools import cache

from simastra.metrics import NpuStatistics, npu_statistics
from simastra.result import NodeRecord, Result
from simastra.units import NpuId, Ns


def statistics(result: Result) -> tuple[NpuStatistics, ...]:
    """Compute the statistics of every NPU, by NPU.

    An NPU that has not finished, as in the result of a deadlock, counts up to the end of its last
    finished node.
    """
    cycles = result.cycles
    of = statistics_by_npu(result.nodes.__getitem__, result.representative)
    return tuple(of(npu, cycles.get(npu)) for npu in range(len(result.nodes)))


def statistics_by_npu(
    records: Callable[[NpuId], Sequence[NodeRecord]],
    representative: Callable[[NpuId], NpuId] | None,
) -> Callable[[NpuId, Ns | None], NpuStatistics]:
    """What tells an NPU's statistics, up to its end in ns; made once for all that are alike.

    Args:
        records: of an NPU.
        representative: as of a Result.
    """

    @cache
    def of(npu: NpuId, end: Ns | None) -> NpuStatistics:
        return npu_statistics(records(npu), end)

    return of if representative is None else lambda npu, end: of(representative(npu), end)
