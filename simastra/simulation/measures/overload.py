"""What an NPU has sent or received sooner than its links could have carried it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from simastra.result import NodeRecord
from simastra.simulation.experiment import Experiment
from simastra.trace import ids_of
from simastra.units import Bytes, BytesPerNs, NpuId, Ns
from simastra.workload import Program, of_each_template

from .certain_traffic import CertainTraffic, CertainTrafficOf
from .windows import MOST_RECORDS, CollectiveWindows

_BEYOND_DOUBT = 1.01


@dataclass(frozen=True, slots=True)
class Overload:
    """What an NPU's port would have had to carry.

    Attributes:
        npu: whose.
        node: the record of the node that did it; None where several nodes did, together.
        begin: from when, in ns.
        end: until when.
        need: for how long the links need for it, in ns, at the least.
        size: bytes that it has sent or received, whichever took longer.
        is_sent: whether it has sent them.
        carried: what the links carry that it takes, in bytes a ns.
    """

    npu: NpuId
    node: NodeRecord | None
    begin: Ns
    end: Ns
    need: float
    size: Bytes
    is_sent: bool
    carried: BytesPerNs

    @property
    def factor(self) -> float:
        """How many times its bandwidth the port would have had to carry."""
        return self.need / max(self.end - self.begin, 1)

    @property
    def rate(self) -> BytesPerNs:
        """Bytes a ns that it would have had to carry."""
        return self.size / max(self.end - self.begin, 1)


@dataclass(frozen=True, slots=True)
class _Span:
    """Traffic, and the time in which all of it was on its way."""

    begin: Ns
    end: Ns
    traffic: tuple[CertainTraffic, ...]
    record: NodeRecord | None = None


def overloads(
    experiment: Experiment, records: Callable[[NpuId], Sequence[NodeRecord]]
) -> Iterator[Overload]:
    """Find them: single nodes, those that were under way at the same time, and all of an NPU.

    Of NPUs whose programs are alike, one is looked at. Of a run with very many nodes, nothing.

    Args:
        experiment: what has been simulated, to the end.
        records: the nodes that an NPU has finished.
    """
    programs = experiment.programs
    if sum(len(it.operations) for it in programs) > MOST_RECORDS:
        return
    traffic, windows = CertainTrafficOf(experiment), CollectiveWindows(experiment, records)
    for npu, program in of_each_template(programs):
        spans = list(_spans(npu, program, records(npu), traffic, windows))
        for span in (*spans, *_together(spans)):
            needs = traffic.needs(npu, span.traffic)
            if max(needs) > _BEYOND_DOUBT * (span.end - span.begin):
                yield _overload(npu, span, needs)


def _overload(npu: NpuId, span: _Span, needs: tuple[float, float]) -> Overload:
    need, is_sent = max(needs), needs[0] >= needs[1]
    if is_sent:
        size = sum(it.least.sent for it in span.traffic)
        certain = sum(it.sent for it in span.traffic)
    else:
        size = sum(it.least.received for it in span.traffic)
        certain = sum(it.received for it in span.traffic)
    carried = certain / need
    return Overload(npu, span.record, span.begin, span.end, need, round(size), is_sent, carried)


def _spans(
    npu: NpuId,
    program: Program,
    records: Sequence[NodeRecord],
    traffic: CertainTrafficOf,
    windows: CollectiveWindows,
) -> Iterator[_Span]:
    """What each node of an NPU communicates, and when."""
    ids = ids_of(program.graph.nodes)
    communicated = {ids[index]: it for index, it in traffic.of(npu, program)}
    collectives = windows.of(npu) if communicated else {}
    for record in records if communicated else ():
        it = communicated.get(record.node)
        if it is None:
            continue
        if it.planned is not None:
            window = collectives.get(record.node)
            if window is not None:
                yield _Span(window.begin, window.end, (it,), record)
        elif it.sent:  # which ends at its arrival
            yield _Span(record.issued, record.finished, (it,), record)
        else:  # it may have come long before it was asked for
            yield _Span(0, record.finished, (it,), record)


def _together(spans: Sequence[_Span]) -> Iterator[_Span]:
    """What was under way at the same time, or one after the other without a pause; and all."""
    merged: list[list[_Span]] = []
    end = -1
    for span in sorted((it for it in spans if it.traffic[0].sent), key=lambda it: it.begin):
        if span.begin >= end:
            merged.append([])
        merged[-1].append(span)
        end = max(end, span.end)
    for group in (*merged, spans):
        if len(group) > 1:
            yield _whole(group)


def _whole(spans: Iterable[_Span]) -> _Span:
    listed = list(spans)
    traffic = tuple(it for span in listed for it in span.traffic)
    return _Span(min(it.begin for it in listed), max(it.end for it in listed), traffic)
