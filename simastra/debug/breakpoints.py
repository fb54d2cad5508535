"""Breakpoints: what makes the stepper stop after an event; those about events.

To add one: a class with a `reason`, and a word for it in simastra.debug.prompt.breakpoint_syntax.
`state_breakpoints` has those about states.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TypeAlias

from simastra.engine import MessageSent, ModelEvent, NodeFinished, NodeIssued, PhaseBegun
from simastra.trace import Node, NodeType
from simastra.units import NpuId

from .state import State

Reason: TypeAlias = ModelEvent | str
"""Why to stop: the event that a breakpoint is about, or words for one that is about none."""


class Breakpoint(ABC):
    """Something to stop at. Its text says what."""

    @property
    def lasts(self) -> bool:
        """Whether it is about a state, at whose beginning to stop, not about what an event does."""
        return False

    @abstractmethod
    def reason(self, state: State) -> Reason | None:
        """Why to stop in this state, None not to. ``state.happened`` is what the event did."""

    def value(self, state: State) -> object:  # most are about no change
        """What a change is told by; None for those that are about none."""
        return None

    def change(self, before: object, now: object, state: State) -> Reason | None:
        """Why to stop in this state, None not to, given the `value` then and one event before."""
        return self.reason(state)


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
            and (self.name is None or node.name == self.name or fnmatchcase(node.name, self.name))
            and (self.type is None or node.type is self.type)
            and (self.npu is None or npu == self.npu)
        )

    def __str__(self) -> str:
        words = []
        if self.number is not None:
            words.append(f"{self.number}")
        if self.name is not None:
            words.append(self.name if self.name.split() == [self.name] else f"'{self.name}'")
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

    def reason(self, state: State) -> Reason | None:
        """See `Breakpoint`."""
        for it in state.happened:
            match it:
                case NodeIssued(npu, node) if self.issued and self.pattern.matches(npu, node):
                    return it
                case NodeFinished(npu, node) if self.finished and self.pattern.matches(npu, node):
                    return it
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

    def reason(self, state: State) -> Reason | None:
        """See `Breakpoint`."""
        for it in state.happened:
            match it:
                case PhaseBegun(npu, node, _, phase_index) if self.step is None:
                    if self._is_meant(npu, node, phase_index):
                        return it
                case MessageSent(src, step=step) if step is not None and step.step == self.step:
                    if self._is_meant(src, step.node, step.phase_index):
                        return it
                case _:
                    pass
        return None

    def _is_meant(self, npu: NpuId, node: Node, phase_index: int) -> bool:
        return self.pattern.matches(npu, node) and self.phase_index in (None, phase_index)

    def __str__(self) -> str:
        phase = "" if self.phase_index is None else f" phase {self.phase_index}"
        step = "" if self.step is None else f" step {self.step}"
        return f"collective {self.pattern}{phase}{step}"
