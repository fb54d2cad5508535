"""What a symbolic tensor graph is made of: tensors, and operators that use them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeAlias

from .layout import Layout
from .symbols import SymbolicExpression

ACTIVATION_BYTES = SymbolicExpression.parse("ActivationBytes")
"""Bytes of an element of whatever isn't a weight or its gradient."""


class OperatorType(StrEnum):
    """What an operator does; the values are those of the column op_type."""

    TENSOR = "T"
    """Nothing: a tensor that is there at the start, a weight or an input."""
    EINSUM = "M"
    """A product of two tensors, or a sum within one, as its einsum says; a bias may follow."""
    ADD = "A"
    """A sum; what has fewer dimensions is repeated along the leading ones."""
    ELEMENTWISE = "E"
    """op_attr operations for each element of the output, which has the first input's shape."""
    IDENTITY = "I"
    """The same tensor in another layout."""
    LOOKUP = "L"
    """Rows of the second input, chosen by the first."""
    RESHAPE = "R"
    """The same elements in another shape and order; op_attr operations each, 0 if left out."""
    CUSTOM = "CUSTOM"
    """Whatever op_attr operations do; the output has the first input's shape, or y_shape."""


class Role(StrEnum):
    """What a tensor is to the graph."""

    WEIGHT = "weight"
    INPUT = "input"
    ACTIVATION = "activation"
    GRADIENT = "gradient"
    WEIGHT_GRADIENT = "gradient of a weight"


class Work(StrEnum):
    """What operations count as, in sums of them."""

    MATMUL = "matmul"
    ATTENTION = "attention"
    ELEMENTWISE = "elementwise"
    OPTIMIZER = "optimizer"


@dataclass(frozen=True, slots=True)
class Tensor:
    """A tensor.

    Attributes:
        id: its name.
        layout: as it is produced, or stored.
        role: what it is to the graph.
        requires_grad: whether a backward pass computes its gradient.
        element_bytes: bytes of an element.
        of: for a gradient, the id of the tensor whose it is.
    """

    id: str
    layout: Layout
    role: Role = Role.ACTIVATION
    requires_grad: bool = True
    element_bytes: SymbolicExpression = ACTIVATION_BYTES
    of: str = ""


@dataclass(frozen=True, slots=True)
class Use:
    """An input of an operator: a tensor, and the layout in which the operator wants it."""

    tensor: Tensor
    layout: Layout


@dataclass(frozen=True, slots=True)
class TensorOperator:
    """An operator.

    Attributes:
        name: of its compute node.
        type: what it does.
        attribute: the column op_attr: an einsum, or a number of operations.
        inputs: what it reads.
        outputs: what it writes.
        work: what they count as.
        unfused: whether it is a product of unfused attention; its scores have four dimensions.
    """

    name: str
    type: OperatorType
    attribute: str
    inputs: tuple[Use, ...]
    outputs: tuple[Tensor, ...]
    work: Work = Work.ELEMENTWISE
    unfused: bool = False


Aliases: TypeAlias = Mapping[str, tuple[str, ...]]
"""Axes by the name that stands for them in a table, as in ``{"sp": ("tp",)}``."""


@dataclass(frozen=True, slots=True)
class TensorGraph:
    """Operators in an order in which they can run.

    Attributes:
        source: what messages call it; a table's file.
        tensors: all of them by id, in order.
        operators: those that do something.
        results: what somebody else uses, in the layout in which that is done.
    """

    source: str
    tensors: Mapping[str, Tensor]
    operators: tuple[TensorOperator, ...]
    results: tuple[Use, ...]

    @property
    def weights(self) -> tuple[Tensor, ...]:
        """Its weights, in order."""
        return tuple(t for t in self.tensors.values() if t.role is Role.WEIGHT)

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        """What it is given, in order."""
        return tuple(t for t in self.tensors.values() if t.role is Role.INPUT)

    def forward(self) -> "TensorGraph":
        """Return the graph without the backward pass that its table may bring."""
        tensors = {
            name: tensor
            for name, tensor in self.tensors.items()
            if tensor.role is not Role.GRADIENT
        }
        operators = []
        for one in self.operators:
            uses_gradients = any(use.tensor.id not in tensors for use in one.inputs)
            if uses_gradients or one.outputs[0].role is Role.GRADIENT:
                for output in one.outputs:
                    tensors.pop(output.id, None)
            else:
                operators.append(one)
        used = {use.tensor.id for one in operators for use in one.inputs}
        made = [tensor for one in operators for tensor in one.outputs]
        results = tuple(Use(tensor, tensor.layout) for tensor in made if tensor.id not in used)
        return TensorGraph(self.source, tensors, tuple(operators), results)

    def resolved(self, aliases: Aliases) -> "TensorGraph":
        """Return the graph with axes replaced by those that they stand for.

        Raises:
            ValueError: a tensor would be cut twice by one axis.
        """
        tensors = {
            name: replace(tensor, layout=tensor.layout.resolved(aliases))
            for name, tensor in self.tensors.items()
        }

        def again(uses: tuple[Use, ...]) -> tuple[Use, ...]:
            return tuple(Use(tensors[use.tensor.id], use.layout.resolved(aliases)) for use in uses)

        operators = tuple(
            replace(
                one,
                inputs=again(one.inputs),
                outputs=tuple(tensors[tensor.id] for tensor in one.outputs),
            )
            for one in self.operators
        )
        return replace(self, tensors=tensors, operators=operators, results=again(self.results))
