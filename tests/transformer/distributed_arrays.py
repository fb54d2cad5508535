"""Executes tensor graphs on real numbers, cut over NPUs: what layouts' rules must agree with.

Whole numbers, so that results are equal or wrong. An elementwise operator is taken as a product of
its inputs, so that it has a derivative.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import product
from typing import TypeAlias

import numpy as np

from simastra.transformer.graph import (
    Layout,
    OperatorType,
    Role,
    Tensor,
    TensorGraph,
    TensorOperator,
    Use,
)

Array: TypeAlias = np.ndarray
Place: TypeAlias = tuple[int, ...]
Cut: TypeAlias = dict[Place, Array]  # for each NPU what it has of a tensor


@dataclass
class Machine:
    """NPUs along some axes, and the tensors that they have.

    Attributes:
        degrees: NPUs along each axis.
        sizes: values of the symbols.
    """

    degrees: Mapping[str, int]
    sizes: Mapping[str, int]

    def __post_init__(self) -> None:
        self.tensors: dict[str, tuple[Layout, Cut]] = {}

    def places(self) -> Iterator[Place]:
        return product(*(range(degree) for degree in self.degrees.values()))

    def put(self, tensor: Tensor, whole: Array) -> None:
        self.tensors[tensor.id] = (tensor.layout, self.cut(whole, tensor.layout))

    def whole(self, name: str) -> Array:
        layout, parts = self.tensors[name]
        return self.assembled(parts, layout)

    def cut(self, whole: Array, layout: Layout) -> Cut:
        assert not layout.partial
        return {place: whole[self._slices(place, layout)].copy() for place in self.places()}

    def assembled(self, parts: Cut, layout: Layout) -> Array:
        """The tensor's value; NPUs that have the same part of it must agree."""
        shape = [int(extent.evaluate(self.sizes)) for extent in layout.extents]
        sums: dict[Place, Array] = {}
        rest = [axis for axis in self.degrees if axis not in layout.axes + layout.partial]
        for place in self.places():
            copy = tuple(place[list(self.degrees).index(axis)] for axis in rest)
            target = sums.setdefault(copy, np.zeros(shape, dtype=np.int64))
            target[self._slices(place, layout)] += parts[place]
        first, *others = sums.values()
        assert all(np.array_equal(first, other) for other in others)
        return first

    def run(self, graph: TensorGraph) -> None:
        for operator in graph.operators:
            made = self._made(operator)
            for index, tensor in enumerate(operator.outputs):
                parts = {place: arrays[index] for place, arrays in made.items()}
                self.tensors[tensor.id] = (tensor.layout, parts)

    def wanted(self, use: Use) -> Cut:
        """A tensor in the layout that is wanted; how it gets there is not what is tested here."""
        layout, parts = self.tensors[use.tensor.id]
        if layout.same_placement(use.layout):
            return parts
        return self.cut(self.assembled(parts, layout), use.layout)

    def _slices(self, place: Place, layout: Layout) -> tuple[slice, ...]:
        at = dict(zip(self.degrees, place, strict=True))
        slices = []
        for dimension in layout.dimensions:
            size, index = int(dimension.extent.evaluate(self.sizes)), 0
            for axis in dimension.axes:
                index = index * self.degrees[axis] + at[axis]
                size //= self.degrees[axis]
            slices.append(slice(index * size, (index + 1) * size))
        return tuple(slices)

    def _made(self, operator: TensorOperator) -> dict[Place, list[Array]]:
        inputs = [self.wanted(use) for use in operator.inputs]
        return {
            place: _executed(operator, [parts[place] for parts in inputs])
            for place in self.places()
        }


def _executed(operator: TensorOperator, inputs: Sequence[Array]) -> list[Array]:
    backward = operator.outputs[0].role in (Role.GRADIENT, Role.WEIGHT_GRADIENT)
    match operator.type:
        case OperatorType.EINSUM:
            return _product(operator, inputs)
        case OperatorType.ADD:
            return [reduce(np.add, inputs)]
        case OperatorType.ELEMENTWISE if backward:
            return _derivatives(operator, inputs)
        case OperatorType.ELEMENTWISE:
            return [reduce(np.multiply, inputs)]
        case OperatorType.IDENTITY:
            return [inputs[0]]
        case _:
            raise NotImplementedError(operator.type)


def _product(operator: TensorOperator, inputs: Sequence[Array]) -> list[Array]:
    """An einsum, with biases added; in a backward pass, also the gradients of biases."""
    count = operator.attribute.count(",") + 1
    value = reduce(np.add, [np.einsum(operator.attribute, *inputs[:count]), *inputs[count:]])
    shapes = [len(tensor.layout.dimensions) for tensor in operator.outputs[1:]]
    return [value, *(_summed(inputs[0], dimensions) for dimensions in shapes)]


def _derivatives(operator: TensorOperator, inputs: Sequence[Array]) -> list[Array]:
    dy, *factors = inputs
    made = []
    names = [use.tensor.id for use in operator.inputs[1:]]
    for output in operator.outputs:
        value = dy
        for name, factor in zip(names, factors, strict=True):
            if name != output.of:
                value = value * factor
        made.append(_summed(value, len(output.layout.dimensions)))
    return made


def _summed(value: Array, dimensions: int) -> Array:
    """The sum over the leading dimensions, along which a smaller tensor was repeated."""
    return value.sum(axis=tuple(range(value.ndim - dimensions)))
