"""The chain of last causes that set when an NPU finished, across NPUs and messages.

Each thing on it was needed for the next one and was the last one needed: had it ended earlier, the
next would have begun earlier, until something else became the last one.
"""

from __future__ import annotations

from collections.abc import Iterator

from simastra.engine import Category

from .causal_event import CausalEvent, Crossed, Met, Released, Spent
from .spans import Span, joined
from .timeline import OnWire, crossing_spans, priced_spans, spent


def critical_path(end: CausalEvent, on_wire: OnWire) -> tuple[Span, ...]:
    """The chain up to `end`; the spans follow each other from 0 on."""
    backwards: list[Span] = []
    event = end
    while event.cause is not None:
        if event.cause.time < event.time:
            backwards.extend(reversed(list(_edge(event, event.cause, on_wire))))
        event = event.cause
    return tuple(joined(reversed(backwards)))


def _edge(event: CausalEvent, cause: CausalEvent, on_wire: OnWire) -> Iterator[Span]:
    """The time between an event and its last cause."""
    start, end = cause.time, event.time
    match event:
        case Spent(category=category, npu=npu):  # the most, by far
            yield from spent(start, end, category, npu, event)
        case Crossed():
            yield from crossing_spans(event, cause, on_wire)
        case Met():
            yield from priced_spans(event)
        case Released(link=link):
            yield Span(start, end, Category.QUEUEING, None, event.node, None, link)
        case _:
            yield from spent(start, end, Category.OTHER, None, event)
