"""A collective on a ring whose members start at different times, a step of all members at a time.

A member of a ring sends one message a step to the next member and waits for one from the previous.
With one chunk in flight, and links that carry the messages of one member only, when a message
leaves depends on nothing but when its sender was ready and when the message before it had left:

    left[i]  = max(ready[i], free[i])                  the link is free of the message before
    free[i]  = left[i] + serialisation
    ready[i] = max(left[i - 1] + serialisation + latency, ready[i]) + endpoint (+ reduction)

Ties don't matter: no two messages ever compete.

(docs/shortcuts.md; a max-plus recurrence.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from simastra.collectives import Exchange, Packet, Phase
from simastra.units import Bytes, NpuId, Ns


def packets_of(phase: Phase) -> Sequence[Packet]:
    """The packets that one member of a ring admits in a phase; all but the last are sent on."""
    return _Score(phase).packets


class _Score(Exchange):
    """Notes what a member does if every message that it waits for comes."""

    def __init__(self, phase: Phase) -> None:
        self.packets: list[Packet] = []
        self._finished = False
        machine = phase.machine()
        machine.start(self)
        machine.admitted(self)
        while not self._finished:
            machine.received(self)
            machine.admitted(self)

    def admit(self, packet: Packet) -> None:
        """Note it."""
        self.packets.append(packet)

    def send(self, to: NpuId, size: Bytes) -> None:
        """Always to the next."""

    def receive(self, source: NpuId, size: Bytes) -> None:
        """Always from the previous."""

    def finish(self) -> None:
        """End."""
        self._finished = True


@dataclass(frozen=True, slots=True)
class RingStep:
    """One exchange of all members.

    Attributes:
        serialisation: for how long a message keeps a link busy, in ns; None where links don't
            queue.
        crossing: from when a message leaves until it is at the end of the link, in ns.
        passing: how long the next packet then takes at the endpoint, reduction included, in ns.
    """

    serialisation: Ns | None
    crossing: Ns
    passing: Ns


@dataclass(frozen=True, slots=True)
class UnevenStep:
    """One exchange of all members, whose ways differ.

    Attributes:
        hops: for each place on a way, how long each member's message keeps the link there busy, and
            how long it takes to its end, in ns; 0 where a way has ended before.
        passing: as of `RingStep`.
    """

    hops: Sequence[tuple[Sequence[Ns], Sequence[Ns]]]
    passing: Ns


def play_uneven(
    starts: Sequence[Ns],
    first: Ns,
    steps: Sequence[UnevenStep],
    free: Sequence[list[Ns]] | None,
) -> list[Ns]:
    """As `play`, where ways differ.

    Args:
        starts: as there.
        first: as there.
        steps: the exchanges.
        free: for each place on a way, when each member's link there is free, brought up to date;
            None where links don't queue.
    """
    ready = [start + first for start in starts]
    for step in steps:
        there, passing = ready, step.passing
        for place, (busy, crossing) in enumerate(step.hops):
            if free is not None:
                link = free[place]
                there = [at if at > idle else idle for at, idle in zip(there, link, strict=True)]
                link[:] = [at + for_ns for at, for_ns in zip(there, busy, strict=True)]
            there = [at + for_ns for at, for_ns in zip(there, crossing, strict=True)]
        there = there[-1:] + there[:-1]
        ready = [
            (come if come > own else own) + passing for come, own in zip(there, ready, strict=True)
        ]
    return ready


def play(
    starts: Sequence[Ns], first: Ns, steps: Sequence[RingStep], free: Sequence[list[Ns]]
) -> list[Ns]:
    """When each member ends.

    Args:
        starts: when each begins, in ns.
        first: how long the first packet takes at the endpoint.
        steps: the exchanges.
        free: for each link of the way to the next member, when it is free; brought up to date.
    """
    ready = [start + first for start in starts]
    for step in steps:
        there = ready
        crossing, passing, busy = step.crossing, step.passing, step.serialisation
        if busy is None:
            there = [time + crossing for time in there]
        else:
            for link in free:
                left = [
                    time if time > idle else idle for time, idle in zip(there, link, strict=True)
                ]
                link[:] = [time + busy for time in left]
                there = [time + crossing for time in left]
        there = there[-1:] + there[:-1]
        ready = [
            (come if come > own else own) + passing for come, own in zip(there, ready, strict=True)
        ]
    return ready
