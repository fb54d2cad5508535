"""What an NPU's time went to, each nanosecond once, so that the parts come to all of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from simastra.units import Ns
from simastra.workload import Activity

from .intervals import difference, length, union
from .npu_statistics import activity_spans
from .timed_node import TimedNode


@dataclass(frozen=True, slots=True)
class TimeBreakdown:
    """What an NPU's time went to, in ns; the sum is when it finished.

    Attributes:
        compute: it computed, on the GPU, or on the host while nothing else was under way.
        exposed_communication: it communicated, and the GPU computed nothing.
        remote_memory: it accessed remote memory alone.
        idle: nothing was under way: it waited for others.
    """

    compute: Ns
    exposed_communication: Ns
    remote_memory: Ns
    idle: Ns


def time_breakdown(records: Sequence[TimedNode], finish: Ns) -> TimeBreakdown:
    """Break an NPU's time down.

    Args:
        records: its nodes, in any order.
        finish: when it finished, in ns.
    """
    spans = activity_spans(records, finish)
    compute, communication = spans[Activity.COMPUTE], spans[Activity.COMMUNICATION]
    remote, host = spans[Activity.REMOTE_MEMORY], spans[Activity.CPU]
    computing = length(compute)
    either = union((*compute, *communication))
    with_remote = union((*either, *remote))
    busy = length(union((*with_remote, *host)))
    return TimeBreakdown(
        compute=computing + busy - length(with_remote),
        exposed_communication=length(either) - computing,
        remote_memory=length(difference(remote, either)),
        idle=finish - busy,
    )
