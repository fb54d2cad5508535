"""What NPUs did, lane by lane: pieces, short ones joined where there are very many."""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import NamedTuple

from simastra.engine import stream_name
from simastra.on_demand import OnDemand
from simastra.report.run_records import PhaseRecord, RunRecords
from simastra.report.run_timeline.timed_nodes import TimedNodes
from simastra.result import Result
from simastra.simulation import Simulation
from simastra.trace import CollectiveType
from simastra.units import NpuId, Ns
from simastra.view.bars import Bar, Row, rows_of
from simastra.workload.kind_of_work import COLLECTIVE_KINDS, KindOfWork

from .node_kinds import kinds_in_order, kinds_of_nodes

CHUNKS = "chunks"
"""What the lanes of chunks' phases are called."""

_FINEST, _COARSEST = 1 << 14, 1 << 5
"""Into how many parts of the whole the shortest piece that is drawn by itself divides it."""

_LONGEST_RUN = 16
"""How many times as long as that joined pieces are at most, so that who zooms in sees something."""


class Piece(NamedTuple):
    """A part of a lane: a node, a chunk's phase, or several short ones that follow each other.

    Attributes:
        start: in ns.
        end: None if it never ended.
        name: of the node, or of the first one.
        kind: of work.
        id: of the node, or of the first one; of a phase, the number of its stream.
        nodes: how many it stands for.
        busy: for how long any of them was under way, in ns.
    """

    start: Ns
    end: Ns | None
    name: str
    kind: KindOfWork
    id: int
    nodes: int = 1
    busy: Ns = 0


@dataclass(frozen=True, slots=True)
class PageLane:
    """Pieces of one NPU that don't overlap, in order of their start."""

    npu: NpuId
    name: str
    pieces: Sequence[Piece]


@dataclass(frozen=True, slots=True)
class PageLanes:
    """Lanes, and how coarse they are.

    Attributes:
        lanes: by NPU.
        shortest: pieces shorter than that are joined with like ones beside them; 0 if none are.
        left_out: how many pieces still didn't fit, the shortest ones.
    """

    lanes: Sequence[PageLane]
    shortest: Ns = 0
    left_out: int = 0


def node_lanes(
    simulation: Simulation, result: Result, records: RunRecords, end: Ns
) -> list[PageLane]:
    """The nodes of every NPU, with their kinds of work; rows as of `rows_of`."""
    nodes = TimedNodes(result, records, end)
    order = nodes.in_order(range(len(nodes)))
    numbers: defaultdict[tuple[NpuId, str, int], array[int]] = defaultdict(lambda: array("i"))
    for number, row in zip(order, map(nodes.rows(order).__getitem__, order), strict=True):
        numbers[nodes.npus[number], nodes.activity(number).value, row].append(number)
    told = _told(simulation, result, records)
    return [
        PageLane(npu, Row(npu, activity, row, ()).name, _Pieces(nodes, told, in_row))
        for (npu, activity, row), in_row in sorted(numbers.items(), key=itemgetter(0))
    ]


def _told(
    simulation: Simulation, result: Result, records: RunRecords
) -> tuple[Sequence[str], Sequence[KindOfWork]]:
    """Names and kinds of work of nodes, in the order of `TimedNodes`."""
    names: list[str] = []
    kinds: list[KindOfWork] = []
    for npu in range(len(result.nodes)):
        for name, kind in kinds_in_order(simulation, result, npu):
            names.append(name)
            kinds.append(kind)
    known = {it.npu: kinds_of_nodes(simulation, it.npu) for it in records.unfinished}
    names += (it.name for it in records.unfinished)
    kinds += (known[it.npu].get(it.node, KindOfWork.OTHER) for it in records.unfinished)
    return names, kinds


class _Pieces(OnDemand[Piece]):
    """Nodes in a row: a million pieces are twice as much as all that is known of the nodes.

    Args:
        nodes: all.
        told: names and kinds of work of all.
        numbers: of those in the row.
    """

    def __init__(
        self,
        nodes: TimedNodes,
        told: tuple[Sequence[str], Sequence[KindOfWork]],
        numbers: Sequence[int],
    ) -> None:
        self._nodes = nodes
        self._names, self._kinds = told
        self._numbers = numbers

    def __len__(self) -> int:
        return len(self._numbers)

    def _make(self, index: int) -> Piece:
        nodes, number = self._nodes, self._numbers[index]
        node, end = nodes.ids[number], nodes.ends[number] if number < nodes.finished else None
        name = self._names[number] or f"node {node}"
        return Piece(nodes.starts[number], end, name, self._kinds[number], node)


