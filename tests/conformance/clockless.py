"""Carries out phase machines without a clock, in any order that a network and endpoints may choose.

Data are modelled beside: a member's block is the set of the members whose contributions it holds.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from simastra.collectives import (
    Algorithm,
    Block,
    Exchange,
    Holdings,
    LogicalRing,
    Packet,
    PhaseMachine,
)
from simastra.collectives.in_network import Aggregation
from simastra.collectives.switch_machine import switch_machines
from simastra.trace import CollectiveType
from simastra.view.ends import SwitchId

Choose: TypeAlias = Callable[[int], int]
"""Of so many things that may happen next, the index of the one that does."""


@dataclass(frozen=True, slots=True)
class Channel:
    """Messages of one size from one device to another: what a mailbox keeps in order.

    Attributes:
        src: where they come from.
        dst: where they go to.
        size: of each.
        tag: tells apart what has the same ends otherwise.
    """

    src: int
    dst: int
    size: int
    tag: tuple[str, int]


@dataclass(frozen=True, slots=True)
class Sent:
    """A message as it was sent, by the position of its sender; None for a switch."""

    position: int | None
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
    """Plays all members of one phase against each other, and the switches that take part.

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
        self.parts: list[Part] = []
        self.outcome = Execution([algorithm.holdings(collective, ring) for ring in rings])
        self.on_the_way: defaultdict[Channel, deque[Holdings]] = defaultdict(deque)
        self.expected: defaultdict[Channel, deque[Part]] = defaultdict(deque)
        for ring, holdings in zip(rings, self.outcome.holdings, strict=True):
            machine = algorithm.machine(collective, size, ring, turn)
            self._add(machine, ring.members[ring.position], holdings, ring.position)
        asked: dict[tuple[int, int], Aggregation] = {}
        for ring in rings:
            for it in algorithm.aggregations(collective, size, ring, turn):
                asked.setdefault((it.part.number, it.tree.members[0]), it)
        for number, it in enumerate(asked.values()):
            for switch, machine in switch_machines(it):
                self._add(machine, switch, {}, None)
                self.parts[-1].aggregation = number
                self.parts[-1].number = it.part.number
        self.devices = {part.device for part in self.parts}

    def _add(
        self, machine: PhaseMachine, device: int, holdings: Holdings, position: int | None
    ) -> None:
        self.parts.append(Part(self, machine, device, holdings, position))

    def run(self) -> Execution:
        """Carry everything out; the machines must then all have finished, with nothing left."""
        for part in reversed(self.parts):  # switches first: they send nothing by themselves
            part.machine.start(part)
        while possible := self._possible():
            self._happen(possible[self.choose(len(possible))])
        assert self.outcome.finished == Counter(range(len(self.rings)))
        assert all(part.finished == 1 for part in self.parts)
        assert not any(part.admissions for part in self.parts), "a packet is still at the endpoint"
        awaited = [channel for channel, line in self.expected.items() if line]
        assert not awaited, f"nothing came for {awaited}"
        left = {channel: len(line) for channel, line in self.on_the_way.items() if line}
        assert not left, f"nobody received {left}"
        return self.outcome

    def _possible(self) -> "list[Part | Channel]":
        """One whose endpoint may let a packet pass, or a channel that may deliver."""
        admissions = [part for part in self.parts if part.admissions]
        return [
            *admissions,
            *(c for c, line in self.expected.items() if line and self.on_the_way[c]),
        ]

    def _happen(self, choice: "Part | Channel") -> None:
        if isinstance(choice, Channel):
            part = self.expected[choice].popleft()
            merge(part.holdings, self.on_the_way[choice].popleft())
            part.machine.received(part)
        else:
            choice.admissions -= 1
            choice.machine.admitted(choice)


class Part(Exchange):
    """The exchange of one member, or of one switch: notes down what its machine asks for.

    Args:
        executor: where it is noted.
        machine: its machine.
        device: the member's number, or the switch's.
        holdings: what it holds.
        position: the member's; None of a switch.
    """

    def __init__(
        self,
        executor: Executor,
        machine: PhaseMachine,
        device: int,
        holdings: Holdings,
        position: int | None,
    ) -> None:
        self.executor, self.machine, self.device = executor, machine, device
        self.holdings, self.position = holdings, position
        self.admissions = self.finished = self.aggregation = self.number = 0
        self.blocks: Iterator[Sequence[Block]] = iter(machine.blocks())

    def admit(self, packet: Packet) -> None:
        self._check(f"{packet} enters")
        self.admissions += 1

    def send(self, to: int, size: int) -> None:
        self._check(f"{size} bytes are sent")
        assert to in self.executor.devices
        assert to != self.device
        blocks = next(self.blocks)
        carried = self._take(blocks)
        self.executor.on_the_way[self._channel(self.device, to, size)].append(carried)
        self.executor.outcome.sent.append(Sent(self.position, size, blocks))

    def receive(self, source: int, size: int) -> None:
        self._check(f"{size} bytes are expected")
        assert source in self.executor.devices
        self.executor.expected[self._channel(source, self.device, size)].append(self)

    def finish(self) -> None:
        self._check("it ends")
        self.finished += 1
        if self.position is not None:
            self.executor.outcome.finished[self.position] += 1

    def _channel(self, src: int, dst: int, size: int) -> Channel:
        """As tags have it: of a part in a switch, of an aggregation between two, or of a stream."""
        switches = [end for end in (src, dst) if isinstance(end, SwitchId)]
        if len(switches) == 2:
            return Channel(src, dst, size, ("between", self.aggregation))
        part = self.number if self.position is None else sum(end.part for end in switches)
        return Channel(src, dst, size, ("part", part))

    def _check(self, what: str) -> None:
        assert not self.finished, f"{what} after the end"

    def _take(self, blocks: Sequence[Block]) -> Holdings:
        missing = [block for block in blocks if block not in self.holdings]
        assert not missing, f"device {self.device} sends blocks {missing}, which it doesn't have"
        return {block: self.holdings[block] for block in blocks}


def merge(holdings: Holdings, received: Holdings) -> None:
    """Take in what was received: reduce what is apart, replace what is contained.

    Anything between the two would count a contribution twice.
    """
    for block, contributions in received.items():
        held = holdings.get(block, frozenset())
        apart, contained = not held & contributions, held <= contributions
        assert apart or contained, f"block {block}: {set(held)} and {set(contributions)} overlap"
        holdings[block] = held | contributions
