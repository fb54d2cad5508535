"""Intervals of simulated time, each spent on one thing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from simastra.engine import Category
from simastra.trace import Node
from simastra.units import NpuId, Ns


@dataclass(frozen=True, slots=True)
class Span:
    """An interval of simulated time, spent on one thing.

    Attributes:
        start: in ns.
        end: in ns, after `start`.
        category: what it is spent on.
        npu: the NPU whose unit works or that waits; of a message, the sender. None for something
            that isn't simastra's own.
        node: the ET node for which that NPU does it, None where that isn't known.
        peer: of a message, the receiver; of waiting for a partner, the partner.
        link: devices at the ends of the link that is crossed or waited for, where there is one.
            Devices are NPUs, by id, and switches, numbered after the NPUs.
        sharers: of sharing, the NPUs whose messages had parts of the link, its own among them.
        because: of a fault, names of the scenario's events that it comes from; of what another job
            costs, that job's name.
    """

    start: Ns
    end: Ns
    category: Category
    npu: NpuId | None = None
    node: Node | None = None
    peer: NpuId | None = None
    link: tuple[int, int] | None = None
    sharers: tuple[NpuId, ...] = ()
    because: str = ""

    @property
    def duration(self) -> Ns:
        """Its length, in ns."""
        return self.end - self.start

    def to_dict(self) -> dict[str, Any]:
        """Plain dicts, lists, numbers and strings, ready for JSON; times in ns."""
        return {
            "start": self.start,
            "end": self.end,
            "category": self.category.value,
            "npu": self.npu,
            "node": None if self.node is None else self.node.id,
            "name": None if self.node is None else self.node.name,
            "peer": self.peer,
            "link": None if self.link is None else list(self.link),
            **({"because": self.because} if self.because else {}),
        }


def clipped(spans: Iterable[Span], start: Ns) -> Iterator[Span]:
    """What of the spans is not before `start`."""
    for span in spans:
        if span.end > start:
            yield replace(span, start=max(span.start, start))


def joined(spans: Iterable[Span]) -> list[Span]:
    """The spans with neighbours joined that are alike but for their times; they follow in order."""
    result: list[Span] = []
    end: Ns = 0  # of the last one, with all that has been joined to it
    for span in spans:
        if result and _alike(result[-1], span):
            end = span.end
            continue
        if result and result[-1].end != end:
            result[-1] = replace(result[-1], end=end)
        result.append(span)
        end = span.end
    if result and result[-1].end != end:
        result[-1] = replace(result[-1], end=end)
    return result


def _alike(one: Span, other: Span) -> bool:
    return (
        one.category is other.category
        and one.node is other.node
        and (one.npu, one.peer, one.link) == (other.npu, other.peer, other.link)
        and (one.sharers, one.because) == (other.sharers, other.because)
    )


def totals(spans: Iterable[Span]) -> dict[Category, Ns]:
    """The time spent on each category, in ns; every category is there, in order."""
    times = dict.fromkeys(Category, 0)
    for span in spans:
        times[span.category] += span.duration
    return times
