"""A chunk in flight: goes through its phases, one after the other."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from functools import partial

from simastra.collectives import Phase
from simastra.engine import Call

from .communicator import Collective
from .custom import CustomPhase, CustomPlayer
from .player import PhasePlayer
from .ports import Ports


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
        self.begun = False
        self.chunk_finished = chunk_finished
        self.collective = collective
        self._phases = deque(phases)
        self._ports = ports

    @property
    def has_more_phases(self) -> bool:
        """Whether a phase follows the present one."""
        return bool(self._phases)

    def enter_next_phase(self) -> Phase | CustomPhase:
        """Leave the present phase for the next, which has not begun yet."""
        self.phase = self._phases.popleft()
        self.begun = False
        return self.phase

    def begin_phase(self, phase_ended: Callable[[Stream], None]) -> None:
        """Begin the present phase; `phase_ended` is called with this stream at its end."""
        self.begun = True
        ports = self._ports
        ended = partial(self._end_phase, phase_ended)
        match self.phase:
            case Phase() as phase:
                ports.probe.phase_begun(ports.npu, self.number, phase, ports.agenda.env.now)
                PhasePlayer(phase, ports, self.number, ended).begin()
            case CustomPhase() as phase:
                ports.probe.phase_begun(ports.npu, self.number, phase, ports.agenda.env.now)
                CustomPlayer(phase, ports, self.number, ended).begin()
            case None:
                raise AssertionError("a stream begins a phase that it has entered")

    def _end_phase(self, phase_ended: Callable[[Stream], None]) -> None:
        ports = self._ports
        assert self.phase is not None
        ports.probe.phase_ended(ports.npu, self.number, self.phase, ports.agenda.env.now)
        phase_ended(self)