def phase_lanes(phases: Iterable[PhaseRecord], end: Ns) -> list[PageLane]:
    """The phases of chunks of every NPU, in the kinds of their collectives."""
    bars = {
        Bar(it.npu, it.stream, _phase_name(it), CHUNKS, it.start, it.end): _phase_kind(it)
        for it in phases
    }
    return [
        PageLane(
            row.npu,
            row.name,
            tuple(Piece(it.start, it.end, it.name, bars[it], it.id) for it in row.bars),
        )
        for row in rows_of(bars, end)
    ]


def fitted(lanes: Sequence[PageLane], end: Ns, most: int) -> PageLanes:
    """The lanes with at most so many pieces, those that lanes have in common counted once.

    Args:
        lanes: they.
        end: of the simulation, in ns.
        most: how many pieces.
    """
    if all(len(it.pieces) <= most for it in lanes):
        lanes = [replace(it, pieces=tuple(it.pieces)) for it in lanes]
        if _size(lanes) <= most:
            return PageLanes(lanes)
    parts = _FINEST
    while parts >= _COARSEST:
        shortest = max(end // parts, 1)
        joined = [PageLane(it.npu, it.name, tuple(_joined(it.pieces, shortest))) for it in lanes]
        if _size(joined) <= most:
            return PageLanes(joined, shortest)
        parts //= 2
    return _longest(joined, shortest, end, most)


def _phase_name(phase: PhaseRecord) -> str:
    chunk = stream_name(phase.stream)
    return f"{phase.name} ({phase.algorithm}), chunk {chunk}, phase {phase.place + 1}"


def _phase_kind(phase: PhaseRecord) -> KindOfWork:
    known = CollectiveType.__members__.get(phase.name)
    return KindOfWork.OTHER if known is None else COLLECTIVE_KINDS[known]


def _size(lanes: Iterable[PageLane]) -> int:
    """How many pieces there are, those that lanes have in common counted once."""
    return sum(map(len, {it.pieces for it in lanes}))


def _joined(pieces: Sequence[Piece], shortest: Ns) -> Iterator[Piece]:
    """The pieces; runs of short ones of one kind, with short gaps between them, as one."""
    run: list[Piece] = []
    for piece in pieces:
        is_short = piece.end is not None and piece.end - piece.start < shortest
        if run and not (is_short and _continues(run, piece, shortest)):
            yield _one(run)
            run = []
        if is_short:
            run.append(piece)
        else:
            yield piece
    if run:
        yield _one(run)


def _continues(run: Sequence[Piece], piece: Piece, shortest: Ns) -> bool:
    first, last = run[0], run[-1]
    if piece.kind is not last.kind or piece.end is None or last.end is None:
        return False
    is_near = piece.start - last.end < shortest
    return is_near and piece.end - first.start <= _LONGEST_RUN * shortest


def _one(run: Sequence[Piece]) -> Piece:
    first, last = run[0], run[-1]
    if len(run) == 1:
        return first
    busy = sum(it.end - it.start for it in run if it.end is not None)
    return Piece(first.start, last.end, first.name, first.kind, first.id, len(run), busy)


def _longest(lanes: Sequence[PageLane], shortest: Ns, end: Ns, most: int) -> PageLanes:
    """The longest pieces of all, if nothing else helps; every lane keeps its place."""
    lengths = sorted(
        (((end if it.end is None else it.end) - it.start) for lane in lanes for it in lane.pieces),
        reverse=True,
    )
    limit = lengths[most - 1]
    kept, room = [], most
    for lane in lanes:
        longest = [it for it in lane.pieces if it.end is None or it.end - it.start >= limit]
        kept.append(PageLane(lane.npu, lane.name, tuple(longest[: max(room, 0)])))
        room -= len(longest)
    return PageLanes(kept, shortest, len(lengths) - sum(len(it.pieces) for it in kept))


def by_npu(lanes: Iterable[PageLane], npus: int) -> list[list[PageLane]]:
    """The lanes of each NPU, in their order."""
    every: list[list[PageLane]] = [[] for _ in range(npus)]
    for lane in lanes:
        every[lane.npu].append(lane)
    return every
