"""A model's blocks, as tensor graphs: what comes in, the layers, what goes out.

The graphs are the tables beside this module. In them ``cq`` and ``ch`` are how the axis ``cp`` cuts
attention: its queries (keys and values are gathered) or its heads (see `ContextStyle`).
"""

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from importlib.resources import files
from types import MappingProxyType

from simastra.transformer.graph import (
    Layout,
    Role,
    TableError,
    Tensor,
    TensorGraph,
    Use,
    Work,
    parse_table,
)

from .model import Model


class ModelBlock(StrEnum):
    """The kinds of blocks."""

    EMBEDDING = "embedding"
    LAYER = "layer"
    HEAD = "head"


class ModelPhase(StrEnum):
    """What a model is run for."""

    TRAINING = "training"
    PREFILL = "prefill"
    DECODE = "decode"


def block_graphs(
    model: Model, phase: ModelPhase, layer: TensorGraph | None = None
) -> Mapping[ModelBlock, TensorGraph]:
    """Return a model's blocks by kind.

    Args:
        model: the model.
        phase: what it is run for. Inference has an output layer without a loss, for the last token
            of each sequence; decoding reads a cache of keys and values.
        layer: graph to take for a layer, in place of the family's own. A backward pass that it may
            have is left out.

    Raises:
        TableError: the given `layer` has other than one input that needs a gradient, or other than
            one result of the same shape.
    """
    head = "head" if phase is ModelPhase.TRAINING else "inference_head"
    body = "moe_layer" if model.experts else f"{model.family}_layer"
    if model.latent is not None:
        body = "latent_moe_layer"
    graphs = {
        ModelBlock.EMBEDDING: _table(f"{model.family}_embedding"),
        ModelBlock.LAYER: _table(body) if layer is None else _checked_layer(layer),
        ModelBlock.HEAD: _table(f"{model.family}_{head}"),
    }
    if phase is ModelPhase.DECODE:
        graphs[ModelBlock.LAYER] = _with_cache(graphs[ModelBlock.LAYER], cache_of(model))
    return MappingProxyType(graphs)


def model_symbols(model: Model) -> dict[str, int]:
    """Values of the symbols that a model gives its tables."""
    return {
        "Dmodel": model.hidden,
        "Dff": model.ffn,
        "Head": model.heads,
        "KVHead": model.key_heads,
        "Dhead": model.size_of_head,
        "Vocab": model.padded_vocabulary,
        "Experts": model.experts,
        "KExperts": model.top_k,
        **_latent_symbols(model),
    }


def _latent_symbols(model: Model) -> dict[str, int]:
    latent = model.latent
    return {
        "Dqlatent": 0 if latent is None else latent.query,
        "Dlatent": 0 if latent is None else latent.keys,
        "Drope": 0 if latent is None else latent.rope,
        "Dvalue": 0 if latent is None else latent.value,
        "Dshared": model.shared_experts * model.ffn,
    }


def parameter_count(graph: TensorGraph, symbols: Mapping[str, int]) -> int:
    """Return the elements of a graph's weights, on all NPUs together.

    Raises:
        ValueError: a symbol has no value.
    """
    return sum(whole_elements(tensor, symbols) for tensor in graph.weights)


def whole_elements(tensor: Tensor, symbols: Mapping[str, int]) -> int:
    """Return a tensor's elements on all NPUs together: its size where no axis has a degree."""
    return Layout(
        tuple(replace(dimension, axes=()) for dimension in tensor.layout.dimensions)
    ).elements(symbols)


def cache_of(model: Model) -> Tensor:
    """Keys and values of a layer, of the tokens before, or what they are made of."""
    shape = "2*KVHead*Dhead/tp" if model.latent is None else "Dlatent + Drope"
    layout = Layout.parse(f"Batch/dp, Context, {shape}")
    return Tensor("cache", layout, Role.INPUT, requires_grad=False)


def _checked_layer(layer: TensorGraph) -> TensorGraph:
    graph = layer.forward()
    inputs = [tensor for tensor in graph.inputs if tensor.requires_grad]
    results = [use.tensor for use in graph.results]
    for what, found in (("input", inputs), ("result", results)):
        if len(found) != 1:
            names = ", ".join(tensor.id for tensor in found) or "none"
            problem = f"a layer has one {what}; the table has {len(found)}: {names}"
            raise TableError(problem, source=graph.source)
    given, made = inputs[0].layout, results[0].layout
    if given.extents != made.extents or not given.same_placement(made):
        raise TableError(
            f"a layer's result is like its input, which is {given}; it is {made}",
            source=graph.source,
            tensor=results[0].id,
        )
    return graph


def _with_cache(graph: TensorGraph, cache: Tensor) -> TensorGraph:
    operators = tuple(
        replace(one, inputs=(*one.inputs, Use(cache, cache.layout)))
        if one.work is Work.ATTENTION
        else one
        for one in graph.operators
    )
    return replace(graph, tensors={**graph.tensors, cache.id: cache}, operators=operators)


def _table(name: str) -> TensorGraph:
    text = files(__package__).joinpath("tables", f"{name}.csv").read_text(encoding="utf-8")
    return parse_table(text, f"{name}.csv")
