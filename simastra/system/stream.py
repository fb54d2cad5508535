"""A chunk in flight: plays its phases, one after the other, on the endpoint and the network."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import assert_never

from simastra.collectives import Action, Admit, Finished, Phase, PhaseMachine, Receive, Send
from simastra.engine import Call
from simastra.network import Envelope, Mailbox
from simastra.units import NpuId

from .endpoint import Endpoint


@dataclass(frozen=True, slots=True)
class Ports:
    """What an NPU's streams act upon."""

    npu: NpuId
    endpoint: Endpoint
    mailbox: Mailbox


class Stream:
    """One chunk of one collective on one NPU.

    Args:
        tag: of its messages: the stream's number, alike on all members.
        priority: streams of higher priority go first in a queue.
        phases: what it goes through, in order.
        ports: what it acts upon.
        chunk_finished: called when the last phase has ended.

    Attributes:
        phase: the phase that it is in or waits to begin, None before the first.
        begun: whether that phase has begun.
    """

    __slots__ = (
        "_machine",
        "_phase_ended",
        "_phases",
        "_ports",
        "begun",
        "chunk_finished",
        "phase",
        "priority",
        "tag",
    )

    def __init__(
        self,
        tag: int,
        priority: int,
        phases: Sequence[Phase],
        ports: Ports,
        chunk_finished: Call,
    ) -> None:
        self.tag = tag
        self.priority = priority
        self.phase: Phase | None = None
        self.begun = False
        self.chunk_finished = chunk_finished
        self._phases = deque(phases)
        self._ports = ports
        self._machine: PhaseMachine
        self._phase_ended: Callable[[Stream], None]

    @property
    def has_more_phases(self) -> bool:
        """Whether a phase follows the present one."""
        return bool(self._phases)

    def enter_next_phase(self) -> Phase:
        """Leave the present phase for the next, which has not begun yet."""
        self.phase = self._phases.popleft()
        self.begun = False
        return self.phase

    def begin_phase(self, phase_ended: Callable[[Stream], None]) -> None:
        """Begin the present phase; `phase_ended` is called with this stream at its end."""
        assert self.phase is not None  # enter_next_phase comes first
        self.begun = True
        self._phase_ended = phase_ended
        self._machine = self.phase.machine()
        self._act(self._machine.start())

    def _received(self) -> None:
        self._act(self._machine.received())

    def _admitted(self) -> None:
        self._act(self._machine.admitted())

    def _act(self, actions: Sequence[Action]) -> None:
        ports = self._ports
        for action in actions:
            match action:
                case Admit():
                    in_group = self.phase is not None and self.phase.ring.is_group
                    ports.endpoint.admit(action, self._admitted, in_group=in_group)
                case Send(to, size):
                    ports.mailbox.send(Envelope(self.tag, ports.npu, to, size))
                case Receive(source, size):
                    envelope = Envelope(self.tag, source, ports.npu, size)
                    ports.mailbox.receive(envelope, self._received)
                case Finished():
                    self._phase_ended(self)
                case _:
                    assert_never(action)
