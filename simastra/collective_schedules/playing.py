"""From a schedule to ETs for each position, which play it as a custom collective (behaviour 3.13).

Steps of a thread block follow each other as nodes do, each begins when the nodes have ended that it
depends on, and what sends has ended when its message has arrived. What a rank writes into another
one's memory is a message, and what it reads there the answer to an empty one. A signal travels with
the data that was written before it, and is an empty message if there is none. What stays within a
rank takes no time, but for a reduction, which is a computation (of 1 ns, as ASTRA-sim's).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from simastra.errors import OptionError
from simastra.trace import Node, Trace, TraceBuilder
from simastra.units import Bytes

from .claims import Claim
from .order import Order, PlacedStep, StepIndex
from .schedule import Rank, Schedule, Semaphore, ThreadBlockStep
from .wrong import ScheduleError

MOST_NODES = 20_000_000


@dataclass(frozen=True, slots=True)
class Playing:
    """How a schedule is played.

    Attributes:
        size: bytes of the collective: of the input of a rank that has one.
        loops: into how many parts each chunk is cut, which go through the schedule one after the
            other.
        reductions: whether reductions are computations, of 1 ns each.

    Raises:
        OptionError: a number isn't positive.
    """

    size: Bytes
    loops: int = 1
    reductions: bool = True

    def __post_init__(self) -> None:
        if self.size < 1:
            raise OptionError("size", f"must be 1 byte or more, not {self.size}")
        if self.loops < 1:
            raise OptionError("loops", f"must be 1 or more, not {self.loops}")


def traces_of(schedule: Schedule, playing: Playing, collective: str | None = None) -> Trace:
    """Return the nodes of each position.

    Args:
        schedule: is played.
        playing: how.
        collective: what it computes instead of what it says.

    Raises:
        ScheduleError: the schedule makes no sense for its collective, or can't be carried out.
        OptionError: it would have too many nodes.
    """
    claim = Claim(schedule, collective)
    claim.check_places()
    order = Order(schedule)
    if order.stuck:
        step = order.steps[order.stuck[0]].step
        problem = "never begins, so that the schedule can't be played"
        raise ScheduleError(problem, source=schedule.source, where=str(step))
    if 4 * len(order.steps) * playing.loops > MOST_NODES:
        raise OptionError(
            "loops", f"{playing.loops} makes more than {MOST_NODES} nodes; give fewer"
        )
    writer = _Writer(schedule, playing, claim.chunks_in)
    for loop in range(playing.loops):
        writer.begin_loop(loop)
        for index in order.sequence:
            writer.add(index, order.steps[index])
    return Trace.of(writer.builders)


class _Writer:
    """Adds the nodes of one step after the other."""

    def __init__(self, schedule: Schedule, playing: Playing, chunks: int) -> None:
        self.builders = [TraceBuilder(npu=rank) for rank in range(schedule.ranks)]
        self._playing = playing
        self._chunks = chunks * playing.loops
        self._tag = 0
        self._suffix = ""
        self._last: dict[int, tuple[Node, ...]] = {}
        """Of each thread block, what its last step so far has ended with."""
        self._done: dict[StepIndex, tuple[Node, ...]] = {}
        self._sent: dict[StepIndex, int] = {}
        """The tags of messages that steps have sent."""
        self._arrived: defaultdict[tuple[StepIndex, Rank], list[Node]] = defaultdict(list)
        """The receipts of what a step has written into a rank's memory."""
        self._unsignalled: defaultdict[tuple[int, Rank], list[Node]] = defaultdict(list)
        """Receipts of what a thread block has written to a rank since it last signalled."""
        self._signals: dict[tuple[StepIndex, Semaphore], tuple[Node, ...]] = {}

    def begin_loop(self, loop: int) -> None:
        """Go through the schedule from its beginning."""
        self._suffix = f", loop {loop}" if self._playing.loops > 1 else ""
        self._arrived.clear()

    def add(self, index: StepIndex, placed: PlacedStep) -> None:
        """Add what a step does."""
        step, rank = placed.step, placed.rank
        before = self._before(placed)
        operands = [*self._fetched(step, rank, before), *self._received(placed, before)]
        ready = tuple(operands) or before
        if step.operands > 1 and self._playing.reductions:
            name = self._name(step, "reduce")
            ready = (self.builders[rank].compute(name, after=ready),)
        sends = [*self._written(index, placed, ready), *self._passed_on(index, step, rank, ready)]
        done = tuple(sends) or ready
        for semaphore in step.raises:
            self._signal(index, placed, semaphore, done)
        self._done[index] = self._last[placed.block] = done

    def _before(self, placed: PlacedStep) -> tuple[Node, ...]:
        """The nodes that must have ended before a step begins; all are of its rank."""
        nodes = list(self._last.get(placed.block, ()))
        for index in placed.before:
            nodes += self._done[index]
        for semaphore, index in placed.raised:
            nodes += self._signals[index, semaphore]
        for index in placed.packets:
            nodes += self._arrived[index, placed.rank]
        return tuple({id(node): node for node in nodes}.values())

    def _fetched(
        self, step: ThreadBlockStep, rank: Rank, before: tuple[Node, ...]
    ) -> Iterator[Node]:
        """What is read in other ranks' memory: it is asked for by an empty message."""
        for span in step.sources:
            if span.rank != rank:
                asked = self._next_tag()
                self._send(step, rank, span.rank, 0, asked, before)
                request = self._receive(step, rank, span.rank, 0, asked)
                size, tag = self._bytes(span.length), self._next_tag()
                self._send(step, span.rank, rank, size, tag, (request,))
                yield self._receive(step, span.rank, rank, size, tag, before)

    def _received(self, placed: PlacedStep, before: tuple[Node, ...]) -> Iterator[Node]:
        lane, sender = placed.step.receives, placed.sender
        if lane is not None and sender is not None:
            size = self._bytes(placed.step.count)
            yield self._receive(placed.step, lane.src, lane.dst, size, self._sent[sender], before)

    def _written(
        self, index: StepIndex, placed: PlacedStep, ready: tuple[Node, ...]
    ) -> Iterator[Node]:
        """What is written into other ranks' memory, or into packets of one's own."""
        step, rank = placed.step, placed.rank
        for span in step.targets:
            if span.rank == rank:
                self._arrived[index, rank] += ready
                continue
            size, tag = self._bytes(span.length), self._next_tag()
            yield self._send(step, rank, span.rank, size, tag, ready)
            receipt = self._receive(step, rank, span.rank, size, tag)
            self._arrived[index, span.rank].append(receipt)
            self._unsignalled[placed.block, span.rank].append(receipt)

    def _passed_on(
        self, index: StepIndex, step: ThreadBlockStep, rank: Rank, ready: tuple[Node, ...]
    ) -> Iterator[Node]:
        if step.sends is not None:
            tag = self._sent[index] = self._next_tag()
            yield self._send(step, rank, step.sends.dst, self._bytes(step.count), tag, ready)

    def _signal(
        self, index: StepIndex, placed: PlacedStep, semaphore: Semaphore, done: tuple[Node, ...]
    ) -> None:
        if semaphore.dst == placed.rank:
            self._signals[index, semaphore] = done
            return
        receipts = self._unsignalled.pop((placed.block, semaphore.dst), [])
        if not receipts:
            tag = self._next_tag()
            self._send(placed.step, placed.rank, semaphore.dst, 0, tag, done)
            receipts = [self._receive(placed.step, placed.rank, semaphore.dst, 0, tag)]
        self._signals[index, semaphore] = tuple(receipts)

    def _send(  # a message's
        self,
        step: ThreadBlockStep,
        src: Rank,
        dst: Rank,
        size: Bytes,
        tag: int,
        after: Iterable[Node],
    ) -> Node:
        name = self._name(step, f"send to {dst}")
        return self.builders[src].send(name, size=size, to=dst, tag=tag, after=after)

    def _receive(  # a message's
        self,
        step: ThreadBlockStep,
        src: Rank,
        dst: Rank,
        size: Bytes,
        tag: int,
        after: Iterable[Node] = (),
    ) -> Node:
        name = self._name(step, f"receive from {src}")
        return self.builders[dst].recv(name, size=size, source=src, tag=tag, after=after)

    def _name(self, step: ThreadBlockStep, what: str) -> str:
        return f"{step}{self._suffix}: {what}"

    def _bytes(self, chunks: int) -> Bytes:
        """Of so many chunks, rounded up."""
        return -(-chunks * self._playing.size // self._chunks)

    def _next_tag(self) -> int:
        self._tag += 1
        return self._tag
