"""What happens before what in a schedule, whatever the network and the thread blocks' speed.

Steps are numbered; for each, those that must have ended before it begins. A message's receipt comes
after its sending, a wait after the raising, a packet's reading after its writing. What then can't
begin, never does: `Order.stuck` says why. (Lamport, "Time, Clocks, and the Ordering of Events",
1978.)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from typing import TypeAlias

from .schedule import Barrier, ChunkRange, Lane, Rank, Schedule, Semaphore, ThreadBlockStep

StepIndex: TypeAlias = int
"""A step's number in the whole schedule."""
_Uses: TypeAlias = Callable[[ThreadBlockStep], tuple[Semaphore, ...]]


@dataclass(slots=True)
class PlacedStep:
    """A step among all of a schedule's, with what comes before it.

    Attributes:
        step: it.
        rank: whose.
        block: number of its thread block in the whole schedule.
        before: steps of its own rank that come first: the one before, and those it depends on.
        sender: the step that sends what it receives.
        raised: for each semaphore that it awaits, the steps that must have raised it.
        packets: steps that write the packets that it reads.
        missing: why it never begins, if what it waits for doesn't come.
    """

    step: ThreadBlockStep
    rank: Rank
    block: int
    before: list[StepIndex] = field(default_factory=list)
    sender: StepIndex | None = None
    raised: list[tuple[Semaphore, StepIndex]] = field(default_factory=list)
    packets: list[StepIndex] = field(default_factory=list)
    missing: str | None = None

    @property
    def all_before(self) -> set[StepIndex]:
        """All steps that must have ended."""
        others = () if self.sender is None else (self.sender,)
        return {*self.before, *others, *(it for _, it in self.raised), *self.packets}


