"""The matrix products that an operator is made of, as shapes: what their times depend on."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod

from .layout import Layout
from .operators import Einsum, forward_attribute, label_sizes
from .tensors import OperatorType, Role, TensorOperator

_FACTORS = 2
_SCORES = 4
"""Dimensions of unfused attention's scores: sequences, heads, queries, keys."""


@dataclass(frozen=True, slots=True)
class MatrixProduct:
    """Products of an m x k by a k x n matrix.

    Attributes:
        m: rows of the first.
        n: columns of the second.
        k: what is summed over.
        count: how many, in one kernel.
    """

    m: int
    n: int
    k: int
    count: int = 1

    @property
    def operations(self) -> int:
        """A multiplication and an addition are two."""
        return 2 * self.m * self.n * self.k * self.count


def matrix_products(
    operator: TensorOperator, operations: int, values: Mapping[str, int]
) -> tuple[MatrixProduct, ...]:
    """Return the matrix products of an operator on one NPU; none if it isn't made of them.

    Args:
        operator: which.
        operations: of the operator.
        values: of every symbol, and the degree of every axis.
    """
    if operator.unfused:
        return _attention_products(operator, operations, values)
    if operator.type is not OperatorType.EINSUM:
        return ()
    einsum = Einsum.parse(forward_attribute(operator.attribute))
    if len(einsum.inputs) < _FACTORS or not einsum.contracted:
        return ()
    return (_einsum_product(einsum, label_sizes(einsum, operator.inputs, values)),)


def _einsum_product(einsum: Einsum, sizes: Mapping[str, int]) -> MatrixProduct:
    first, second = map(set, einsum.inputs)
    kept = set(einsum.output)

    def size(labels: set[str]) -> int:
        return prod(sizes[label] for label in labels)

    return MatrixProduct(
        size((first - second) & kept),
        size((second - first) & kept),
        size((first | second) - kept),
        size(first & second & kept),
    )


def _attention_products(
    operator: TensorOperator, operations: int, values: Mapping[str, int]
) -> tuple[MatrixProduct, ...]:
    """Those of queries with keys, or of probabilities with values; backward, of two gradients."""
    written = [tensor.layout for tensor in operator.outputs if _has_scores(tensor.layout)]
    read = [use.layout for use in operator.inputs if _has_scores(use.layout)]
    sequences, heads, queries, keys = (written or read)[0].local(values)
    count = sequences * heads
    backward = operator.outputs[0].role is Role.GRADIENT
    width = operations // (2 * count * queries * keys * (2 if backward else 1))
    first = (queries, keys, width) if written else (queries, width, keys)
    shapes = [first, (keys, width, queries)] if backward else [first]
    return tuple(MatrixProduct(*shape, count) for shape in shapes)


def _has_scores(layout: Layout) -> bool:
    return len(layout.dimensions) == _SCORES
