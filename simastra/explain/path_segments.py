"""A critical path in short: one segment for all that lies on it for one ET node after another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from simastra.engine import Category
from simastra.units import NpuId, Ns

from .spans import Span, totals


@dataclass(frozen=True, slots=True)
class PathSegment:
    """Spans of a path that follow each other and are for nodes of one name, on whichever NPUs.

    Attributes:
        start: in ns.
        end: in ns.
        name: of the nodes; empty where what is spent on is for no node.
        npus: the NPUs whose units work or that send, in order of their first appearance.
        times: the time spent on each category, in ns; those on which none is spent are left out.
        sharers: the NPUs whose messages shared links with those of the path, in order.
        faults: names of the scenario's events that cost it something, in order.
        other_jobs: names of other jobs that did, likewise.
    """

    start: Ns
    end: Ns
    name: str
    npus: tuple[NpuId, ...]
    times: Mapping[Category, Ns]
    sharers: tuple[NpuId, ...] = ()
    faults: tuple[str, ...] = ()
    other_jobs: tuple[str, ...] = ()

    @property
    def duration(self) -> Ns:
        """Its length, in ns."""
        return self.end - self.start

    def to_dict(self) -> dict[str, Any]:
        """Plain dicts, lists, numbers and strings, ready for JSON; times in ns."""
        times = {category.value: time for category, time in self.times.items()}
        return {
            "start": self.start,
            "end": self.end,
            "name": self.name,
            "npus": list(self.npus),
            "times": times,
            **if_any(sharers=self.sharers, faults=self.faults, other_jobs=self.other_jobs),
        }


def if_any(**fields: Sequence[object]) -> dict[str, list[object]]:
    """Fields as lists, for JSON, but for those that are empty."""
    return {name: list(them) for name, them in fields.items() if them}


def path_segments(path: Iterable[Span]) -> tuple[PathSegment, ...]:
    """The segments of a path, from 0 to its end."""
    return tuple(_segment(name, list(spans)) for name, spans in groupby(path, key=_name))


def _name(span: Span) -> str:
    return "" if span.node is None else span.node.name


def _segment(name: str, spans: list[Span]) -> PathSegment:
    ends = spans[0].start, spans[-1].end
    npus = dict.fromkeys(span.npu for span in spans if span.npu is not None)
    if len(spans) == 1 and spans[0].category in _BY_THEMSELVES:  # as most of a million are
        return PathSegment(*ends, name, tuple(npus), {spans[0].category: spans[0].duration})
    times = {category: time for category, time in totals(spans).items() if time}
    sharers = {npu for span in spans for npu in span.sharers if npu != span.npu}
    because = (_because(spans, it) for it in (Category.FAULT, Category.OTHER_JOB))
    return PathSegment(*ends, name, tuple(npus), times, tuple(sorted(sharers)), *because)


_BY_THEMSELVES = frozenset(Category) - {Category.SHARING, Category.FAULT, Category.OTHER_JOB}
"""Categories of which a span is all there is to tell: nobody else has a part in it."""


def _because(spans: Iterable[Span], category: Category) -> tuple[str, ...]:
    return tuple(sorted({span.because for span in spans if span.category is category}))
