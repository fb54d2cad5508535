"""The parts that switches take in collectives, played: what is reduced and multicast on the way.

A switch has no endpoint: it acts when a message is there, and its ports take the time.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING

from simastra.collectives import Exchange, Packet, Phase, PhaseMachine
from simastra.deferred import deferred
from simastra.network import Envelope, Mailbox
from simastra.units import Bytes, NpuId
from simastra.view.ends import SwitchId, is_switch

from .tags import Tags, tag_of_part

if TYPE_CHECKING:
    from simastra.collectives import switch_machine
    from simastra.collectives.in_network import Aggregation
else:  # few collectives use switches
    switch_machine = deferred("simastra.collectives.switch_machine")


class Switches:
    """Has switches take part in phases.

    Args:
        mailbox: the network, with matching.
        tags: how messages are tagged.
    """

    def __init__(self, mailbox: Mailbox, tags: Tags) -> None:
        self._mailbox = mailbox
        self._tags = tags
        self._aggregations = 0
        self._joined: dict[Hashable, int] = {}
        """How many members have come to each aggregation that some haven't come to."""

    def take_part(self, phase: Phase, stream: int) -> None:
        """Have them do what the phase needs; the first member to begin it asks for all.

        Args:
            phase: as the member sees it.
            stream: number of its stream, alike on all members.
        """
        for it in phase.aggregations():
            members = it.tree.members
            key = stream, phase.turn, phase.members, it.part.number, members[0]
            joined = self._joined.get(key, 0)
            if not joined:
                self._begin(it, self._tags.of_stream(stream))
            self._joined[key] = joined + 1
            if joined + 1 == len(members):
                del self._joined[key]

    def _begin(self, aggregation: Aggregation, tag: int) -> None:
        """Have its switches begin.

        Between two switches the stream doesn't tell messages of one line of members from those of
        another: tags below 0 do.
        """
        self._aggregations += 1
        tags = tag_of_part(tag, aggregation.part.number), -self._aggregations
        for switch, machine in switch_machine.switch_machines(aggregation):
            machine.start(_SwitchPlayer(switch, machine, self._mailbox, tags))


class _SwitchPlayer(Exchange):
    """Plays the part of one switch in one phase."""

    __slots__ = ("_machine", "_mailbox", "_switch", "_tags")

    def __init__(
        self, switch: SwitchId, machine: PhaseMachine, mailbox: Mailbox, tags: tuple[int, int]
    ) -> None:
        self._switch, self._machine, self._mailbox, self._tags = switch, machine, mailbox, tags

    def admit(self, packet: Packet) -> None:
        """It has passed: a switch reduces at its ports' rate."""
        self._machine.admitted(self)

    def send(self, to: NpuId, size: Bytes) -> None:
        """Send with the tag that members know, or that of switches among themselves."""
        tag = self._tags[is_switch(to)]
        self._mailbox.send(Envelope(tag, self._switch, to, size))

    def receive(self, source: NpuId, size: Bytes) -> None:
        """Receive with the same tag."""
        tag = self._tags[is_switch(source)]
        envelope = Envelope(tag, source, self._switch, size)
        self._mailbox.receive(envelope, self.message_received)

    def message_received(self) -> None:
        """A message is here."""
        self._machine.received(self)

    def finish(self) -> None:
        """Nobody waits for a switch but by its messages."""
