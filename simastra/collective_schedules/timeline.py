"""Which link carries what when: as the file says it, or else in units of a chunk's transfer.

Where a file has no times, each chunk takes one unit on its link, links carry one message at a time
and don't hinder each other, and nothing else takes any time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from simastra.view.table import Column, Table, left, right

from .order import Order, PlacedStep, StepIndex
from .schedule import Rank, Schedule


@dataclass(frozen=True, slots=True)
class Carried:
    """A message on a link.

    Attributes:
        src: who sends it.
        dst: who receives it.
        start: when it begins.
        end: when it has arrived.
        chunks: how many.
        held: of which buffer, and which.
        step: what sends it.
    """

    src: Rank
    dst: Rank
    start: float
    end: float
    chunks: int
    held: str
    step: str


@dataclass(frozen=True, slots=True)
class LinkTimeline:
    """All messages of a schedule, in order of time.

    Attributes:
        messages: they.
        has_times: whether the times are the file's.
        stuck: how many steps never begin, and aren't here.
    """

    messages: tuple[Carried, ...]
    has_times: bool
    stuck: int

    @property
    def end(self) -> float:
        """When the last message has arrived."""
        return max((it.end for it in self.messages), default=0.0)

    @property
    def links(self) -> list[tuple[Rank, Rank]]:
        """Those that carry anything, in order."""
        return sorted({(it.src, it.dst) for it in self.messages})

    def table(self) -> Table:
        """A row for each message."""
        columns = (*right("start", "end", "from", "to", "chunks"), *left("what", "step"))
        rows = tuple(
            (it.start, it.end, it.src, it.dst, it.chunks, it.held, it.step) for it in self.messages
        )
        return Table(columns, rows, "messages")

    def link_table(self) -> Table:
        """A row for each link: how much it carries, and which part of the time it is busy."""
        rows = []
        for src, dst in self.links:
            its = [it for it in self.messages if (it.src, it.dst) == (src, dst)]
            busy = _covered(its)
            share = f"{100 * busy / self.end:.0f} %" if self.end else "-"
            rows.append((src, dst, len(its), sum(it.chunks for it in its), share))
        columns = (*right("from", "to", "messages", "chunks"), Column("busy", is_number=True))
        return Table(columns, tuple(rows), "links")


def _covered(messages: Sequence[Carried]) -> float:
    """For how long at least one is under way; those of one time share their link."""
    covered, until = 0.0, 0.0
    for it in sorted(messages, key=lambda each: each.start):
        covered += max(it.end - max(it.start, until), 0)
        until = max(until, it.end)
    return covered


def link_timeline(schedule: Schedule) -> LinkTimeline:
    """Return when which link carries what."""
    order = Order(schedule)
    timing = _Timing(schedule)
    messages = [it for index in order.sequence for it in timing.carried(index, order.steps[index])]
    messages.sort(key=lambda it: (it.start, it.end, it.src, it.dst))
    return LinkTimeline(tuple(messages), bool(schedule.times), len(order.stuck))


class _Timing:
    """Carries out steps as soon as what comes before has ended, and their links are free."""

    def __init__(self, schedule: Schedule) -> None:
        self._times = schedule.times
        self._ended: dict[StepIndex, float] = {}
        self._free: defaultdict[tuple[Rank, Rank], float] = defaultdict(float)

    def carried(self, index: StepIndex, placed: PlacedStep) -> Iterator[Carried]:
        """The messages of a step: what it reads elsewhere first, then what it writes or sends."""
        ready = max((self._ended[it] for it in placed.all_before), default=0.0)
        step, rank = placed.step, placed.rank
        fetched = [(it.rank, rank, it.length, it) for it in step.sources if it.rank != rank]
        pushed = [(rank, it.rank, it.length, it) for it in step.targets if it.rank != rank]
        if step.sends is not None:
            held = (*step.sources, *step.targets)[0]
            pushed.append((rank, step.sends.dst, step.count, held))
        for messages in (fetched, pushed):
            ends = [ready]
            for src, dst, chunks, held in messages:
                start, end = self._when(step.place, (src, dst), ready, chunks)
                ends.append(end)
                what = f"{held.buffer.word} {held.chunk_words}"
                yield Carried(src, dst, start, end, chunks, what, str(step))
            ready = max(ends)
        self._ended[index] = ready

    def _when(
        self, place: str, link: tuple[Rank, Rank], ready: float, chunks: int
    ) -> tuple[float, float]:
        timed = self._times.get(place)
        if timed is not None:
            return timed.start, timed.end
        start = max(ready, self._free[link])
        self._free[link] = start + chunks
        return start, start + chunks
