"""The strategies that ASTRA-sim 1.0 had and no Chakra takes, in which an NPU works in sequence.

HYBRID_TRANSFORMER, HYBRID_TRANSFORMER_FWD_IN_BCKWD, HYBRID_CUSTOMIZED, DISTRIBUTED_INFERENCE. An
NPU does one thing after the other; what blocks is waited for at once, and what doesn't runs beside
the next computation. (docs/chakra.md 2.2, ASTRA-sim 1.0 semantics.)
"""

from collections.abc import Callable

from .involved import Involved, by_group, by_strategy
from .layout import WorkloadAxis
from .step_graph import After, StepGraph
from .workload import Header, Layer, Strategy, TextWorkload


def build_transformer(workload: TextWorkload, graph: StepGraph) -> None:
    """The first dimensions are the model's, the rest the data's, whatever the layer."""
    group = workload.header.model_group
    assert group is not None  # the header was read for this strategy
    involved = by_group(group, graph.options)
    _train(workload, graph, lambda _layer: involved, passes_first_on=True)


def build_customized(workload: TextWorkload, graph: StepGraph) -> None:
    """Each layer has the dimensions of its own strategy."""
    dims = graph.options.dims

    def involved(layer: Layer) -> Involved:
        return by_strategy(layer.strategy or Strategy.DATA, dims)

    _train(workload, graph, involved, passes_first_on=False)


def build_inference(workload: TextWorkload, graph: StepGraph) -> None:
    """Forward only: each layer's computation, then its collective."""
    dims = by_strategy(Strategy.DISTRIBUTED_INFERENCE, graph.options.dims).model
    before: After = ()
    for _ in range(graph.options.passes):
        for layer in workload.layers:
            forward = graph.compute(layer, "FWD", layer.forward, before)
            before = graph.exchange(layer, layer.forward.exchange, dims, forward)


def _train(
    workload: TextWorkload,
    graph: StepGraph,
    involved: Callable[[Layer], Involved],
    *,
    passes_first_on: bool,
) -> None:
    """Add all passes, forward and backward.

    Forward, a layer waits for its own weight-gradient collective of the pass before, and its
    collective blocks. Backward, input gradient, its collective beside weight gradient and that
    one's collective, and then the former is waited for. `passes_first_on` says whether the first
    layer's input gradient has a collective too.
    """
    updated: list[After] = [()] * len(workload.layers)
    before: After = ()
    for _ in range(graph.options.passes):
        for index, layer in enumerate(workload.layers):
            after = updated[index] + before
            before = _forward(layer, "FWD", graph, involved(layer), after)
        for index, layer in reversed(list(enumerate(workload.layers))):
            for again in workload.layers[_first_again(workload.header, index) : index]:
                before = _forward(again, "FWD_IN_BCKWD", graph, involved(again), before)
            dims = involved(layer)
            inputs = graph.compute(layer, "BWD_IG", layer.input_gradient, before)
            passed_on: After = ()
            if index or passes_first_on:
                exchange = layer.input_gradient.exchange
                passed_on = graph.exchange(layer, exchange, dims.model, inputs)
            weights = graph.compute(layer, "BWD_WG", layer.weight_gradient, inputs)
            exchange = layer.weight_gradient.exchange
            updated[index] = graph.exchange(
                layer, exchange, dims.data, weights, axis=WorkloadAxis.DP
            )
            before = weights + passed_on


def _forward(layer: Layer, kind: str, graph: StepGraph, dims: Involved, after: After) -> After:
    forward = graph.compute(layer, kind, layer.forward, after)
    return graph.exchange(layer, layer.forward.exchange, dims.model, forward)


def _first_again(header: Header, index: int) -> int:
    """From which layer on the forward pass is run again, up to `index`; that itself for none."""
    if index not in header.initiates:
        return index
    return max(layer for layer in header.checkpoints if layer <= index)
