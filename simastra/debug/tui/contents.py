"""What the panes show of a state, as texts and tables."""

from __future__ import annotations

from collections.abc import Iterator

from simastra.debug.network_state import LinkState
from simastra.debug.state import State
from simastra.debug.trace_state import present_node
from simastra.debug.trace_view import trace_view
from simastra.debug.views import (
    happened_view,
    npu_view,
    npus_view,
    place_words,
    upcoming_view,
    why_view,
)
from simastra.units import NpuId
from simastra.view.blocks import Block, Text, Tone
from simastra.view.phrases import left_out, part_words, size_words
from simastra.view.table import Table, left, right

_LINKS = 200  # that are listed; nobody reads more
_BLOCKS = 8  # of a bar
_LONGEST_QUEUE = 12  # messages that are drawn one by one


def place_blocks(state: State) -> Iterator[Block]:
    """Where the simulation is, and what comes next."""
    yield Text(place_words(state.position, state.now), Tone.TITLE)
    yield upcoming_view("nothing: this is the end" if state.ended else state.upcoming)


def event_blocks(state: State) -> Iterator[Block]:
    """What the last event did."""
    yield from happened_view(state.happened, state.device_names)


def network_blocks(state: State) -> Iterator[Block]:
    """Every link that has been used: how much of the time, by what now, and its queue."""
    links = sorted(state.links, key=lambda link: (link.src, link.dst))
    busy = {(it.src, it.dst): it.busy_time for it in state.links_between(None, None)}
    if not links:
        yield Text("no message has used a link so far", Tone.ASIDE)
        return
    rows, styles = [], []
    for link in links[:_LINKS]:
        time = min(busy[link.src, link.dst], state.now)
        queue = len(link.waiting)
        rows.append(
            (
                str(link),
                _bar(time, state.now),
                part_words(time, state.now),
                _carried(link),
                f"{'■' * min(queue, _LONGEST_QUEUE)}{f' {queue:,}' if queue else ''}" or None,
            )
        )
        styles.append("bold magenta" if queue else "bold cyan" if link.is_busy else "none")
    columns = (*left("link", "busy"), *right(""), *left("carries", "waiting"))
    yield Table(columns, tuple(rows), "links", tuple(styles))
    if rest := left_out(len(links) - _LINKS):
        yield Text(f"  {rest}", Tone.ASIDE)


def _bar(part: int, whole: int) -> str:
    full = round(_BLOCKS * part / whole) if whole else 0
    return "█" * full + "░" * (_BLOCKS - full)


def _carried(link: LinkState) -> str | None:
    """The message on the wire; how many have the latency still before them."""
    it = link.on_wire
    words = f"{size_words(it.size)} {it.src} -> {it.dst}" if it else ""
    if link.crossing:
        words += f"{', ' if words else ''}{len(link.crossing):,} crossing"
    return words or None


def npus_blocks(state: State) -> Iterator[Block]:
    """All NPUs; those that are at the same share a line."""
    yield from npus_view(state)


def npu_blocks(state: State, npu: NpuId) -> Iterator[Block]:
    """One NPU, and what holds it."""
    yield from npu_view(state.npu(npu))
    yield from why_view([state.run.why(npu)])


def trace_blocks(state: State, npu: NpuId, focus: int | None, lines: int) -> Iterator[Block]:
    """The trace of an NPU round a node; round the one that it is at, if none is given."""
    index = present_node(state, npu) if focus is None else focus
    yield from trace_view(state, npu, index, around=max(2, lines // 2))
