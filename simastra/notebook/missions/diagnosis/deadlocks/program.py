"""What NPUs do, one thing after the other: each waits until the one before is over."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto

from simastra import Trace, TraceBuilder
from simastra.trace.nodes import Node
from simastra.units import Bytes, NpuId


class Deed(Enum):
    """What a step does."""

    COMPUTE = auto()
    SEND = auto()
    RECEIVE = auto()
    ALL_REDUCE = auto()


@dataclass(frozen=True, slots=True)
class ProgramStep:
    """One thing that an NPU does.

    Attributes:
        name: no two steps of an NPU have the same.
        deed: what it does.
        micros: of a computation.
        size: of a message or a collective.
        peer: the other end of a message.
        tag: of a message.
    """

    name: str
    deed: Deed
    micros: float = 0
    size: Bytes = 0
    peer: NpuId = 0
    tag: int = 0

    def __str__(self) -> str:
        match self.deed:
            case Deed.SEND:
                return f"{self.name} (to {self.peer}, tag {self.tag})"
            case Deed.RECEIVE:
                return f"{self.name} (from {self.peer}, tag {self.tag})"
            case _:
                return self.name

    def add_to(self, trace: TraceBuilder, before: tuple[Node, ...]) -> Node:
        """As a node."""
        match self.deed:
            case Deed.COMPUTE:
                return trace.compute(self.name, micros=self.micros, after=before)
            case Deed.SEND:
                size, tag = self.size, self.tag
                return trace.send(self.name, size=size, to=self.peer, tag=tag, after=before)
            case Deed.RECEIVE:
                size, tag = self.size, self.tag
                return trace.recv(self.name, size=size, source=self.peer, tag=tag, after=before)
            case Deed.ALL_REDUCE:
                return trace.all_reduce(self.name, size=self.size, after=before)


@dataclass(frozen=True, slots=True, repr=False)
class NpuPrograms:
    """What each NPU does; as text, a line for each."""

    npus: tuple[tuple[ProgramStep, ...], ...]

    def __repr__(self) -> str:
        return "\n".join(
            f"NPU {npu}: {', '.join(map(str, it))}" for npu, it in enumerate(self.npus)
        )

    def trace(self) -> Trace:
        """As nodes, each of which depends on the one before."""
        return Trace.of([_chained(npu, steps) for npu, steps in enumerate(self.npus)])

    def names(self, npu: NpuId) -> list[str]:
        """Of an NPU's steps, in order."""
        return [it.name for it in self.npus[npu]]

    def step(self, npu: NpuId, name: str) -> ProgramStep:
        """One by its name."""
        return next(it for it in self.npus[npu] if it.name == name)

    def retagged(self, npu: NpuId, name: str, tag: int) -> "NpuPrograms":
        """The same, with another tag of one message's end."""
        steps = (replace(it, tag=tag) if it.name == name else it for it in self.npus[npu])
        return self._with(npu, steps)

    def swapped(self, npu: NpuId, name: str, other: str) -> "NpuPrograms":
        """The same, with two steps of an NPU in each other's places."""
        places = {name: self.step(npu, other), other: self.step(npu, name)}
        return self._with(npu, (places.get(it.name, it) for it in self.npus[npu]))

    def without(self, npu: NpuId, name: str) -> "NpuPrograms":
        """The same, without a step of an NPU."""
        return self._with(npu, (it for it in self.npus[npu] if it.name != name))

    def inserted(self, npu: NpuId, step: ProgramStep, place: int) -> "NpuPrograms":
        """The same, with a further step of an NPU, before that at a place."""
        steps = self.npus[npu]
        return self._with(npu, (*steps[:place], step, *steps[place:]))

    def _with(
        self, npu: NpuId, steps: "Iterator[ProgramStep] | tuple[ProgramStep, ...]"
    ) -> "NpuPrograms":
        return NpuPrograms((*self.npus[:npu], tuple(steps), *self.npus[npu + 1 :]))


def _chained(npu: NpuId, steps: tuple[ProgramStep, ...]) -> TraceBuilder:
    trace = TraceBuilder(npu)
    before: tuple[Node, ...] = ()
    for step in steps:
        before = (step.add_to(trace, before),)
    return trace
