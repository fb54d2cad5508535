"""Operators: which inputs each takes, the layout of its output, its operations and bytes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from types import MappingProxyType

from simastra.units import Bytes

from .layout import Dimension, Layout
from .symbols import SymbolicExpression
from .tensors import OperatorType, Tensor, TensorOperator, Use


@dataclass(frozen=True, slots=True)
class Einsum:
    """An einsum's labels: of each input, and of the output.

    >>> Einsum.parse("bsm,mn->bsn").contracted
    ('m',)
    """

    inputs: tuple[str, ...]
    output: str

    @classmethod
    def parse(cls, text: str) -> "Einsum":
        """Read one; raises ValueError if it is none."""
        left, _, output = text.replace(" ", "").partition("->")
        inputs = tuple(left.split(","))
        labels = "".join(inputs)
        sound = all(part.isalpha() and len(set(part)) == len(part) for part in (*inputs, output))
        if not sound or not set(output) <= set(labels) or len(inputs) > _MOST_FACTORS:
            raise ValueError(f"{text!r} isn't an einsum of one or two inputs such as bsm,mn->bsn")
        return cls(inputs, output)

    @property
    def contracted(self) -> tuple[str, ...]:
        """The labels that are summed over."""
        return tuple(dict.fromkeys(x for x in "".join(self.inputs) if x not in self.output))


_MOST_FACTORS = 2


def output_layout(
    kind: OperatorType, attribute: str, inputs: Sequence[Layout], shape: Layout | None
) -> Layout:
    """Return the layout that an operator's output has.

    Args:
        kind: the operator.
        attribute: its op_attr.
        inputs: the layouts in which it takes its inputs.
        shape: what the table says of the output (y_shape), None if nothing.

    Raises:
        ValueError: the inputs don't fit the operator or each other.
    """
    _check_number(kind, len(inputs))
    if kind not in _LINEAR:
        for layout in inputs:
            if layout.partial:
                raise ValueError(
                    f"{kind} can't take a partial sum, {layout}; give it a hidden of 1"
                )
    layout = _RULES[kind](attribute, inputs, shape)
    layout.check()
    return layout


def operation_count(operator: TensorOperator, values: Mapping[str, int]) -> int:
    """Return the operations of one NPU, a multiplication and an addition being two.

    Raises:
        ValueError: a size can't be cut evenly, or the attribute makes no sense.
    """
    first = operator.inputs[0].layout.elements(values)
    attribute = forward_attribute(operator.attribute)
    match operator.type:
        case OperatorType.EINSUM:
            count = _einsum_count(operator, attribute, values)
        case OperatorType.ADD:
            elements = operator.outputs[0].layout.elements(values)
            count = (len(operator.inputs) - 1) * elements
        case OperatorType.LOOKUP:
            count = operator.outputs[0].layout.elements(values)
        case OperatorType.CUSTOM:
            count = int(SymbolicExpression.parse(attribute).evaluate(values))
        case _:
            count = int(first * SymbolicExpression.parse(attribute or "0").evaluate(values))
    return count


def byte_count(operator: TensorOperator, values: Mapping[str, int]) -> Bytes:
    """Return the bytes of local memory that one NPU reads and writes, each tensor once."""
    written = sum(tensor_bytes(tensor, tensor.layout, values) for tensor in operator.outputs)
    if operator.type is OperatorType.LOOKUP:  # of the table only the rows that are looked up
        return 2 * written + tensor_bytes(
            operator.inputs[0].tensor, operator.inputs[0].layout, values
        )
    return written + sum(tensor_bytes(use.tensor, use.layout, values) for use in operator.inputs)


def tensor_bytes(tensor: Tensor, layout: Layout, values: Mapping[str, int]) -> Bytes:
    """Return the bytes of a tensor on one NPU, in some layout."""
    return int(layout.elements(values) * tensor.element_bytes.evaluate(values))


def forward_attribute(attribute: str) -> str:
    """Of an attribute ``forward;backward`` the first part."""
    return attribute.partition(";")[0].strip()


def backward_attribute(attribute: str) -> str:
    """Of an attribute ``forward;backward`` the second part; the first where there is none."""
    return attribute.partition(";")[2].strip() or forward_attribute(attribute)


def label_sizes(einsum: Einsum, uses: Sequence[Use], values: Mapping[str, int]) -> dict[str, int]:
    """Sizes on one NPU of an einsum's labels."""
    sizes: dict[str, int] = {}
    for labels, use in zip(einsum.inputs, uses, strict=False):
        sizes.update(zip(labels, use.layout.local(values), strict=True))
    return sizes


