"""What a run takes longer because each hop forwards a message only once it has all of it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import compress, islice
from operator import sub

from simastra.metrics import ACTIVITIES, node_times
from simastra.result import NodeRecord, NpuFinish
from simastra.result.timed_records import node_ids
from simastra.simulation.experiment import Experiment
from simastra.units import Bytes, NpuId, Ns
from simastra.workload import Activity

from .forwarding_costs import ForwardingCost, ForwardingCosts
from .link_loads import busiest_link
from .windows import MOST_RECORDS, CollectiveWindows

_MOST_KINDS = 32
"""NPUs that are looked at, of different programs or ends."""


@dataclass(frozen=True, slots=True)
class Forwarding:
    """What is lost by forwarding messages whole.

    Attributes:
        time: in ns, at the least.
        size: bytes of the largest message that was forwarded so.
        in_collectives: whether collectives sent them; otherwise nodes that send.
    """

    time: Ns
    size: Bytes
    in_collectives: bool


def forwarding(
    experiment: Experiment,
    finishes: Sequence[NpuFinish],
    records: Callable[[NpuId], Sequence[NodeRecord]],
    more_than: Ns,
) -> Forwarding | None:
    """Return what a run loses at the least by forwarding messages whole; None if that is little.

    An NPU loses, of a collective, from the last member's coming to the last one's end: what is left
    when the busiest link's time is taken away, and all latencies, endpoints and reductions; but no
    more than messages that wait for each other are on the wire again at each hop. Of a message
    likewise. Time in which the NPU computes isn't lost. The run loses what is left of that when the
    NPU that is last then has ended; nothing, if too many NPUs have ended at different times. For as
    long as the run's busiest link has to carry, nothing is lost: others wait for it either way.

    Args:
        experiment: what has been simulated, on a backend that queues messages at links.
        finishes: the NPUs in the order in which they have finished.
        records: the nodes that an NPU has finished.
        more_than: how much it must be, in ns.
    """
    if sum(len(it.operations) for it in experiment.programs) > MOST_RECORDS:
        return None
    costs, windows = ForwardingCosts(experiment), CollectiveWindows(experiment, records)
    last = finishes[-1].npu
    if _at_a_glance(last, records(last), costs) <= more_than:
        return None
    makespan, otherwise = finishes[-1].cycles, 0
    most = Forwarding(0, 0, in_collectives=False)
    seen = set()
    for finish in reversed(finishes):
        if finish.cycles <= otherwise:
            break  # none that ends later without what it loses
        key = id(experiment.programs[finish.npu]), finish.cycles
        if key in seen:
            continue
        seen.add(key)
        if len(seen) > _MOST_KINDS:
            return None
        own = _lost(_costly(finish.npu, records(finish.npu), costs, windows))
        otherwise = max(otherwise, finish.cycles - own.time)
        most = own if own.size > most.size else most
        if makespan - otherwise <= more_than:
            return None
    busiest = busiest_link(experiment, ())
    time = makespan - max(otherwise, busiest.time if busiest is not None else 0)
    return replace(most, time=time) if time > more_than else None


def communication_time(records: Sequence[NodeRecord]) -> Ns:
    """Return for how long an NPU communicates, one node after the other."""
    times = node_times(records)
    is_it = bytes(it is Activity.COMMUNICATION for it in ACTIVITIES)
    chosen = map(is_it.__getitem__, times.activities)
    return sum(compress(map(sub, times.finished, times.issued), chosen))


def _at_a_glance(npu: NpuId, records: Sequence[NodeRecord], costs: ForwardingCosts) -> Ns:
    """What an NPU loses, for all that its own records say: nobody else is looked at."""
    times = node_times(records)
    taken = map(sub, times.finished, times.issued)
    durations = dict(zip(node_ids(records), taken, strict=True))
    time = 0
    for node, it in costs.of_npu(npu):
        cost, duration = costs.of(npu, it), durations.get(node, 0)
        if cost is not None:
            time += max(0, min(int(duration - cost.links - cost.waits), cost.again))
    return time


def _lost(nodes: Iterable[_Costly]) -> Forwarding:
    """What an NPU loses, in all."""
    lost, size, in_collectives, last = 0, 0, False, 0
    for it in nodes:
        own = min(int(it.rest - it.cost.links - it.cost.waits), it.cost.again)
        if own > 0 and it.begin >= last:  # what overlaps is lost once
            lost, last, size = lost + own, it.end, max(size, it.cost.size)
            in_collectives |= it.is_collective
    return Forwarding(lost, size, in_collectives)


@dataclass(frozen=True, slots=True)
class _Costly:
    """A node that communicates.

    Attributes:
        begin: from when, in ns.
        end: until when.
        rest: how long that is without what the NPU computes meanwhile, and late members.
        cost: what its messages cost.
        is_collective: whether it is a collective.
    """

    begin: Ns
    end: Ns
    rest: Ns
    cost: ForwardingCost
    is_collective: bool


def _costly(
    npu: NpuId, records: Sequence[NodeRecord], costs: ForwardingCosts, windows: CollectiveWindows
) -> Iterator[_Costly]:
    """The nodes of an NPU that communicate."""
    traffic = dict(costs.of_npu(npu))
    known = windows.of(npu) if traffic else {}
    computing = _Computing(records)
    for record in records if traffic else ():
        it, window = traffic.get(record.node), known.get(record.node)
        cost = None if it is None else costs.of(npu, it)
        if it is None or cost is None or (it.planned is not None and window is None):
            continue
        if window is None:
            begin, end, late = record.issued, record.finished, 0
        else:
            # Who is late may be waited for in every round.
            begin, end, late = window.ready, window.end, window.ready - window.begin
        rest = end - begin - computing.between(begin, end) - late * cost.rounds
        yield _Costly(begin, end, rest, cost, it.planned is not None)


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
