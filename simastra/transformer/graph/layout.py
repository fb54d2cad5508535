"""Layouts: a tensor's symbolic shape, and how the axes of parallelism cut it.

An axis, such as ``tp``, has a degree, its number of NPUs. Along an axis a tensor is cut (along one
of its dimensions), a partial sum (its true value is the sum over the axis), or the same on all
NPUs. (docs/chakra.md 3.1.)
"""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod

from .symbols import SymbolicExpression

AXES = ("dp", "edp", "ep", "cp", "cq", "ch", "sp", "tp", "mp", "pp", "fsdp")
"""Names that mean axes in a table; every other name is a size."""

PARTIAL = -1
"""Where a partial sum stands in place of a dimension's index."""


@dataclass(frozen=True, slots=True)
class Dimension:
    """One dimension of a tensor.

    Attributes:
        extent: its size on all NPUs together.
        axes: those that cut it, in order.
    """

    extent: SymbolicExpression
    axes: tuple[str, ...] = ()

    def __str__(self) -> str:
        text = str(self.extent)
        if self.axes and not text.isidentifier():
            text = f"({text})"
        return "/".join((text, *self.axes))


@dataclass(frozen=True, slots=True)
class Layout:
    """A tensor's dimensions, and the axes over which it is a partial sum (its hidden part).

    >>> print(Layout.parse("Batch/dp, (Seq/cp)/tp, Dmodel/1", "1"))
    [Batch/dp, Seq/cp/tp, Dmodel]
    """

    dimensions: tuple[Dimension, ...]
    partial: tuple[str, ...] = ()

    @classmethod
    def parse(cls, shape: str, hidden: str = "1", axes: Sequence[str] = AXES) -> "Layout":
        """Read a shape and its hidden part, as tables have them.

        Raises:
            ValueError: one of them makes no sense; the text says why.
        """
        dimensions = tuple(_dimension(part, axes) for part in _parts(shape))
        whole = _dimension(hidden.strip() or "1", axes)
        if whole.extent.text != "1":
            raise ValueError(f"the hidden part is 1, or 1 over axes such as 1/tp, not {hidden!r}")
        layout = cls(dimensions, whole.axes)
        layout.check()
        return layout

    def check(self) -> None:
        """Raise a ValueError if an axis stands at two places."""
        used = [axis for dimension in self.dimensions for axis in dimension.axes]
        used.extend(self.partial)
        for axis in used:
            if used.count(axis) > 1:
                raise ValueError(f"the axis {axis} cuts {self} twice; once is enough")

    @property
    def axes(self) -> tuple[str, ...]:
        """The axes that cut it, in the order of the dimensions."""
        return tuple(axis for dimension in self.dimensions for axis in dimension.axes)

    @property
    def extents(self) -> tuple[SymbolicExpression, ...]:
        """The sizes of its dimensions on all NPUs together."""
        return tuple(dimension.extent for dimension in self.dimensions)

    def place(self, axis: str) -> int | None:
        """Index of the dimension that an axis cuts; PARTIAL; None if it is the same all along."""
        if axis in self.partial:
            return PARTIAL
        for index, dimension in enumerate(self.dimensions):
            if axis in dimension.axes:
                return index
        return None

    def placed(self, axis: str, place: int | None) -> "Layout":
        """Return the layout with an axis at another place."""
        dimensions = [
            Dimension(dimension.extent, tuple(other for other in dimension.axes if other != axis))
            for dimension in self.dimensions
        ]
        partial = tuple(other for other in self.partial if other != axis)
        if place == PARTIAL:
            partial = (*partial, axis)
        elif place is not None:
            old = dimensions[place]
            dimensions[place] = Dimension(old.extent, (*old.axes, axis))
        return Layout(tuple(dimensions), partial)

    def resolved(self, aliases: Mapping[str, Sequence[str]]) -> "Layout":
        """Return the layout with axes replaced by those that they stand for, none or several."""

        def real(axes: Sequence[str]) -> tuple[str, ...]:
            return tuple(name for axis in axes for name in aliases.get(axis, (axis,)))

        layout = Layout(
            tuple(Dimension(old.extent, real(old.axes)) for old in self.dimensions),
            real(self.partial),
        )
        layout.check()
        return layout

    def dual(self) -> "Layout":
        """Layout of the gradient: a partial sum's gradient is the same for every summand."""
        return Layout(self.dimensions)

    def local(self, values: Mapping[str, int]) -> tuple[int, ...]:
        """Sizes of its dimensions on one NPU.

        Args:
            values: of every symbol and, as its degree, of every axis.

        Raises:
            ValueError: a dimension can't be cut evenly.
        """
        return tuple(_local(dimension, values) for dimension in self.dimensions)

    def elements(self, values: Mapping[str, int]) -> int:
        """Number of its elements on one NPU; see `local`."""
        return prod(self.local(values))

    def same_placement(self, other: "Layout") -> bool:
        """Whether every axis is at the same place in both."""
        axes = {*self.axes, *self.partial, *other.axes, *other.partial}
        return all(self.place(axis) == other.place(axis) for axis in axes)

    def __str__(self) -> str:
        text = "[" + ", ".join(map(str, self.dimensions)) + "]"
        return text + "".join(f", partial over {axis}" for axis in self.partial)


def _parts(shape: str) -> list[str]:
    parts = [part.strip() for part in shape.split(",")]
    if not all(parts):
        raise ValueError(
            f"a shape is sizes with commas between, such as 'Batch/dp, Din', not {shape!r}"
        )
    return parts


def _dimension(text: str, axes: Sequence[str]) -> Dimension:
    tree = SymbolicExpression.parse(text).tree
    cuts: list[str] = []
    while isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.Div):
        divisor = _divisor_axes(tree.right, axes)
        if divisor is None:
            break
        cuts = [*divisor, *cuts]
        tree = tree.left
    extent = SymbolicExpression.of(tree)
    for name in extent.names:
        if name in axes:
            raise ValueError(f"{text!r} has the axis {name} inside; divide the whole size by it")
    return Dimension(extent, tuple(cuts))


def _divisor_axes(tree: ast.expr, axes: Sequence[str]) -> list[str] | None:
    """The axes whose product a divisor is, none for 1; None if it is a size."""
    match tree:
        case ast.Constant(1):
            return []
        case ast.Name(name) if name in axes:
            return [name]
        case ast.BinOp(left, ast.Mult(), right):
            first, second = _divisor_axes(left, axes), _divisor_axes(right, axes)
            return None if first is None or second is None else first + second
        case _:
            return None


def _local(dimension: Dimension, values: Mapping[str, int]) -> int:
    extent = dimension.extent.evaluate(values)
    degrees = [values.get(axis, 1) for axis in dimension.axes]
    local = extent / prod(degrees)
    if extent.denominator != 1 or extent < 1:
        raise ValueError(f"{dimension.extent} is {extent}; a whole number from 1 is wanted")
    if local.denominator != 1:
        cut = " x ".join(
            f"{axis} {degree}"
            for axis, degree in zip(dimension.axes, degrees, strict=True)
            if degree > 1
        )
        raise ValueError(f"{dimension.extent} is {extent}, which can't be cut evenly by {cut}")
    return int(local)
