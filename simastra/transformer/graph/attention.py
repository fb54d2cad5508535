"""The part of a layer that is attention, and attention whose scores pass memory.

A layer's attention is one operator, a fused kernel (arXiv:2205.14135). Without such a kernel it is
three: queries times keys, the softmax, and probabilities times values. Together they have the same
operations, and those of the softmax.
"""

from dataclasses import replace

from .layout import Dimension, Layout
from .operators import backward_attribute, forward_attribute
from .symbols import SymbolicExpression
from .table_error import TableError
from .tensors import OperatorType, Tensor, TensorGraph, TensorOperator, Use, Work

_SOFTMAX = "8;10"  # operations of a score: a mask, a maximum, an exponential, a sum, a quotient
_QUERIES = 3  # dimensions: sequences, tokens, heads times their size


def with_unfused_attention(graph: TensorGraph) -> TensorGraph:
    """Return the graph with each operator of attention cut into its parts.

    Raises:
        TableError: an operator of attention doesn't have queries of three dimensions (sequences,
            tokens, all heads' vectors), then keys and values.
    """
    tensors, operators = dict(graph.tensors), list[TensorOperator]()
    for one in graph.operators:
        if one.work is Work.ATTENTION and one.type is OperatorType.CUSTOM:
            parts = _parts(graph, one)
            operators += parts
            tensors |= {part.outputs[0].id: part.outputs[0] for part in parts}
        else:
            operators.append(one)
    return replace(graph, tensors=tensors, operators=tuple(operators))


def attention_part(graph: TensorGraph) -> TensorGraph | None:
    """Return the operators of attention, from queries, keys and values to its result.

    It is what selective recomputation computes again (arXiv:2205.05198, section 5). None if there
    is no attention.
    """
    places = [index for index, one in enumerate(graph.operators) if one.work is Work.ATTENTION]
    if not places:
        return None
    operators = graph.operators[places[0] : places[-1] + 1]
    made = {tensor.id: tensor for one in operators for tensor in one.outputs}
    (result,) = operators[-1].outputs
    return TensorGraph(graph.source, made, operators, (Use(result, result.layout),))


def _parts(graph: TensorGraph, one: TensorOperator) -> list[TensorOperator]:
    queries, *others = one.inputs
    if len(queries.layout.dimensions) != _QUERIES or not others:
        raise TableError(
            "attention can be unfused only if it takes queries [sequences, tokens, heads] and "
            "then keys and values; leave it fused",
            source=graph.source,
            tensor=one.name,
        )
    layout = _scores(queries.layout)
    attribute = f"({forward_attribute(one.attribute)})/2;({backward_attribute(one.attribute)})/2"
    given = one.outputs[0]
    scores = replace(given, id=f"{one.name}_scores", layout=layout)
    shares = replace(scores, id=f"{one.name}_probabilities")
    return [
        _product(one, attribute, one.inputs, scores),
        TensorOperator(
            shares.id, OperatorType.ELEMENTWISE, _SOFTMAX, (Use(scores, layout),), (shares,)
        ),
        _product(one, attribute, (Use(shares, layout), *others), given),
    ]


def _product(
    one: TensorOperator, attribute: str, inputs: tuple[Use, ...], output: Tensor
) -> TensorOperator:
    kind = OperatorType.CUSTOM
    return TensorOperator(output.id, kind, attribute, inputs, (output,), one.work, unfused=True)


def _scores(queries: Layout) -> Layout:
    sequences, tokens, vectors = queries.dimensions
    heads = Dimension(SymbolicExpression.parse("Head"), vectors.axes)
    keys = Dimension(SymbolicExpression.parse("Context"))
    return Layout((sequences, heads, tokens, keys))
