"""Renumberings of the NPUs under which an experiment stays the same: arithmetic, and nothing else.

The renumberings considered move NPUs along axes. An axis is a part of an NPU's number, such as its
coordinate along a network dimension; it is either rotated (so many places further on, round the
end) or exchanged (bits flipped). All renumberings of a `SymmetryGroup` commute, and none but the
identity leaves any NPU in its place, so that each NPU is reached from its representative in one way
only.

A renumbering is written as a number: the NPU to which it takes the NPU all of whose moved axes
are zero and whose other axes are zero too. 0 is the identity.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from math import prod

from simastra.units import NpuId


class Action(Enum):
    """How an axis is moved."""

    ROTATION = auto()
    EXCHANGE = auto()
    """Exclusive or: pairs, pairs of pairs and so on change places. Sizes are powers of two."""


@dataclass(frozen=True, slots=True)
class SymmetryAxis:
    """A part of an NPU's number: ``npu // stride % size``.

    Attributes:
        stride: what one place makes in an NPU's number.
        size: how many values it has.
        action: how it is moved.
        step: it is moved by multiples of this, a divisor of `size`.
    """

    stride: int
    size: int
    action: Action
    step: int = 1

    @property
    def order(self) -> int:
        """How many places each value can be moved to, its own included."""
        return self.size // self.step

    @property
    def generators(self) -> tuple[int, ...]:
        """Renumberings from which all along this axis can be put together."""
        if self.action is Action.ROTATION:
            return (self.stride * self.step,)
        return tuple(self.stride * (self.step << bit) for bit in range(self.order.bit_length() - 1))

    def value(self, npu: NpuId) -> int:
        """The coordinate of that NPU."""
        return npu // self.stride % self.size

    def moved(self, value: int, by: int) -> int:
        """A coordinate after it has been moved."""
        return (value + by) % self.size if self.action is Action.ROTATION else value ^ by

    def __str__(self) -> str:
        word = "rotation" if self.action is Action.ROTATION else "exchange"
        every = f" by {self.step}" if self.step > 1 else ""
        return f"{word}{every} of {self.size} NPUs at stride {self.stride}"


@dataclass(frozen=True, slots=True)
class SymmetryGroup:
    """A group of renumberings, one axis beside the other. Axes don't overlap."""

    axes: tuple[SymmetryAxis, ...]

    @property
    def order(self) -> int:
        """How many NPUs each representative stands for, itself included."""
        return prod(axis.order for axis in self.axes)

    def representative(self, npu: NpuId) -> NpuId:
        """The NPU that stands for `npu`."""
        return npu - self.place(npu)

    def place(self, npu: NpuId) -> int:
        """The renumbering that takes the representative of `npu` to `npu`."""
        place = 0
        for axis in self.axes:
            value = axis.value(npu)
            place += (value - value % axis.step) * axis.stride
        return place

    def move(self, by: int, npu: NpuId) -> NpuId:
        """Where the renumbering `by` takes `npu`; of a renumbering: the two, one after another."""
        if not by:
            return npu
        if not npu:
            return by
        for axis in self.axes:
            value = axis.value(npu)
            npu += (axis.moved(value, axis.value(by)) - value) * axis.stride
        return npu

    def inverse(self, by: int) -> int:
        """The renumbering that undoes `by`."""
        if not by:
            return 0
        back = 0
        for axis in self.axes:
            value = axis.value(by)
            undo = -value % axis.size if axis.action is Action.ROTATION else value
            back += undo * axis.stride
        return back

    def renumberings(self) -> Iterator[int]:
        """All of them, the identity first."""
        return self._from(len(self.axes) - 1)

    def composed(self, by: int) -> list[int]:
        """For each renumbering the one that it and `by` make together, as indices of all."""
        indices, count = [0], 1
        for axis in self.axes:
            moved = (axis.moved(value, axis.value(by)) for value in range(0, axis.size, axis.step))
            indices = [it // axis.step * count + rest for it in moved for rest in indices]
            count *= axis.order
        return indices

    def _from(self, last: int) -> Iterator[int]:
        if last < 0:
            yield 0
            return
        axis = self.axes[last]
        for value in range(0, axis.size, axis.step):
            for lower in self._from(last - 1):
                yield value * axis.stride + lower

    def __str__(self) -> str:
        return ", ".join(map(str, self.axes)) or "none"
