"""What of a message's waiting at links other jobs cost it: those whose messages the link carried.

A job's messages are known by who sends them, so what NPUs send that have several jobs is nobody's:
waiting for that stays queueing, or sharing.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from simastra.engine import Category, Probe, Transmitting
from simastra.units import NpuId, Ns

from .spans import Span, joined


class _Carried(NamedTuple):
    """A message that a link carried: from when until when, and who sent it."""

    start: Ns
    end: Ns
    src: NpuId


class OtherJobs(Probe):
    """Hears what links carry, and tells of spans what of them is another job's doing.

    Args:
        job_of: the name of the job of each NPU that has one alone.
    """

    def __init__(self, job_of: Mapping[NpuId, str]) -> None:
        self._job_of = job_of
        self._carried: defaultdict[tuple[int, int], list[_Carried]] = defaultdict(list)

    def on_transmitting(self, event: Transmitting) -> None:
        """Remember who sent it."""
        if event.envelope is not None and event.until > event.time:
            carried = _Carried(event.time, event.until, event.envelope.src)
            self._carried[event.src, event.dst].append(carried)

    def told(self, npu: NpuId, spans: Iterable[Span]) -> tuple[Span, ...]:
        """The spans of an NPU's story, or of what led to its end, with what others cost it.

        Args:
            npu: the NPU; if it has several jobs, nothing is told.
            spans: they follow each other.
        """
        own = self._job_of.get(npu)
        if own is None:
            return tuple(spans)
        return tuple(joined(part for span in spans for part in self._parts(span, own)))

    def _parts(self, span: Span, own: str) -> Iterator[Span]:
        if span.category is Category.QUEUEING and span.link is not None:
            yield from self._queued(span, own)
        elif span.category is Category.SHARING:
            yield from self._shared(span, own)
        else:
            yield span

    def _foreign(self, npu: NpuId, own: str) -> str:
        """The name of the job of a sender, if it is another one."""
        job = self._job_of.get(npu, "")
        return "" if job == own else job

    def _queued(self, span: Span, own: str) -> Iterator[Span]:
        """Cut where the link began to carry another job's messages, and where it had."""
        assert span.link is not None
        carried, at = self._carried.get(span.link, []), span.start
        first = max(0, bisect_right(carried, at, key=lambda it: it.start) - 1)
        for it in carried[first:]:
            if it.start >= span.end:
                break
            job = self._foreign(it.src, own)
            start, end = max(at, it.start), min(it.end, span.end)
            if job and end > start:
                if start > at:
                    yield replace(span, start=at, end=start)
                yield replace(span, start=start, end=end, category=Category.OTHER_JOB, because=job)
                at = end
        if span.end > at:
            yield replace(span, start=at)

    def _shared(self, span: Span, own: str) -> Iterator[Span]:
        """Divide by the numbers of sharers: last what those of other jobs have."""
        others = [npu for npu in span.sharers if npu != span.npu]
        foreign = [npu for npu in others if self._foreign(npu, own)]
        if not foreign:
            yield span
            return
        at = span.end - span.duration * len(foreign) // len(others)
        if at > span.start:
            left = tuple(npu for npu in span.sharers if npu not in foreign)
            yield replace(span, end=at, sharers=left)
        jobs = ", ".join(sorted({self._foreign(npu, own) for npu in foreign}))
        if span.end > at:
            yield replace(
                span, start=at, category=Category.OTHER_JOB, sharers=tuple(foreign), because=jobs
            )
