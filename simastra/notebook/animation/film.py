"""What moves: flights of messages along links, and what each NPU has received when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from simastra.engine import Envelope
from simastra.report.run_records import MessageRecord, PhaseRecord, RunRecords
from simastra.simulation import Simulation
from simastra.units import Bytes, NpuId, Ns

from .payloads import Payload

PayloadsSent: TypeAlias = Mapping[Envelope, Sequence[Payload]]
"""What messages carried, by their envelope, in the order in which they were sent."""


class FilmedMessage(NamedTuple):
    """A message between two devices that a link joins; a tuple, since there are many.

    Attributes:
        src: device that it leaves.
        dst: device that it comes to.
        start: when its first byte leaves, in ns.
        end: when its last byte arrives.
        size: its bytes.
        payload: what it carries, None where that isn't known.
    """

    src: int
    dst: int
    start: Ns
    end: Ns
    size: Bytes
    payload: Payload | None = None


class Receipt(NamedTuple):
    """A message arrives at an NPU at `time`, in ns."""

    npu: NpuId
    time: Ns


class Scene(NamedTuple):
    """What NPU 0, or the lowest that takes part, is at from `start` to `end`, in ns."""

    start: Ns
    end: Ns
    words: str


@dataclass(frozen=True, slots=True)
class Film:
    """What moves.

    Attributes:
        npus: number of NPUs; devices from there on are switches.
        start: when it begins, in ns.
        end: when it ends.
        flights: in order of their start.
        left_out: how many further flights there were.
        receipts: in order of time.
        scenes: in order of time.
    """

    npus: int
    start: Ns
    end: Ns
    flights: tuple[FilmedMessage, ...]
    left_out: int
    receipts: tuple[Receipt, ...]
    scenes: tuple[Scene, ...]


def film(
    simulation: Simulation,
    records: RunRecords,
    node: int | None,
    most: int,
    payloads: PayloadsSent = MappingProxyType({}),
) -> Film:
    """Cut a film from what was recorded.

    Args:
        simulation: that was recorded.
        records: of it.
        node: id of the collective's ET node that is shown; the whole simulation, if None.
        most: how many flights are kept.
        payloads: what messages carried, by their envelope, in the order in which they were sent.
    """
    phases = [it for it in records.phases.records if node in {None, it.node}]
    flights = sorted(_flights(simulation, records, payloads), key=lambda it: it.start)
    receipts = [
        Receipt(it.dst, it.end)
        for it in records.messages.records
        if it.end is not None and it.dst < records.npus  # and not at a switch that reduces
    ]
    start, end = 0, max(chain((it.end for it in flights), _ends(phases)), default=1)
    if node is not None:
        start, end = min((it.start for it in phases), default=0), max(_ends(phases), default=1)
    shown = [it for it in flights if it.end >= start and it.start < end]
    return Film(
        npus=records.npus,
        start=start,
        end=max(end, start + 1),
        flights=tuple(shown[:most]),
        left_out=len(shown) - len(shown[:most]),
        receipts=tuple(sorted((it for it in receipts if start <= it.time <= end), key=_time)),
        scenes=_scenes(phases),
    )


def _flights(
    simulation: Simulation, records: RunRecords, payloads: PayloadsSent
) -> list[FilmedMessage]:
    """Each message on each of its links; without links, from the sender to the receiver."""
    sent = records.messages.records
    if not records.transmissions.records:
        carried = _InOrder(payloads)
        return [
            FilmedMessage(
                it.src, it.dst, it.start, it.end, it.size, carried.next(None, it.envelope)
            )
            for it in sent
            if it.end is not None and it.src != it.dst
        ]
    latency = _latencies(simulation, sent)
    carried = _InOrder(payloads)
    return [
        FilmedMessage(
            it.src,
            it.dst,
            it.start,
            it.end + latency.get((it.src, it.dst), 0),
            it.size,
            carried.next((it.src, it.dst), it.envelope),
        )
        for it in records.transmissions.records
    ]


class _InOrder:
    """Messages of one envelope cross a link in the order in which they were sent."""

    def __init__(self, payloads: PayloadsSent) -> None:
        self._payloads = payloads
        self._crossed: Counter[tuple[tuple[int, int] | None, Envelope]] = Counter()

    def next(self, link: tuple[int, int] | None, envelope: Envelope | None) -> Payload | None:
        """What the next message of an envelope carries over a link; None where nothing is known."""
        sent = () if envelope is None else self._payloads.get(envelope, ())
        if envelope is None or not sent:
            return None
        number = self._crossed[link, envelope]
        self._crossed[link, envelope] += 1
        return sent[number] if number < len(sent) else None


def _latencies(
    simulation: Simulation, messages: Iterable[MessageRecord]
) -> dict[tuple[int, int], Ns]:
    """The latency of each link, in whole ns, by its ends."""
    graph = simulation.network.graph
    if graph is not None:
        return {(it.src, it.dst): int(it.latency) for it in graph.links}
    topology = simulation.platform.topology
    # Where all messages of a pair take the same way, once for each pair.
    ways = dict.fromkeys((it.src, it.dst, it.tag * topology.multipath) for it in messages)
    hops = chain.from_iterable(topology.hops(*way) for way in ways)
    return {(it.src, it.dst): int(it.link.latency) for it in hops}


def _scenes(phases: list[PhaseRecord]) -> tuple[Scene, ...]:
    shown = min((it.npu for it in phases), default=0)
    return tuple(
        Scene(
            it.start,
            it.end,
            f"chunk {it.stream}, phase {it.place + 1}: {it.name}, {it.algorithm}",
        )
        for it in phases
        if it.npu == shown and it.end is not None
    )


def _ends(phases: list[PhaseRecord]) -> list[Ns]:
    return [it.end for it in phases if it.end is not None]


def _time(receipt: Receipt) -> Ns:
    return receipt.time
