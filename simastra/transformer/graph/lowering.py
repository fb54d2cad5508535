"""From a symbolic graph to what one NPU does: numbers in place of symbols, communication inferred.

The result, a segment, is a piece of program without ids: a list of computations and collectives,
each of which names those before it that it waits for.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from math import prod
from typing import TypeVar

from simastra.units import Bytes

from .communication import Change, changes, without_gathers
from .experts import role_of_change, role_of_operator
from .layout import Layout
from .operators import byte_count, operation_count, tensor_bytes
from .products import matrix_products
from .segment import (
    START,
    Computation,
    LoweredStep,
    Segment,
    TensorCommunication,
    WeightGradient,
)
from .table_error import TableError
from .tensors import OperatorType, Role, Tensor, TensorGraph, TensorOperator, Use

_T = TypeVar("_T")


def lower(graph: TensorGraph, values: Mapping[str, int]) -> Segment:
    """Return what one NPU does for a graph.

    Args:
        graph: forward or backward.
        values: of every symbol, and the degree of every axis; an axis that isn't named has one NPU.

    Raises:
        TableError: a size can't be cut evenly, a symbol has no value, or a layout can't be reached.
    """
    return _Lowering(graph, values).segment()


@dataclass
class _Lowering:
    """A segment in the making.

    Attributes:
        at: for each tensor and layout that is there, the step that makes it, START for what is
            given, None for what has always been there.
        kept: bytes of each forward tensor, in a layout, that is read.
    """

    graph: TensorGraph
    values: Mapping[str, int]
    steps: list[LoweredStep] = field(default_factory=list)
    at: dict[tuple[str, Layout], int | None] = field(default_factory=dict)
    kept: dict[tuple[str, Layout], Bytes] = field(default_factory=dict)

    def segment(self) -> Segment:
        """Go through the operators, then make the results what they are wanted to be."""
        for operator in self.graph.operators:
            self._guarded(operator.name, partial(self._add, operator))
        gradients = []
        last: list[int] = []
        for use in self.graph.results:
            step = self._guarded(use.tensor.id, partial(self._there, use))
            if use.tensor.role is Role.WEIGHT_GRADIENT:
                axes = tuple(axis for axis in use.layout.partial if self._degree((axis,)) > 1)
                gradients.append(
                    WeightGradient(use.tensor.of, axes, START if step is None else step)
                )
            elif step is not None:
                last.append(step)
        last = list(dict.fromkeys(last)) or [len(self.steps) - 1]
        read = tuple((tensor, size) for (tensor, _), size in self.kept.items())
        return Segment(tuple(self.steps), tuple(last), tuple(gradients), read)

    def _guarded(self, name: str, action: Callable[[], _T]) -> _T:
        try:
            return action()
        except ValueError as error:
            raise TableError(str(error), source=self.graph.source, tensor=name) from None

    def _add(self, operator: TensorOperator) -> None:
        after = [self._there(use) for use in operator.inputs]
        deps = tuple(dict.fromkeys(step for step in after if step is not None))
        if operator.type is OperatorType.IDENTITY:
            made: int | None = deps[0] if deps else None
        else:
            made = len(self.steps)
            operations = operation_count(operator, self.values)
            self.steps.append(
                Computation(
                    operator.name,
                    # Never nothing: ASTRA-sim takes such a computation for none (behaviour 1.9).
                    max(1, operations),
                    max(1, byte_count(operator, self.values)),
                    operator.work,
                    deps,
                    matrix_products(operator, operations, self.values),
                    role_of_operator(operator),
                    self._weight_bytes(operator),
                )
            )
        for tensor in operator.outputs:
            self.at[tensor.id, tensor.layout] = made

    def _weight_bytes(self, operator: TensorOperator) -> Bytes:
        uses = [(use.tensor, use.layout) for use in operator.inputs]
        each = [*uses, *((tensor, tensor.layout) for tensor in operator.outputs)]
        weights = [it for it in each if it[0].role in {Role.WEIGHT, Role.WEIGHT_GRADIENT}]
        return sum(tensor_bytes(tensor, layout, self.values) for tensor, layout in weights)

    def _there(self, use: Use) -> int | None:
        """The step after which a tensor is there in the layout that is wanted."""
        key = (use.tensor.id, use.layout)
        if key not in self.at:
            source, step = self._stored(use)
            for change in changes(source, use.layout):
                known = (use.tensor.id, change.after)
                if known not in self.at:
                    self.at[known] = self._changed(use.tensor, change, step)
                step = self.at[known]
            self.at[key] = step
        return self.at[key]

    def _stored(self, use: Use) -> tuple[Layout, int | None]:
        """The layout that a tensor has to begin with, and the step after which it has it."""
        tensor = use.tensor
        if (tensor.id, tensor.layout) in self.at:
            return tensor.layout, self.at[tensor.id, tensor.layout]
        if tensor.role is Role.WEIGHT:
            return tensor.layout, None
        if tensor.id in self.graph.tensors:
            return tensor.layout, START
        layout = without_gathers(tensor.layout, use.layout)  # kept by the forward pass
        self.kept[tensor.id, layout] = tensor_bytes(tensor, layout, self.values)
        return layout, None

    def _changed(self, tensor: Tensor, change: Change, step: int | None) -> int | None:
        axes = tuple(axis for axis in change.axes if self._degree((axis,)) > 1)
        if change.collective is None or not axes:
            return step
        name = f"{tensor.id}_{change.collective.name.lower()}"
        size = tensor_bytes(tensor, change.before, self.values)
        after = () if step is None else (step,)
        role = role_of_change(change)
        self.steps.append(TensorCommunication(name, change.collective, axes, size, after, role))
        return len(self.steps) - 1

    def _degree(self, axes: Iterable[str]) -> int:
        return prod(self.values.get(axis, 1) for axis in axes)
