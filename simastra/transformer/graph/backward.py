"""The backward pass of a tensor graph, derived by rule.

For an operator y = f(x, ...) with the gradient dy, each input that needs one gets a gradient:

* einsum: dy and the other input, with the labels exchanged; a bias: the sum of dy.
* sum: dy itself.
* all others: one operator that reads dy and the inputs, and writes the gradient of each.

A gradient is cut as its tensor is, and a partial sum over every axis that cuts y but not x: there
each NPU has seen only its part of y. Where one tensor is used more than once, its gradients are
added, those of one layout first, so that they are communicated once. What a producer wants of a
gradient is the dual of its output's layout. From there on communication is inferred as in the
forward pass: the pairs f and g of Megatron-LM (arXiv:1909.08053) and their counterparts under
sequence parallelism (arXiv:2205.05198) come out of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from .layout import Layout
from .operators import Einsum, backward_attribute, forward_attribute
from .symbols import SymbolicExpression
from .tensors import OperatorType, Role, Tensor, TensorGraph, TensorOperator, Use

GRADIENT = "d_"
"""What the name of a gradient begins with."""


def backward_graph(forward: TensorGraph) -> TensorGraph:
    """Return the graph that computes the gradients of a graph's weights and inputs.

    Its inputs are the gradients of `forward`'s results, and the forward tensors that it reads. Its
    results are the gradients, named by `gradient_name`, of weights and inputs, in this order.

    Raises:
        ValueError: an operator's attribute makes no sense.
    """
    return _Derivation(forward).graph()


def gradient_name(tensor: str) -> str:
    """Id of the gradient of a tensor."""
    return f"{GRADIENT}{tensor}"


@dataclass
class _Derivation:
    """A backward pass in the making: the gradients of each tensor so far, and the operators."""

    forward: TensorGraph
    gradients: dict[str, list[Tensor]] = field(default_factory=dict)
    tensors: dict[str, Tensor] = field(default_factory=dict)
    operators: list[TensorOperator] = field(default_factory=list)

    def graph(self) -> TensorGraph:
        """Walk the operators backwards."""
        for use in self.forward.results:
            tensor, name = use.tensor, use.tensor.id
            if tensor.requires_grad and tensor.role is not Role.GRADIENT:
                given = _gradient_of(tensor, gradient_name(name), tensor.layout.dual())
                self.tensors[given.id] = replace(given, role=Role.INPUT)
                self.gradients[name] = [self.tensors[given.id]]
        for operator in reversed(self.forward.operators):
            (output,) = operator.outputs
            if output.id not in self.gradients:
                continue
            if operator.type is OperatorType.IDENTITY:
                # As they come: the step to the input's layout is inferred once for the whole way.
                own = self.gradients.setdefault(operator.inputs[0].tensor.id, [])
                own.extend(self.gradients[output.id])
            else:
                self._differentiate(operator, self._gathered(output))
        wanted = (*self.forward.weights, *self.forward.inputs)
        results = [self._gathered(tensor) for tensor in wanted if tensor.id in self.gradients]
        source = f"{self.forward.source}, backward"
        return TensorGraph(source, self.tensors, tuple(self.operators), tuple(results))

    def _gathered(self, tensor: Tensor) -> Use:
        """The whole gradient of a tensor, as its producer wants it."""
        target = tensor.layout.dual()
        while len(self.gradients[tensor.id]) > 1:
            first, *others = self.gradients[tensor.id]
            alike = [first, *(one for one in others if one.layout == first.layout)]
            layout = first.layout
            if len(alike) == 1:  # all different: communicated one by one, then added
                alike, layout = [first, *others], target
            rest = [one for one in others if one not in alike]
            name = self._unused(gradient_name(tensor.id))
            total = _gradient_of(tensor, name, layout)
            uses = tuple(Use(one, layout) for one in alike)
            self._emit(TensorOperator(name, OperatorType.ADD, "", uses, (total,)))
            self.gradients[tensor.id] = [*rest, total]
        (gradient,) = self.gradients[tensor.id]
        if tensor.role is Role.WEIGHT:  # exchanged later, with those of other weights
            target = gradient.layout
        return Use(gradient, target)

    def _differentiate(self, operator: TensorOperator, dy: Use) -> None:
        match operator.type:
            case OperatorType.EINSUM:
                self._differentiate_einsum(operator, dy)
            case OperatorType.ADD:
                self._differentiate_sum(operator, dy)
            case _:
                self._differentiate_other(operator, dy)

    def _differentiate_einsum(self, operator: TensorOperator, dy: Use) -> None:
        einsum = Einsum.parse(forward_attribute(operator.attribute))
        factors = operator.inputs[: len(einsum.inputs)]
        biases = [use for use in operator.inputs[len(einsum.inputs) :] if use.tensor.requires_grad]
        if len(factors) == 1:
            self._differentiate_other(operator, dy)
            return
        # The input's gradient goes first: other NPUs wait for it, nobody for the weight's.
        ranked = sorted(range(2), key=lambda index: factors[index].tensor.role is Role.WEIGHT)
        for rank, index in enumerate(ranked):
            use, other = factors[index], factors[1 - index]
            if not use.tensor.requires_grad:
                continue
            labels = f"{einsum.output},{einsum.inputs[1 - index]}->{einsum.inputs[index]}"
            extra = biases if rank == 1 else []
            outputs = tuple(self._new_gradient(one, dy.layout) for one in (use, *extra))
            name = outputs[0].id
            self._emit(
                TensorOperator(
                    name, OperatorType.EINSUM, labels, (dy, other), outputs, operator.work
                )
            )

    def _differentiate_sum(self, operator: TensorOperator, dy: Use) -> None:
        for use in operator.inputs:
            if not use.tensor.requires_grad:
                continue
            if use.layout.extents == dy.layout.extents:
                self._pass_on(use, dy)
                continue
            output = self._new_gradient(use, dy.layout)
            kind = OperatorType.ELEMENTWISE  # an addition for each element of dy
            self._emit(TensorOperator(output.id, kind, "1", (dy,), (output,)))

    def _differentiate_other(self, operator: TensorOperator, dy: Use) -> None:
        wanted = [use for use in operator.inputs if use.tensor.requires_grad]
        outputs = tuple(self._new_gradient(use, dy.layout) for use in wanted)
        kind, attribute = operator.type, backward_attribute(operator.attribute)
        inputs: Sequence[Use] = (dy, *operator.inputs)
        if kind in (OperatorType.RESHAPE, OperatorType.EINSUM):
            inputs = (dy,)
        if kind is OperatorType.EINSUM:
            attribute = "1"
        if kind is OperatorType.LOOKUP:  # each row of dy is added to the table's
            inputs, attribute = (dy, operator.inputs[0]), "1"
        if kind is not OperatorType.CUSTOM:
            kind = OperatorType.ELEMENTWISE
        name = f"{GRADIENT}{operator.name}_inputs" if len(outputs) > 1 else outputs[0].id
        uses, unfused = tuple(inputs), operator.unfused
        made = TensorOperator(name, kind, attribute, uses, outputs, operator.work, unfused=unfused)
        self._emit(made)

    def _pass_on(self, use: Use, dy: Use) -> None:
        """Let dy be the gradient of an input too."""
        if dy.tensor.layout == dy.layout:
            self.gradients.setdefault(use.tensor.id, []).append(dy.tensor)
            return
        # In a layout of its own, which is communicated once for all who read it.
        name = self._unused(gradient_name(use.tensor.id))
        moved = _gradient_of(use.tensor, name, dy.layout)
        self._emit(TensorOperator(name, OperatorType.IDENTITY, "", (dy,), (moved,)))
        self.gradients.setdefault(use.tensor.id, []).append(moved)

    def _new_gradient(self, use: Use, dy: Layout) -> Tensor:
        # Of a weight each NPU has a whole gradient, with zeros for the part that it didn't use.
        used = use.tensor.layout if use.tensor.role is Role.WEIGHT else use.layout
        partial = tuple(axis for axis in dy.axes if axis not in used.axes)
        layout = Layout(used.dimensions, partial)
        gradient = _gradient_of(use.tensor, self._unused(gradient_name(use.tensor.id)), layout)
        self.tensors[gradient.id] = gradient  # so that the next one has another name
        self.gradients.setdefault(use.tensor.id, []).append(gradient)
        return gradient

    def _unused(self, name: str) -> str:
        number = 2
        unused = name
        while unused in self.tensors:
            unused = f"{name}_{number}"
            number += 1
        return unused

    def _emit(self, operator: TensorOperator) -> None:
        self.operators.append(operator)
        for tensor in operator.outputs:
            self.tensors[tensor.id] = tensor


def _gradient_of(tensor: Tensor, name: str, layout: Layout) -> Tensor:
    role, unit = Role.GRADIENT, tensor.element_bytes
    if tensor.role is Role.WEIGHT:
        role, unit = Role.WEIGHT_GRADIENT, SymbolicExpression.parse("GradientBytes")
    return Tensor(name, layout, role, requires_grad=False, element_bytes=unit, of=tensor.id)
