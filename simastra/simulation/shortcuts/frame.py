"""Renumberings of the NPUs under which a scenario stays the same: arithmetic, and nothing else.

The renumberings considered move NPUs along digits. A digit is a part of an NPU's number, such as
its coordinate along a network dimension; it is either rotated (so many places further on, round the
end) or exchanged (bits flipped). All renumberings of a `Frame` commute, and none but the identity
leaves any NPU in its place, so that each NPU is reached from its representative in one way only.

A renumbering is written as a number: the NPU to which it takes the NPU all of whose moved digits
are zero and whose other digits are zero too. 0 is the identity.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from math import prod

from simastra.units import NpuId


class Motion(Enum):
    """How a digit is moved."""

    ROTATION = auto()
    EXCHANGE = auto()
    """Exclusive or: pairs, pairs of pairs and so on change places. Sizes are powers of two."""


@dataclass(frozen=True, slots=True)
class Digit:
    """A part of an NPU's number: ``npu // stride % size``.

    Attributes:
        stride: what one place makes in an NPU's number.
        size: how many values it has.
        motion: how it is moved.
        step: it is moved by multiples of this, a divisor of `size`.
    """

    stride: int
    size: int
    motion: Motion
    step: int = 1

    @property
    def order(self) -> int:
        """How many places each value can be moved to, its own included."""
        return self.size // self.step

    @property
    def generators(self) -> tuple[int, ...]:
        """Renumberings from which all along this digit can be put together."""
        if self.motion is Motion.ROTATION:
            return (self.stride * self.step,)
        return tuple(self.stride * (self.step << bit) for bit in range(self.order.bit_length() - 1))

    def value(self, npu: NpuId) -> int:
        """What the digit is in that number."""
        return npu // self.stride % self.size

    def moved(self, value: int, by: int) -> int:
        """The digit's value after it has been moved."""
        return (value + by) % self.size if self.motion is Motion.ROTATION else value ^ by

    def __str__(self) -> str:
        word = "rotation" if self.motion is Motion.ROTATION else "exchange"
        every = f" by {self.step}" if self.step > 1 else ""
        return f"{word}{every} of {self.size} NPUs at stride {self.stride}"


@dataclass(frozen=True, slots=True)
class Frame:
    """A group of renumberings, one digit beside the other. Digits don't overlap."""

    digits: tuple[Digit, ...]

    @property
    def order(self) -> int:
        """How many NPUs each representative stands for, itself included."""
        return prod(digit.order for digit in self.digits)

    def representative(self, npu: NpuId) -> NpuId:
        """The NPU that stands for `npu`."""
        return npu - self.place(npu)

    def place(self, npu: NpuId) -> int:
        """The renumbering that takes the representative of `npu` to `npu`."""
        place = 0
        for digit in self.digits:
            value = digit.value(npu)
            place += (value - value % digit.step) * digit.stride
        return place

    def move(self, by: int, npu: NpuId) -> NpuId:
        """Where the renumbering `by` takes `npu`; of a renumbering: the two, one after another."""
        if not by:
            return npu
        if not npu:
            return by
        for digit in self.digits:
            value = digit.value(npu)
            npu += (digit.moved(value, digit.value(by)) - value) * digit.stride
        return npu

    def inverse(self, by: int) -> int:
        """The renumbering that undoes `by`."""
        if not by:
            return 0
        back = 0
        for digit in self.digits:
            value = digit.value(by)
            undo = -value % digit.size if digit.motion is Motion.ROTATION else value
            back += undo * digit.stride
        return back

    def renumberings(self) -> Iterator[int]:
        """All of them, the identity first."""
        return self._from(len(self.digits) - 1)

    def _from(self, last: int) -> Iterator[int]:
        if last < 0:
            yield 0
            return
        digit = self.digits[last]
        for value in range(0, digit.size, digit.step):
            for lower in self._from(last - 1):
                yield value * digit.stride + lower

    def __str__(self) -> str:
        return ", ".join(map(str, self.digits)) or "none"
