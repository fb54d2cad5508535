"""Segments: what one NPU does for a graph, step by step, without ids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from simastra.trace import CollectiveType
from simastra.units import Bytes

from .experts import ExpertRole
from .products import MatrixProduct
from .tensors import Work

START = -1
"""Stands, among what a step waits for, for the segment's own input."""


@dataclass(frozen=True, slots=True)
class Computation:
    """A computation on one NPU.

    Attributes:
        name: for people.
        operations: a multiplication and an addition are two.
        size: bytes of local memory that it reads and writes.
        work: what its operations count as.
        after: indices of the steps that it waits for; START for the segment's input.
        products: the matrix products that it is made of; none for other computations.
        role: what it has to do with experts; None for nothing.
        fixed: bytes of weights among `size`, however many tokens there are.
    """

    name: str
    operations: int
    size: Bytes
    work: Work
    after: tuple[int, ...]
    products: tuple[MatrixProduct, ...] = ()
    role: ExpertRole | None = None
    fixed: Bytes = 0


@dataclass(frozen=True, slots=True)
class TensorCommunication:
    """A collective among the NPUs along some axes.

    Attributes:
        name: for people.
        collective: which.
        axes: along which.
        size: bytes, as `TraceBuilder.collective` takes them.
        after: as in `Computation`.
        role: likewise.
    """

    name: str
    collective: CollectiveType
    axes: tuple[str, ...]
    size: Bytes
    after: tuple[int, ...]
    role: ExpertRole | None = None


LoweredStep: TypeAlias = Computation | TensorCommunication


@dataclass(frozen=True, slots=True)
class WeightGradient:
    """The gradient of a weight, where a backward segment leaves it.

    Attributes:
        weight: its id.
        axes: over which it is a partial sum.
        step: index of the computation that writes it.
    """

    weight: str
    axes: tuple[str, ...]
    step: int


@dataclass(frozen=True, slots=True)
class Segment:
    """What one NPU does for a graph.

    Attributes:
        steps: in the order of the program.
        last: indices of the steps whose end is the segment's result; START for its input.
        gradients: of weights, in a backward segment.
        read: the forward tensors that a backward segment reads, each layout once, with its bytes.
    """

    steps: tuple[LoweredStep, ...]
    last: tuple[int, ...]
    gradients: tuple[WeightGradient, ...] = ()
    read: tuple[tuple[str, Bytes], ...] = ()

    @property
    def kept(self) -> Bytes:
        """Bytes of the forward tensors that a backward segment reads."""
        return sum(size for _, size in self.read)

    @property
    def largest(self) -> Bytes:
        """Bytes that the largest of its computations reads and writes."""
        return max((step.size for step in self.steps if isinstance(step, Computation)), default=0)
