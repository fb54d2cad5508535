"""A chunk in flight: goes through its phases, one after the other."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from simastra.collectives import Phase
from simastra.deferred import deferred
from simastra.engine import Call, PhaseBegun, PhaseEnded, WatchedPhase, stream_name
from simastra.trace import Node
from simastra.units import NpuId, Ns

from .communicator import Collective
from .custom import CustomPhase, CustomPlayer
from .player import PhasePlayer
from .ports import Ports

if TYPE_CHECKING:
    from . import switched_player
else:  # few collectives use switches
    switched_player = deferred("simastra.system.switched_player")


class Stream:
    """One chunk of one collective on one NPU.

    Args:
        number: alike on all members; it tags the stream's messages.
        priority: streams of higher priority go first in a queue.
        phases: what it goes through, in order.
        ports: what it acts upon.
        chunk_finished: called when the last phase has ended.
        collective: that it is a chunk of.

    Attributes:
        phase: the phase that it is in or waits to begin, None before the first.
        phase_index: which of its phases that is, from 1; 0 before the first.
        begun: whether that phase has begun.
    """

    __slots__ = (
        "_phases",
        "_ports",
        "begun",
        "chunk_finished",
        "collective",
        "number",
        "phase",
        "phase_index",
        "priority",
    )

    def __init__(  # a chunk is described by these
        self,
        number: int,
        priority: int,
        phases: Sequence[Phase | CustomPhase],
        ports: Ports,
        chunk_finished: Call,
        collective: Collective,
    ) -> None:
        self.number = number
        self.priority = priority
        self.phase: Phase | CustomPhase | None = None
        self.phase_index = 0
        self.begun = False
        self.chunk_finished = chunk_finished
        self.collective = collective
        self._phases = deque(phases)
        self._ports = ports

    @property
    def name(self) -> str:
        """Its number as people read it."""
        return stream_name(self.number)

    @property
    def has_more_phases(self) -> bool:
        """Whether a phase follows the present one."""
        return bool(self._phases)

    def enter_next_phase(self) -> Phase | CustomPhase:
        """Leave the present phase for the next, which has not begun yet."""
        self.phase = self._phases.popleft()
        self.phase_index += 1
        self.begun = False
        return self.phase

    def begin_phase(self, phase_ended: Callable[[Stream], None]) -> None:
        """Begin the present phase; `phase_ended` is called with this stream at its end."""
        self.begun = True
        ports = self._ports
        ended = partial(self._end_phase, phase_ended)
        if on_begun := ports.probe.listeners(PhaseBegun):
            on_begun.emit(PhaseBegun(*self._phase_facts()))
        match self.phase:
            case Phase() as phase if phase.algorithm.uses_switches:
                ports.switches.take_part(phase, self.number)
                switched_player.SwitchedPlayer(phase, ports, self.number, ended).begin()
            case Phase() as phase:
                PhasePlayer(phase, ports, self.number, ended).begin()
            case CustomPhase() as phase:
                CustomPlayer(phase, ports, self.number, ended).begin()
            case None:
                raise AssertionError("a stream begins a phase that it has entered")

    def _end_phase(self, phase_ended: Callable[[Stream], None]) -> None:
        if on_ended := self._ports.probe.listeners(PhaseEnded):
            on_ended.emit(PhaseEnded(*self._phase_facts()))
        phase_ended(self)

    def _phase_facts(self) -> tuple[NpuId, Node, int, int, WatchedPhase, Ns]:
        """What is said of the present phase where it begins or ends."""
        ports, node = self._ports, self.collective.node
        assert self.phase is not None
        return ports.npu, node, self.number, self.phase_index, self.phase, ports.agenda.env.now
