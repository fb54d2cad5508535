"""Blocks with numbers in them: what one NPU computes, communicates and keeps for each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from math import prod
from types import MappingProxyType

from simastra.suggestions import unknown_name
from simastra.trace.shares import share
from simastra.transformer.graph import (
    Segment,
    TableError,
    Tensor,
    TensorGraph,
    attention_part,
    backward_graph,
    lower,
    tensor_bytes,
    with_unfused_attention,
)
from simastra.transformer.models import Model, ModelBlock, ModelPhase, block_graphs, model_symbols
from simastra.transformer.parallelism import DATA_AXES, Parallelism, Zero
from simastra.transformer.task import Attention, Recompute, Task
from simastra.units import Bytes

TABLES = {ModelBlock.EMBEDDING: "word_table", ModelBlock.HEAD: "output_table"}
"""The weights that are one and the same where embeddings are tied."""


@dataclass(frozen=True, slots=True)
class LocalWeight:
    """What one NPU has of a weight.

    Attributes:
        id: its name in the table.
        elements: of one NPU, before ZeRO shares them out.
        replicas: axes along which NPUs have the same elements for different tokens.
        also: further axes over which its gradient is a partial sum.
    """

    id: str
    elements: int
    replicas: tuple[str, ...]
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LoweredBlock:
    """What one NPU does for a block.

    Attributes:
        forward: its forward pass.
        backward: its backward pass; None in inference.
        weights: what it has of the block's weights.
        input_size: bytes of the block's input, which is also what stages pass on.
        again: what is computed again before its backward pass; None if nothing is.
        made_again: bytes of what is there only from its being computed again.
    """

    forward: Segment
    backward: Segment | None
    weights: tuple[LocalWeight, ...]
    input_size: Bytes
    again: Segment | None = None
    made_again: Bytes = 0

    @property
    def kept(self) -> Bytes:
        """Bytes that one micro-batch's forward pass keeps for its backward pass."""
        if self.backward is None:
            return 0
        if self.again is self.forward:
            return self.input_size
        return self.backward.kept - self.made_again

    @property
    def elements(self) -> int:
        """Elements of all its weights."""
        return sum(weight.elements for weight in self.weights)

    def by_replicas(self) -> dict[tuple[str, ...], int]:
        """Elements of its weights, by the axes along which they are the same."""
        sums: dict[tuple[str, ...], int] = {}
        for weight in self.weights:
            sums[weight.replicas] = sums.get(weight.replicas, 0) + weight.elements
        return sums

    def by_other_axes(self) -> dict[tuple[str, ...], int]:
        """Elements of weights whose gradients are partial sums over further axes, by these."""
        sums: dict[tuple[str, ...], int] = {}
        for weight in self.weights:
            if weight.also:
                sums[weight.also] = sums.get(weight.also, 0) + weight.elements
        return sums


def task_symbols(model: Model, parallelism: Parallelism, task: Task) -> dict[str, int]:
    """Values of all symbols: those of the model, of the axes, and of the task."""
    context = task.sequence or model.sequence
    batch = task.batch // task.micro_batches
    sequence = 1 if task.phase is ModelPhase.DECODE else context
    axes = parallelism.symbols()
    return {
        **model_symbols(model),
        **axes,
        "Batch": batch,
        "Seq": sequence,
        "Context": context,
        "Slots": _slots(model, axes, batch * sequence),
        "ParameterBytes": task.precision.parameters,
        "GradientBytes": task.precision.gradients,
        "ActivationBytes": task.precision.activations,
    }