def _einsum_count(operator: TensorOperator, attribute: str, values: Mapping[str, int]) -> int:
    einsum = Einsum.parse(attribute)
    products = prod(label_sizes(einsum, operator.inputs, values).values())
    if einsum.contracted and len(einsum.inputs) == _MOST_FACTORS:
        products *= 2
    biases = len(operator.inputs) - len(einsum.inputs)
    sums = len(operator.outputs) - 1  # in a backward pass: the gradients of biases
    written = operator.outputs[0].layout.elements(values)
    read = operator.inputs[0].layout.elements(values)
    return products + biases * written + sums * read


# -- layouts ---------------------------------------------------------------------------------------


def _einsum(attribute: str, inputs: Sequence[Layout], _shape: Layout | None) -> Layout:
    einsum = Einsum.parse(forward_attribute(attribute))
    if not 0 <= len(inputs) - len(einsum.inputs) <= 1:
        raise ValueError(f"{attribute!r} and perhaps a bias don't go with {len(inputs)} inputs")
    dimensions: dict[str, Dimension] = {}
    for labels, layout in zip(einsum.inputs, inputs, strict=False):
        if len(labels) != len(layout.dimensions):
            raise ValueError(f"the labels {labels!r} don't name the dimensions of {layout}")
        for label, dimension in zip(labels, layout.dimensions, strict=True):
            known = dimensions.setdefault(label, dimension)
            if known.extent != dimension.extent or set(known.axes) != set(dimension.axes):
                raise ValueError(
                    f"the label {label!r} is {known} in one input and {dimension} in another"
                )
    output = Layout(
        tuple(dimensions[label] for label in einsum.output),
        tuple(axis for label in einsum.contracted for axis in dimensions[label].axes),
    )
    biases = inputs[len(einsum.inputs) :]
    if biases and output.partial:
        raise ValueError(f"the output is {output}; a bias can't be added to a partial sum")
    for bias in biases:
        _check_trailing(bias, output)
    return output


def _like_first(_attribute: str, inputs: Sequence[Layout], _shape: Layout | None) -> Layout:
    for other in inputs[1:]:
        _check_trailing(other, inputs[0])
    return inputs[0]


def _lookup(_attribute: str, inputs: Sequence[Layout], _shape: Layout | None) -> Layout:
    chosen, table = inputs
    return Layout((*chosen.dimensions, *table.dimensions[1:]), table.dimensions[0].axes)


def _shaped(_attribute: str, inputs: Sequence[Layout], shape: Layout | None) -> Layout:
    if shape is None:
        raise ValueError("y_shape is empty; the output's shape is wanted")
    if set(shape.axes) != set(inputs[0].axes):
        raise ValueError(f"y_shape {shape} isn't cut by the axes that cut the input {inputs[0]}")
    return Layout(shape.dimensions, inputs[0].partial)


def _custom(attribute: str, inputs: Sequence[Layout], shape: Layout | None) -> Layout:
    if not forward_attribute(attribute):
        raise ValueError("op_attr is empty; a number of operations is wanted")
    return inputs[0] if shape is None else shape


def _check_trailing(layout: Layout, whole: Layout) -> None:
    """Check that a tensor's dimensions are the last ones of another."""
    count = len(layout.dimensions)
    last = Layout(whole.dimensions[len(whole.dimensions) - count :], whole.partial)
    if count > len(whole.dimensions) or last.extents != layout.extents:
        raise ValueError(f"{layout} can't be repeated to the shape {whole}")
    if not last.same_placement(layout):
        raise ValueError(f"{layout} isn't cut as {last} is, with which it goes")


def _check_number(kind: OperatorType, number: int) -> None:
    least, most = _NUMBERS[kind]
    if not least <= number <= most:
        wanted = f"{least}" if least == most else f"{least} to {most}"
        raise ValueError(f"{kind} has {number} inputs; {wanted} are wanted")


_MOST_INPUTS = 9
_NUMBERS: Mapping[OperatorType, tuple[int, int]] = MappingProxyType(
    {
        OperatorType.EINSUM: (1, 3),
        OperatorType.ADD: (2, _MOST_INPUTS),
        OperatorType.ELEMENTWISE: (1, _MOST_INPUTS),
        OperatorType.IDENTITY: (1, 1),
        OperatorType.LOOKUP: (2, 2),
        OperatorType.RESHAPE: (1, 1),
        OperatorType.CUSTOM: (1, _MOST_INPUTS),
    }
)
_LINEAR = (OperatorType.ADD, OperatorType.IDENTITY, OperatorType.RESHAPE)
_RULES: Mapping[OperatorType, Callable[[str, Sequence[Layout], Layout | None], Layout]] = (
    MappingProxyType(
        {
            OperatorType.EINSUM: _einsum,
            OperatorType.ADD: _like_first,
            OperatorType.ELEMENTWISE: _like_first,
            OperatorType.IDENTITY: _like_first,
            OperatorType.LOOKUP: _lookup,
            OperatorType.RESHAPE: _shaped,
            OperatorType.CUSTOM: _custom,
        }
    )
)
"""What each operator makes of its inputs' layouts. To add one: its type, its rule, its numbers."""
