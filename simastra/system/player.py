"""Plays a phase: carries out, in simulated time, what an algorithm's machine asks for."""

from collections.abc import Sequence
from typing import assert_never

from simastra.collectives import Action, Admit, Finished, Phase, Receive, Send
from simastra.engine import Call
from simastra.network import Envelope

from .ports import Ports


class PhasePlayer:
    """One NPU's part in one phase.

    Args:
        phase: what is played.
        ports: what it acts upon.
        stream: number of the stream.
        ended: called at the end.
    """

    __slots__ = ("_ended", "_in_group", "_machine", "_ports", "_tag")

    def __init__(self, phase: Phase, ports: Ports, stream: int, ended: Call) -> None:
        self._machine = phase.machine()
        self._in_group = phase.ring.is_group
        self._ports = ports
        self._tag = ports.tags.of_stream(stream)
        self._ended = ended

    def begin(self) -> None:
        """Begin."""
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
                    ports.endpoint.admit(action, self._admitted, in_group=self._in_group)
                case Send(to, size):
                    ports.mailbox.send(Envelope(self._tag, ports.npu, to, size))
                case Receive(source, size):
                    envelope = Envelope(self._tag, source, ports.npu, size)
                    ports.mailbox.receive(envelope, self._received)
                case Finished():
                    self._ended()
                case _:
                    assert_never(action)
