"""Breakpoints: what makes the stepper stop after an event.

To add one: a class with a `reason`, and a word for it in simastra.debug.prompt.breakpoint_syntax.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from simastra.engine import (
    MessageSent,
    NodeFinished,
    NodeIssued,
    PhaseBegun,
)
from simastra.trace import Node, NodeType
from simastra.units import NpuId, Ns

from .state import State


class Breakpoint(ABC):
    """Something to stop at. Its text says what."""

    @property
    def lasts(self) -> bool:
        """Whether it is about a state, at whose beginning to stop, not about what an event does."""
        return False

    @abstractmethod
    def reason(self, state: State) -> str | None:
        """Why to stop in this state, None not to. ``state.happened`` is what the event did."""


@dataclass(frozen=True, slots=True)
class NodePattern:
    """Which ET nodes are meant; those that all of what is given applies to.

    Attributes:
        number: the node's id.
        name: a pattern for its name, with ``*``, ``?`` and ``[...]`` as in a shell.
        type: its type.
        npu: the NPU whose node it is.
    """

    number: int | None = None
    name: str | None = None
    type: NodeType | None = None
    npu: NpuId | None = None

    def matches(self, npu: NpuId, node: Node) -> bool:
        """Whether `node` of `npu` is one of them."""
        return (
            (self.number is None or node.id == self.number)
            and (self.name is None or fnmatchcase(node.name, self.name))
            and (self.type is None or node.type is self.type)
            and (self.npu is None or npu == self.npu)
        )

    def __str__(self) -> str:
        words = []
        if self.number is not None:
            words.append(f"{self.number}")
        if self.name is not None:
            words.append(self.name)
        if self.type is not None:
            words.append(f"type {self.type.name}")
        if self.npu is not None:
            words.append(f"npu {self.npu}")
        return " ".join(words) or "*"


@dataclass(frozen=True, slots=True)
class AtEvent(Breakpoint):
    """Stop after any event; of an NPU, if one is given: one that does something there."""

    npu: NpuId | None = None

    def reason(self, state: State) -> str | None:
        """See `Breakpoint`."""
        if self.npu is None or self.npu in state.concerned:
            return f"{self}"
        return None

    def __str__(self) -> str:
        return "event" if self.npu is None else f"npu {self.npu}"


@dataclass(frozen=True, slots=True)
class AtNode(Breakpoint):
    """Stop when an ET node is issued, or finished."""

    pattern: NodePattern = NodePattern()
    issued: bool = True
    finished: bool = False

    def reason(self, state: State) -> str | None:
        """See `Breakpoint`."""
        for it in state.happened:
            match it:
                case NodeIssued(npu, node) if self.issued and self.pattern.matches(npu, node):
                    return f"{it}"
                case NodeFinished(npu, node) if self.finished and self.pattern.matches(npu, node):
                    return f"{it}"
                case _:
                    pass
        return None

    def __str__(self) -> str:
        when = " or ".join(
            word for word, on in (("issued", self.issued), ("finished", self.finished)) if on
        )
        return f"node {self.pattern} {when}"


@dataclass(frozen=True, slots=True)
class AtPhase(Breakpoint):
    """Stop when a chunk of a collective begins a phase, or one of its NPUs takes a step in it.

    Attributes:
        pattern: the collective's nodes.
        phase_index: which of the chunk's phases, from 1; None for any.
        step: which of the messages that an NPU sends in the phase, from 1; None to stop at the
            phase's beginning.
    """

    pattern: NodePattern = NodePattern()
    phase_index: int | None = None
    step: int | None = None

    def reason(self, state: State) -> str | None:
        """See `Breakpoint`."""
        for it in state.happened:
            match it:
                case PhaseBegun(npu, node, _, phase_index) if self.step is None:
                    if self._is_meant(npu, node, phase_index):
                        return f"{it}"
                case MessageSent(src, step=step) if step is not None and step.step == self.step:
                    if self._is_meant(src, step.node, step.phase_index):
                        return f"{it}"
                case _:
                    pass
        return None

    def _is_meant(self, npu: NpuId, node: Node, phase_index: int) -> bool:
        return self.pattern.matches(npu, node) and self.phase_index in (None, phase_index)

    def __str__(self) -> str:
        phase = "phase" if self.phase_index is None else f"phase {self.phase_index}"
        step = "" if self.step is None else f" step {self.step}"
        return f"collective {self.pattern} {phase}{step}"


@dataclass(frozen=True, slots=True)
class LongQueue(Breakpoint):
    """Stop when more than `longer_than` messages wait at a link; at any, if none is given."""

    longer_than: int = 0
    src: int | None = None
    dst: int | None = None

    @property
    def lasts(self) -> bool:
        """It is about a state."""
        return True

    def reason(self, state: State) -> str | None:
        """See `Breakpoint`."""
        for link in state.queues(self.src, self.dst):
            if len(link.items) > self.longer_than:
                return f"{len(link.items)} messages wait at link {link.src} -> {link.dst}"
        return None

    def __str__(self) -> str:
        ends = "" if self.src is None else f" {self.src} {self.dst}"
        return f"link{ends} > {self.longer_than}"


@dataclass(frozen=True, slots=True)
class AtPosition(Breakpoint):
    """Stop when so many events have been executed."""

    position: int

    def reason(self, state: State) -> str | None:
        """See `Breakpoint`."""
        return f"{self}" if state.position >= self.position else None

    def __str__(self) -> str:
        return f"event {self.position}"


@dataclass(frozen=True, slots=True)
class AtTime(Breakpoint):
    """Stop when all that happens before `time` (in ns) has happened."""

    time: Ns

    @property
    def lasts(self) -> bool:
        """It is about a state."""
        return True

    def reason(self, state: State) -> str | None:
        """See `Breakpoint`."""
        there = state.next_time is not None and state.next_time >= self.time
        return f"{self.time:,} ns" if there else None

    def __str__(self) -> str:
        return f"time {self.time}"


@dataclass(frozen=True, slots=True)
class NextTime(Breakpoint):
    """Stop when the next event is of a later time."""

    def reason(self, state: State) -> str | None:
        """See `Breakpoint`."""
        over = state.next_time is not None and state.next_time > state.now
        return "the end of the tick" if over else None

    def __str__(self) -> str:
        return "tick"


@dataclass(frozen=True, slots=True)
class Condition(Breakpoint):
    """Stop when `predicate` becomes true.

    Attributes:
        predicate: is asked after every event; it must only look.
        text: what it says, for people.
    """

    predicate: Callable[[State], object]
    text: str = "condition"

    @property
    def lasts(self) -> bool:
        """It is about a state."""
        return True

    def reason(self, state: State) -> str | None:
        """See `Breakpoint`."""
        return f"{self}" if self.predicate(state) else None

    def __str__(self) -> str:
        return f"if {self.text}"


@dataclass(frozen=True, slots=True)
class Given(Breakpoint):
    """Stop where `first` does, given that `condition` holds then."""

    first: Breakpoint
    condition: Condition

    @property
    def lasts(self) -> bool:
        """As the first."""
        return self.first.lasts

    def reason(self, state: State) -> str | None:
        """See `Breakpoint`."""
        reason = self.first.reason(state)
        return reason if reason and self.condition.reason(state) else None

    def __str__(self) -> str:
        return f"{self.first} {self.condition}"
