"""MODEL, HYBRID_DATA_MODEL, HYBRID_MODEL_DATA: activations and their gradients are exchanged.

In the hybrids gradients of weights are, too, over the dimensions that the model isn't spread over.
"""

from .involved import by_strategy
from .step_graph import After, StepGraph
from .workload import Strategy, TextWorkload


def build_model(workload: TextWorkload, graph: StepGraph) -> None:
    """Add all passes of one of the three strategies.

    Forward, a layer waits for the collective of the one before it. Backward, input gradient, its
    collective (not for the first layer, which has nobody to pass it to) and weight gradient; the
    layer before it waits for both. The next pass's forward computation waits for the layer's own
    weight gradient, in the hybrids for its collective.
    """
    strategy = workload.header.strategy
    hybrid = strategy is not Strategy.MODEL
    # Chakra names this one apart from the layer's other collectives, in this strategy only.
    suffix = "_IG_COMM_" if strategy is Strategy.HYBRID_DATA_MODEL else ""
    dims = by_strategy(strategy, graph.options.dims)
    updated: list[After] = [()] * len(workload.layers)
    for _ in range(graph.options.passes):
        before: After = ()
        for index, layer in enumerate(workload.layers):
            # The order in which Chakra lists dependencies.
            after = updated[index] + before if hybrid else before + updated[index]
            forward = graph.compute(layer, "FWD", layer.forward, after)
            before = graph.exchange(layer, layer.forward.exchange, dims.model, forward)
        for index, layer in reversed(list(enumerate(workload.layers))):
            inputs = graph.compute(layer, "BWD_IG", layer.input_gradient, before)
            passed_on: After = ()
            if index:
                exchange = layer.input_gradient.exchange
                passed_on = graph.exchange(layer, exchange, dims.model, inputs, suffix)
            weights = graph.compute(layer, "BWD_WG", layer.weight_gradient, inputs)
            before = weights + passed_on
            updated[index] = (
                graph.exchange(layer, layer.weight_gradient.exchange, dims.data, weights)
                if hybrid
                else weights
            )