def _slots(model: Model, axes: Mapping[str, int], tokens: int) -> int:
    """Tokens that an expert has room for: as many from each NPU, and all that come."""
    if not model.experts:
        return 0
    parts = axes["dp"] * axes["cp"] * axes["sp"]
    return -(-model.top_k * tokens // (model.experts * parts)) * parts


def lower_blocks(
    model: Model, parallelism: Parallelism, task: Task, layer: TensorGraph | None = None
) -> Mapping[ModelBlock, LoweredBlock]:
    """Return a model's blocks as one NPU has them.

    Raises:
        TableError: a size can't be cut evenly, or the given `layer` makes no sense.
    """
    symbols = task_symbols(model, parallelism, task)
    graphs = dict(block_graphs(model, task.phase, layer))
    if task.attention is Attention.UNFUSED:
        graphs[ModelBlock.LAYER] = with_unfused_attention(graphs[ModelBlock.LAYER])
    _check_axes(graphs[ModelBlock.LAYER], parallelism)
    return MappingProxyType(
        {
            block: _lowered(block, graph.resolved(parallelism.aliases()), symbols, model, task)
            for block, graph in graphs.items()
        }
    )


def _check_axes(graph: TensorGraph, parallelism: Parallelism) -> None:
    """Check that a table's axes are those of the parallelism."""
    known = parallelism.aliases()
    for tensor in graph.tensors.values():
        for axis in (*tensor.layout.axes, *tensor.layout.partial):
            if axis not in known:
                raise TableError(
                    unknown_name("axis", axis, known), source=graph.source, tensor=tensor.id
                )


def replica_count(parallelism: Parallelism, axes: Iterable[str]) -> int:
    """Return the number of NPUs along some axes."""
    return prod(parallelism.degrees[axis] for axis in axes)


def kept_elements(block: LoweredBlock, parallelism: Parallelism, least: Zero) -> int:
    """Return the elements of a block's weights of which an NPU keeps something.

    Args:
        block: whose weights.
        parallelism: how they are shared out.
        least: the stage of ZeRO from which on they are.
    """
    if parallelism.zero < least:
        return block.elements
    return sum(
        share(elements, replica_count(parallelism, axes))
        for axes, elements in block.by_replicas().items()
    )


def _lowered(
    block: ModelBlock, graph: TensorGraph, symbols: Mapping[str, int], model: Model, task: Task
) -> LoweredBlock:
    forward = lower(graph, symbols)
    backward = None
    also: dict[str, tuple[str, ...]] = {}
    if task.phase is ModelPhase.TRAINING:
        backward = lower(backward_graph(graph), symbols)
        for gradient in backward.gradients:
            also[gradient.weight] = tuple(axis for axis in gradient.axes if axis not in DATA_AXES)
    weights = [
        replace(_local(weight, symbols, graph.source), also=also.get(weight.id, ()))
        for weight in graph.weights
    ]
    if block is ModelBlock.HEAD and model.tied_embeddings and symbols["pp"] == 1:
        weights = [weight for weight in weights if weight.id != TABLES[block]]
    given = [tensor for tensor in graph.inputs if tensor.requires_grad]
    size = sum(tensor_bytes(tensor, tensor.layout, symbols) for tensor in given)
    lowered = LoweredBlock(forward, backward, tuple(weights), size)
    return _with_again(lowered, graph, symbols, task) if block is ModelBlock.LAYER else lowered


def _with_again(
    lowered: LoweredBlock, graph: TensorGraph, symbols: Mapping[str, int], task: Task
) -> LoweredBlock:
    """A layer with what of it is computed again."""
    backward = lowered.backward
    if backward is None or task.recompute is Recompute.NONE:
        return lowered
    if task.recompute is Recompute.FULL:
        return replace(lowered, again=lowered.forward, made_again=backward.kept)
    part = attention_part(graph)
    if part is None:
        return lowered
    *inner, _result = part.tensors  # the result is an input of what follows, and kept
    made_again = sum(size for tensor, size in backward.read if tensor in inner)
    return replace(lowered, again=lower(part, symbols), made_again=made_again)


def _local(weight: Tensor, symbols: Mapping[str, int], source: str) -> LocalWeight:
    replicas = tuple(
        axis for axis in DATA_AXES if symbols[axis] > 1 and axis not in weight.layout.axes
    )
    try:
        elements = weight.layout.elements(symbols)
    except ValueError as error:
        raise TableError(str(error), source=source, tensor=weight.id) from None
    return LocalWeight(weight.id, elements, replicas)
