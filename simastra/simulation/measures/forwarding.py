"""What a run takes longer because each hop forwards a message only once it has all of it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from simastra.result import NodeRecord
from simastra.simulation.scenario import Scenario
from simastra.units import Bytes, NpuId, Ns
from simastra.workload import Activity

from .forwarding_costs import ForwardingCost, ForwardingCosts
from .windows import MOST_RECORDS, CollectiveWindows


@dataclass(frozen=True, slots=True)
class Forwarding:
    """What is lost by forwarding messages whole.

    Attributes:
        time: of an NPU's time, in ns, at the least.
        size: bytes of the largest message that was forwarded so.
        in_collectives: whether collectives sent them; otherwise nodes that send.
    """

    time: Ns
    size: Bytes
    in_collectives: bool


def forwarding(
    scenario: Scenario, npu: NpuId, records: Callable[[NpuId], Sequence[NodeRecord]]
) -> Forwarding | None:
    """Return what an NPU loses by its messages, and those that it waits for; None if nothing.

    Of a collective, from the last member's coming to the last one's end: what is left when the
    busiest link's time is taken away, and all latencies, endpoints and reductions; but no more than
    messages that wait for each other are on the wire again at each hop. Of a message likewise. Time
    in which the NPU computes isn't lost.

    Args:
        scenario: what has been simulated, on a backend that queues messages at links.
        npu: whose time is looked at.
        records: the nodes that an NPU has finished.
    """
    if sum(len(it.operations) for it in scenario.programs) > MOST_RECORDS:
        return None
    lost, size, in_collectives, last = 0, 0, False, 0
    for begin, end, computed, cost, is_collective in _costly(scenario, npu, records):
        own = min(int(end - begin - computed - cost.links - cost.waits), cost.again)
        if own > 0 and begin >= last:  # what overlaps is lost once
            lost, last, size = lost + own, end, max(size, cost.size)
            in_collectives |= is_collective
    return Forwarding(lost, size, in_collectives) if lost else None


def _costly(
    scenario: Scenario, npu: NpuId, records: Callable[[NpuId], Sequence[NodeRecord]]
) -> Iterator[tuple[Ns, Ns, Ns, ForwardingCost, bool]]:
    """Nodes that communicate: from when until when, what of it is computed, costs, which kind."""
    costs = ForwardingCosts(scenario)
    traffic = {it.node.id: it for it in costs.traffic.of(npu, scenario.programs[npu])}
    windows = CollectiveWindows(scenario, records).of(npu) if traffic else {}
    computing = _Computing(records(npu))
    for record in records(npu) if traffic else ():
        it, window = traffic.get(record.node), windows.get(record.node)
        cost = None if it is None else costs.of(npu, it)
        if it is None or cost is None or (it.planned is not None and window is None):
            continue
        begin = record.issued if window is None else window.ready
        end = record.finished if window is None else window.end
        yield begin, end, computing.between(begin, end), cost, it.planned is not None


class _Computing:
    """Knows when an NPU computed.

    Args:
        records: its nodes.
    """

    def __init__(self, records: Sequence[NodeRecord]) -> None:
        # One after the other: it has one unit for them.
        self._records = [it for it in records if it.activity is Activity.COMPUTE]
        self._ends = [it.finished for it in self._records]

    def between(self, begin: Ns, end: Ns) -> Ns:
        """For how long, of a time."""
        time = 0
        for record in islice(self._records, bisect_right(self._ends, begin), None):
            if record.issued >= end:
                break
            time += min(record.finished, end) - max(record.issued, begin)
        return time
