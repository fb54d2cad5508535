"""States as texts and tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import assert_never

from simastra.debug.npu_state import MeetingState, NpuCounts, NpuState, StreamState, npu_counts
from simastra.debug.state import State
from simastra.debug.stop import Stop
from simastra.engine.events import (
    Flowed,
    LinkChanged,
    LinkUsed,
    MessageLost,
    MessageQueued,
    ModelEvent,
    Transmitting,
    node_words,
)
from simastra.simulation.wait_for_graph import Why
from simastra.trace import Node
from simastra.units import NpuId, Ns
from simastra.view.alike import alike
from simastra.view.blocks import Block, Text, Tone
from simastra.view.devices import DeviceNames
from simastra.view.ends import device_words
from simastra.view.phrases import left_out, listed, listed_npus, ranges, time_words
from simastra.view.table import Cell, left, right
from simastra.workload import (
    Collective,
    MemoryOperation,
    Operation,
    ReceiveOperation,
    ReplayOperation,
    RooflineOperation,
    SendOperation,
    SkipOperation,
)

from .first_rows import first_rows
from .network_views import links_view
from .shown import view_of

_LINES = 8  # of what one event did
_NODES = 6  # that one cell names


@view_of.register
def stop_view(stop: Stop) -> Iterator[Block]:
    """Where a move ended, and why."""
    tone = Tone.STOP if stop.hits else Tone.TITLE
    reasons = "; ".join(map(str, stop.hits))
    if stop.interrupted:
        reasons = "interrupted"
    yield Text(f"{place_words(stop.position, stop.time)}{reasons and f'  {reasons}'}", tone)
    yield from happened_view(stop.happened, stop.device_names)
    if not stop.ended:
        yield upcoming_view(stop.upcoming)


def upcoming_view(upcoming: str) -> Block:
    """What the next event is."""
    return Text(f"  next: {upcoming}", Tone.ASIDE)


def place_words(position: int, time: Ns) -> str:
    """Say where a simulation is."""
    return f"[{position:,}] {time:,} ns" if position else "[0] at the beginning"


def happened_view(happened: Sequence[ModelEvent], names: DeviceNames) -> Iterator[Block]:
    """What an event did, one line each."""
    for it in happened[:_LINES]:
        yield Text(f"  {event_words(it, names)}")
    if rest := left_out(len(happened) - _LINES, "things"):
        yield Text(f"  {rest}", Tone.ASIDE)


@view_of.register
def state_view(state: State) -> Iterator[Block]:
    """All NPUs, and the links that carry something."""
    yield from npus_view(state)
    yield from links_view(state.links)


def event_words(event: ModelEvent, names: DeviceNames) -> str:
    """What happened; links by the names of their ends."""
    match event:
        case MessageQueued(link_src=src, link_dst=dst) | Transmitting(src=src, dst=dst):
            return event.words(names.arrow(src, dst))
        case MessageLost(link_src=src, link_dst=dst) | LinkChanged(src=src, dst=dst):
            return event.words(names.arrow(src, dst))
        case Flowed(bottleneck=(src, dst)):
            return event.words(names.arrow(src, dst))
        case LinkUsed(link=link):
            return event.words(names.arrow(link.src, link.dst))
        case _:
            return str(event)


def npus_view(state: State, npus: Iterable[NpuId] | None = None) -> Iterator[Block]:
    """All NPUs, or some; those that are at the same share a line."""
    shown = range(len(state.npus)) if npus is None else list(npus)
    groups = alike((_counts(npu_counts(state.process(npu))) for npu in shown), shown)
    rows = [(ranges(of_row), *row) for row, of_row in groups.items()]
    counts = right("ready", "blocked", "streams", "finished")
    columns = (*right("NPU", "done"), *left("under way"), *counts)
    yield from first_rows("NPUs", columns, rows)


def _counts(npu: NpuCounts) -> tuple[Cell, ...]:
    return (
        f"{npu.finished:,}/{npu.nodes:,}",
        listed([node_words(node) for node in npu.running], 2) or None,
        npu.ready,
        npu.blocked,
        npu.streams,
        "" if npu.finish_time is None else time_words(npu.finish_time),
    )


@view_of.register
def npu_view(npu: NpuState) -> Iterator[Block]:
    """One NPU: its nodes, units and streams."""
    finish = "" if npu.finish_time is None else f", at {npu.finish_time:,} ns"
    done = "finished" if npu.finish_time is not None else "has finished"
    yield Text(f"NPU {npu.npu} {done} {npu.finished:,} of {npu.nodes:,} nodes{finish}", Tone.TITLE)
    yield from first_rows(
        "under way",
        (*right("node"), *left("name", "does"), *right("since")),
        [
            (str(it.node.id), it.node.name, operation_words(it.operation), f"{it.since:,} ns")
            for it in npu.running
        ],
    )
    yield from first_rows(
        "ready",
        (*right("node"), *left("name", "waits for a unit held by")),
        [(str(it.node.id), it.node.name, _named(it.holder)) for it in npu.ready],
    )
    yield from first_rows(
        "blocked",
        (*right("node"), *left("name", "waits for")),
        [(str(it.node.id), it.node.name, _nodes(it.waits_for)) for it in npu.blocked],
    )
    units = [f"{unit.name} {_named(node)}" for unit, node in npu.units.items()]
    yield Text(f"units: {', '.join(units)}")
    yield from streams_view(npu.streams)
    if npu.meetings:
        yield from _meetings_view(npu.meetings)


def _meetings_view(meetings: Sequence[MeetingState]) -> Iterator[Block]:
    """An NPU's collectives in flight that are priced as a whole."""
    rows = [
        (
            _named(it.node),
            it.what,
            f"{it.since:,} ns",
            f"NPUs {listed_npus(it.absent, 4)}" if it.absent else "nobody",
            "" if it.end is None else f"{it.end:,} ns",
        )
        for it in meetings
    ]
    columns = (*left("of node", "does"), *right("since"), *left("waits for"), *right("ends"))
    yield from first_rows("collectives", columns, rows)


