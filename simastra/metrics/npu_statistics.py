"""What each NPU spent its time on (behaviour 6, 7.4 #8 and #9).

ASTRA-sim computes the overlap of computation and communication as the sum of the two minus the wall
time, which wraps around to a huge number where the NPU ever idles, and gives up on a trace with a
CPU or memory node. Here both come from the intervals themselves, so any trace will do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import compress

from simastra.number_column import number_column
from simastra.units import Ns
from simastra.workload import Activity

from .intervals import Interval, difference, intersection, length, union, union_of
from .node_times import ACTIVITIES, NodeTimes, node_times
from .timed_node import TimedNode


@dataclass(frozen=True, slots=True)
class NpuStatistics:
    """Where one NPU's time went, in ns.

    An activity's time is how long at least one of its nodes was under way; activities overlap, so
    their times don't add up to `wall`. Every time lies between 0 and `wall`.

    Attributes:
        wall: from 0 to the NPU's finish.
        activities: for each activity, a node that is about it was under way.
        overlap: computation and communication were under way at once.
        exposed_communication: communication was under way and no computation, which is the part of
            communication that `overlap` isn't.
        idle: nothing was under way.
    """

    wall: Ns
    activities: Mapping[Activity, Ns]
    overlap: Ns
    exposed_communication: Ns
    idle: Ns

    @property
    def cpu(self) -> Ns:
        """A node on the host processor was under way."""
        return self.activities[Activity.CPU]

    @property
    def compute(self) -> Ns:
        """A computation was under way on the GPU."""
        return self.activities[Activity.COMPUTE]

    @property
    def communication(self) -> Ns:
        """A collective, a send or a receive was under way."""
        return self.activities[Activity.COMMUNICATION]

    @property
    def remote_memory(self) -> Ns:
        """A load from or a store to remote memory was under way."""
        return self.activities[Activity.REMOTE_MEMORY]

    def to_dict(self) -> dict[str, Ns]:
        """Plain numbers by name, ready for JSON; all in ns. Activities stand behind `wall`."""
        figures = asdict(self)
        activities = {name.replace(" ", "_"): ns for name, ns in figures.pop("activities").items()}
        return {"wall": figures.pop("wall"), **activities, **figures}


def npu_statistics(records: Sequence[TimedNode], finish: Ns | None) -> NpuStatistics:
    """Compute one NPU's statistics.

    Args:
        records: its nodes, in any order.
        finish: when it finished, in ns; what lies later doesn't count. None if it hasn't, as in
            a deadlock: its time is then counted up to the end of its last node.
    """
    if finish is None:
        finish = max(node_times(records).finished, default=0)
    wall = (Interval(0, finish),)
    spans = activity_spans(records, finish)
    compute, communication = spans[Activity.COMPUTE], spans[Activity.COMMUNICATION]
    busy = union(span for activity in spans.values() for span in activity)
    return NpuStatistics(
        wall=length(wall),
        activities={activity: length(span) for activity, span in spans.items()},
        overlap=length(intersection(compute, communication)),
        exposed_communication=length(difference(communication, compute)),
        idle=length(difference(wall, busy)),
    )


def activity_spans(
    records: Sequence[TimedNode], finish: Ns
) -> Mapping[Activity, tuple[Interval, ...]]:
    """When nodes of each activity were under way, up to `finish`."""
    times, within = node_times(records), (Interval(0, finish),)
    return {
        activity: intersection(within, _spans(times, place))
        for place, activity in enumerate(ACTIVITIES)
    }


def _spans(times: NodeTimes, activity: int) -> tuple[Interval, ...]:
    """When a node of one activity was under way, by its place in ACTIVITIES."""
    if activity not in times.activities:
        return ()
    chosen = times.activities.translate(bytes(it == activity for it in range(_BYTES)))
    issued, finished = (
        number_column(compress(it, chosen)) for it in (times.issued, times.finished)
    )
    return union_of(issued, finished)


_BYTES = 256