class Order:
    """The order of a schedule's steps.

    Args:
        schedule: whose.

    Attributes:
        steps: all, rank by rank and thread block by thread block.
        sequence: the steps that can be carried out, each behind those that come before it.
        stuck: those that can't, in order.
        unreceived: steps that send what nobody receives.
        unawaited: steps that raise a semaphore that nobody lowers, and that.
    """

    def __init__(self, schedule: Schedule) -> None:
        self.steps: list[PlacedStep] = []
        self.unreceived: list[StepIndex] = []
        self.unawaited: list[tuple[StepIndex, Semaphore]] = []
        self._first: list[StepIndex] = []
        for number, block in enumerate(schedule.blocks):
            self._first.append(len(self.steps))
            self.steps += (PlacedStep(step, block.rank, number) for step in block.steps)
        self._within_ranks(schedule)
        self._messages()
        self._semaphores(schedule.semaphores)
        self._packets()
        self.sequence = _sorted(self.steps)
        carried_out = set(self.sequence)
        self.stuck = [it for it in range(len(self.steps)) if it not in carried_out]

    def cycle(self) -> list[StepIndex]:
        """Steps of which each waits for the next one, and the last for the first; none if none do.

        Asked where steps are stuck though nothing that they wait for is missing.
        """
        stuck = set(self.stuck)
        way: dict[StepIndex, None] = {}
        at = self.stuck[0]
        while at not in way:
            way[at] = None
            waits_for = sorted(self.steps[at].all_before & stuck)
            if not waits_for:
                return []
            at = waits_for[0]
        steps = list(way)
        return steps[steps.index(at) :]

    def _within_ranks(self, schedule: Schedule) -> None:
        blocks = {(it.rank, it.number): number for number, it in enumerate(schedule.blocks)}
        meetings: defaultdict[tuple[Rank, Barrier, int], list[StepIndex]] = defaultdict(list)
        for number, block in enumerate(schedule.blocks):
            passed: defaultdict[Barrier, int] = defaultdict(int)
            for at, step in enumerate(block.steps):
                placed = self.steps[index := self._first[number] + at]
                placed.missing = step.never
                placed.before += [index - 1] if at else []
                for dep in step.after:
                    placed.before.append(self._first[blocks[block.rank, dep.block]] + dep.step)
                if step.barrier is not None:
                    meetings[block.rank, step.barrier, passed[step.barrier]].append(index)
                    passed[step.barrier] += 1
        for (_, barrier, _), met in meetings.items():
            self._meet(barrier, met)

    def _meet(self, barrier: Barrier, met: Sequence[StepIndex]) -> None:
        """Nobody passes a barrier before all have come to it."""
        come = [it - 1 for it in met if it and self.steps[it - 1].block == self.steps[it].block]
        for index in met:
            self.steps[index].before += come
            if len(met) < barrier.blocks:
                self.steps[index].missing = (
                    f"it waits at barrier {barrier.number} for {barrier.blocks} thread blocks, and "
                    f"{len(met)} come"
                )

    def _messages(self) -> None:
        sent: defaultdict[Lane, list[StepIndex]] = defaultdict(list)
        received: defaultdict[Lane, list[StepIndex]] = defaultdict(list)
        for index, placed in enumerate(self.steps):
            if placed.step.sends is not None:
                sent[placed.step.sends].append(index)
            if placed.step.receives is not None:
                received[placed.step.receives].append(index)
        for lane, receivers in received.items():
            for turn, index in enumerate(receivers):
                if turn < len(sent[lane]):
                    self.steps[index].sender = sent[lane][turn]
                else:
                    self.steps[index].missing = (
                        f"it waits for message {turn + 1} on {lane}, where {len(sent[lane])} "
                        f"{'is' if len(sent[lane]) == 1 else 'are'} sent"
                    )
        for lane, senders in sent.items():
            self.unreceived += senders[len(received[lane]) :]

    def _semaphores(self, initial: Mapping[Semaphore, int]) -> None:
        raising = self._users(lambda step: step.raises)
        awaiting = self._users(lambda step: step.awaits)
        for semaphore, waits in awaiting.items():
            raises = raising.get(semaphore, [])
            for turn, index in enumerate(waits):
                needed = turn + 1 - initial.get(semaphore, 0)
                self._await(index, semaphore, needed, raises, alone=self._is_one_block(waits))
        for semaphore, raises in raising.items():
            waits = awaiting.get(semaphore, [])
            left = len(raises) + initial.get(semaphore, 0) - len(waits)
            if left > initial.get(semaphore, 0):
                self.unawaited += [(it, semaphore) for it in raises[-left:]]

    def _await(
        self,
        index: StepIndex,
        semaphore: Semaphore,
        needed: int,
        raises: Sequence[StepIndex],
        *,
        alone: bool,
    ) -> None:
        """Let a step wait until a semaphore has been raised so often.

        Of several thread blocks that raise it, or that wait for it, any may be the first: then only
        what is sure comes before.
        """
        placed = self.steps[index]
        if needed > len(raises):
            placed.missing = f"it waits for {semaphore} to be raised {needed} times, which is " + (
                f"raised {len(raises)} times" if raises else "never raised"
            )
        elif needed > 0 and len(raises) == needed and alone:
            placed.raised += [(semaphore, it) for it in raises]
        elif needed > 0 and self._is_one_block(raises):
            placed.raised.append((semaphore, raises[needed - 1 if alone else 0]))

    def _is_one_block(self, steps: Iterable[StepIndex]) -> bool:
        return len({self.steps[it].block for it in steps}) == 1

    def _users(self, of: _Uses) -> dict[Semaphore, list[StepIndex]]:
        users: defaultdict[Semaphore, list[StepIndex]] = defaultdict(list)
        for index, placed in enumerate(self.steps):
            for semaphore in of(placed.step):
                users[semaphore].append(index)
        return users

    def _packets(self) -> None:
        writers: defaultdict[ChunkRange, list[StepIndex]] = defaultdict(list)
        for index, placed in enumerate(self.steps):
            for chunk in _chunks(placed.step.packets_out):
                writers[chunk].append(index)
        for index, placed in enumerate(self.steps):
            for chunk in _chunks(placed.step.packets_in):
                found = [it for it in writers.get(chunk, ()) if it != index]
                placed.packets += found
                if not found:
                    placed.missing = f"it waits for a packet in {chunk}, which nobody writes"


def _chunks(spans: Iterable[ChunkRange]) -> Iterator[ChunkRange]:
    for span in spans:
        for offset in range(span.length):
            yield ChunkRange(span.rank, span.buffer, span.start + offset, 1)


def _sorted(steps: Sequence[PlacedStep]) -> list[StepIndex]:
    """The steps that can be carried out, each behind those that come before, else by number."""
    waiting = [len(it.all_before) + (it.missing is not None) for it in steps]
    followers: defaultdict[StepIndex, list[StepIndex]] = defaultdict(list)
    for index, placed in enumerate(steps):
        for before in placed.all_before:
            followers[before].append(index)
    ready = [index for index, left in enumerate(waiting) if not left]
    heapify(ready)
    done: list[StepIndex] = []
    while ready:
        done.append(index := heappop(ready))
        for follower in followers[index]:
            waiting[follower] -= 1
            if not waiting[follower]:
                heappush(ready, follower)
    return done