def streams_view(streams: Sequence[StreamState]) -> Iterator[Block]:
    """An NPU's chunks in flight."""
    rows = [
        (
            str(it.queue),
            it.name,
            _named(it.node),
            f"{it.phase_index}{', the last' if it.is_last else ''}",
            it.phase,
            "runs" if it.runs else "waits",
        )
        for it in streams
    ]
    columns = (*right("queue", "stream"), *left("of node", "phase", "does", ""))
    yield from first_rows("streams", columns, rows)


def why_view(found: Sequence[Why]) -> Iterator[Block]:
    """What holds some NPUs; the time is said once."""
    if any(each.chain for each in found):
        yield Text(f"at {time_words(found[0].time)}", Tone.TITLE)
    for each in found:
        yield Text("\n".join(each.lines()))


def operation_words(operation: Operation) -> str:
    """Say what a node does."""
    match operation:
        case ReplayOperation(duration):
            words = f"takes {duration:,} ns"
        case RooflineOperation(num_ops, tensor_size):
            words = f"computes {num_ops:,} operations on {tensor_size:,} B"
        case Collective(kind=collective, size=size):
            words = f"{collective.name} of {size:,} B"
        case SendOperation(dst, size, tag):
            words = f"sends {size:,} B to {device_words(dst)}, tag {tag}"
        case ReceiveOperation(src, size, tag):
            words = f"receives {size:,} B from {device_words(src)}, tag {tag}"
        case MemoryOperation(size):
            words = f"moves {size:,} B of remote memory"
        case SkipOperation():
            words = "nothing"
        case _:
            assert_never(operation)
    return words


def _named(node: Node | None) -> str:
    return "free" if node is None else f"{node.id} {node.name}"


def _nodes(nodes: Sequence[Node]) -> str:
    return listed([_named(node) for node in nodes], _NODES)
