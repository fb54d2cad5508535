"""Links and messages as texts and tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from simastra.view.blocks import Block, Text, Tone
from simastra.view.phrases import left_out
from simastra.view.table import Cell, left, right

from .first_rows import first_rows
from .network_state import LinkState, Unmatched
from .state import State

_CROSSINGS = 8  # of one link


def links_view(links: Iterable[LinkState]) -> Iterator[Block]:
    """The links that carry something; the longest queues first."""
    busy = [link for link in links if link.is_busy]
    busy.sort(key=lambda link: -len(link.waiting))
    rows = [
        (
            str(link),
            link.transmitted or None,
            len(link.waiting),
            len(link.crossing),
        )
        for link in busy
    ]
    if not rows:
        yield Text("no link is busy")
    columns = (*left("link", "transmits"), *right("waiting", "crossing"))
    yield from first_rows("links", columns, rows)


def link_view(link: LinkState) -> Iterator[Block]:
    """One link, and its queue."""
    yield Text(f"link {link}", Tone.TITLE)
    yield Text(f"  transmits: {link.transmitted or 'nothing'}")
    shared = [(str(place), str(it)) for place, it in enumerate(link.sharing, 1)]
    yield from first_rows("sharing it, oldest first", (*right(""), *left("message")), shared)
    for it in link.crossing[:_CROSSINGS]:
        yield Text(f"  crossing: {it}")
    if rest := left_out(len(link.crossing) - _CROSSINGS, "messages"):
        yield Text(f"  {rest}", Tone.ASIDE)
    rows = [(str(place), str(it)) for place, it in enumerate(link.waiting, 1)]
    yield from first_rows("waiting, oldest first", (*right(""), *left("message")), rows)


def messages_view(state: State) -> Iterator[Block]:
    """Messages on their way, and what waits for a match."""
    flights = state.in_flight
    waiting = [
        ("posted receives", state.posted_receives, "receives for which nothing has come"),
        ("unexpected messages", state.unexpected_messages, "messages that nobody has received"),
    ]
    if not flights and not any(items for _, items, _ in waiting):
        yield Text("no message is on its way, and none is expected")
    rows = [
        (f"{it.src} -> {it.dst}", f"{it.size:,} B", str(it.tag), f"{it.sent:,} ns")
        for it in flights
    ]
    yield from first_rows("in flight", (*left("NPUs"), *right("size", "tag", "sent")), rows)
    for name, items, meaning in waiting:
        columns = (*left("NPUs"), *right("size", "tag", "count"), *left(""))
        yield from first_rows(f"{name} ({meaning})", columns, [_expected(it) for it in items])


def _expected(it: Unmatched) -> tuple[Cell, ...]:
    remark = f"a handshake for NPU {it.dst}'s send" if it.handshake else ""
    return f"{it.src} -> {it.dst}", f"{it.size:,} B", str(it.tag), it.count, remark
