"""HYBRID_DLRM and HYBRID_DLRM_ENHANCED: embedding tables spread over NPUs beside data parallelism.

Layer 0 is the embedding. Its all-to-all runs beside the bottom layers, and that of its gradient
beside their backward pass.
"""

from .involved import by_strategy
from .step_graph import NONE, After, StepGraph
from .workload import TextWorkload

ALL_TO_ALL = "ALLTOALL"
"""The one collective that is issued in the forward pass."""


def build_dlrm(workload: TextWorkload, graph: StepGraph) -> None:
    """Add all passes.

    As in DATA; besides, the last bottom layer waits for the embedding's forward all-to-all, and
    the embedding's weight gradient for its input gradient's collective, which is issued after the
    input gradient of the layer above the last bottom one.
    """
    dims = by_strategy(workload.header.strategy, graph.options.dims)
    last_bottom = workload.header.last_bottom_layer
    assert last_bottom is not None  # the header was read for this strategy
    embedding = workload.layers[0]
    updated: list[After] = [()] * len(workload.layers)
    for _ in range(graph.options.passes):
        before: After = ()
        embedded: After = ()
        for index, layer in enumerate(workload.layers):
            joined = embedded if index == last_bottom else ()
            after = updated[index] + before + joined
            before = graph.compute(layer, "FWD", layer.forward, after)
            if layer.forward.exchange.word == ALL_TO_ALL:
                sent = graph.exchange(layer, layer.forward.exchange, dims.model, before)
                embedded = embedded if index else sent
        returned: After = ()
        for index, layer in reversed(list(enumerate(workload.layers))):
            after = before if index else before + returned
            weights = graph.compute(layer, "BWD_WG", layer.weight_gradient, after)
            updated[index] = weights
            if layer.weight_gradient.exchange.word != NONE:
                exchange = layer.weight_gradient.exchange
                updated[index] = graph.exchange(layer, exchange, dims.data, weights)
            if index:
                before = graph.compute(layer, "BWD_IG", layer.input_gradient, weights)
            if index == last_bottom + 1:
                exchange = embedding.input_gradient.exchange
                returned = graph.exchange(embedding, exchange, dims.model, before)
