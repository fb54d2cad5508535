"""Carries out phase machines without a clock, in any order that a network and endpoints may choose.

Data are modelled beside: a member's block is the set of the members whose contributions it holds.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from simastra.collectives import Algorithm, Block, Exchange, Holdings, LogicalRing, Packet
from simastra.trace import CollectiveType

Choose: TypeAlias = Callable[[int], int]
"""Of so many things that may happen next, the index of the one that does."""


@dataclass(frozen=True, slots=True)
class Channel:
    """Messages of one size from one NPU to another: what a mailbox keeps in order."""

    src: int
    dst: int
    size: int


@dataclass(frozen=True, slots=True)
class Sent:
    """A message as it was sent, by the position of its sender."""

    position: int
    size: int
    blocks: Sequence[Block]


@dataclass(slots=True)
class Execution:
    """What an execution came to.

    Attributes:
        holdings: each member's, by position.
        finished: how often each position's machine said so.
        sent: every message.
    """

    holdings: list[Holdings]
    finished: Counter[int] = field(default_factory=Counter)
    sent: list[Sent] = field(default_factory=list)


class Executor:
    """Plays all members of one phase against each other.

    Args:
        algorithm: makes the machines.
        collective: what is done.
        size: bytes that each member puts in.
        rings: each member's view, by position.
        choose: decides what happens next.
        turn: how many phases have gone before on these members.
    """

    def __init__(  # what an execution depends on
        self,
        algorithm: Algorithm,
        collective: CollectiveType,
        size: int,
        rings: Sequence[LogicalRing],
        choose: Choose,
        turn: int = 0,
    ) -> None:
        self.rings = rings
        self.choose = choose
        self.machines = [algorithm.machine(collective, size, ring, turn) for ring in rings]
        self.members = [Member(self, position) for position in range(len(rings))]
        self.position = {ring.members[ring.position]: ring.position for ring in rings}
        self.outcome = Execution([algorithm.holdings(collective, ring) for ring in rings])
        self.admissions = [0] * len(rings)
        self.on_the_way: defaultdict[Channel, deque[Holdings]] = defaultdict(deque)
        self.expected: Counter[Channel] = Counter()

    def run(self) -> Execution:
        """Carry everything out; the machines must then all have finished, with nothing left."""
        for position, machine in enumerate(self.machines):
            machine.start(self.members[position])
        while possible := self._possible():
            self._happen(possible[self.choose(len(possible))])
        assert self.outcome.finished == Counter(range(len(self.rings)))
        assert not any(self.admissions), "a packet is still at the endpoint"
        assert not self.expected.total(), f"nothing came for {+self.expected}"
        left = {channel: len(line) for channel, line in self.on_the_way.items() if line}
        assert not left, f"nobody received {left}"
        return self.outcome

    def _possible(self) -> list[int | Channel]:
        """A position whose endpoint may let a packet pass, or a channel that may deliver."""
        admissions = [position for position, waiting in enumerate(self.admissions) if waiting]
        return [*admissions, *(c for c, n in self.expected.items() if n and self.on_the_way[c])]

    def _happen(self, choice: int | Channel) -> None:
        if isinstance(choice, Channel):
            self.expected[choice] -= 1
            position = self.position[choice.dst]
            merge(self.outcome.holdings[position], self.on_the_way[choice].popleft())
            self.machines[position].received(self.members[position])
        else:
            self.admissions[choice] -= 1
            self.machines[choice].admitted(self.members[choice])


class Member(Exchange):
    """One member's exchange: notes down what its machine asks for.

    Args:
        executor: where it is noted.
        position: the member's.
    """

    def __init__(self, executor: Executor, position: int) -> None:
        self.executor = executor
        self.position = position
        self.ring = executor.rings[position]
        self.npu = self.ring.members[position]
        self.blocks: Iterator[Sequence[Block]] = iter(executor.machines[position].blocks())

    def admit(self, packet: Packet) -> None:
        self._check(f"{packet} enters")
        self.executor.admissions[self.position] += 1

    def send(self, to: int, size: int) -> None:
        self._check(f"{size} bytes are sent")
        assert to in self.ring.members
        assert to != self.npu
        blocks = next(self.blocks)
        carried = self._take(blocks)
        self.executor.on_the_way[Channel(self.npu, to, size)].append(carried)
        self.executor.outcome.sent.append(Sent(self.position, size, blocks))

    def receive(self, source: int, size: int) -> None:
        self._check(f"{size} bytes are expected")
        assert source in self.ring.members
        self.executor.expected[Channel(source, self.npu, size)] += 1

    def finish(self) -> None:
        self._check("it ends")
        self.executor.outcome.finished[self.position] += 1

    def _check(self, what: str) -> None:
        assert not self.executor.outcome.finished[self.position], f"{what} after the end"

    def _take(self, blocks: Sequence[Block]) -> Holdings:
        holdings = self.executor.outcome.holdings[self.position]
        missing = [block for block in blocks if block not in holdings]
        assert not missing, f"NPU {self.npu} sends blocks {missing}, which it doesn't have"
        return {block: holdings[block] for block in blocks}


def merge(holdings: Holdings, received: Holdings) -> None:
    """Take in what was received: reduce what is apart, replace what is contained.

    Anything between the two would count a contribution twice.
    """
    for block, contributions in received.items():
        held = holdings.get(block, frozenset())
        apart, contained = not held & contributions, held <= contributions
        assert apart or contained, f"block {block}: {set(held)} and {set(contributions)} overlap"
        holdings[block] = held | contributions
