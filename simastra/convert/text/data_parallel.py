"""MICRO and DATA: every NPU has the whole model; only gradients of weights are exchanged."""

from .involved import by_strategy
from .step_graph import After, StepGraph
from .workload import Strategy, TextWorkload


def build_micro(workload: TextWorkload, graph: StepGraph) -> None:
    """Each layer's weight-gradient collective, once a pass, none of them waiting for anything."""
    dims = by_strategy(Strategy.MICRO, graph.options.dims).data
    for _ in range(graph.options.passes):
        for layer in workload.layers:
            graph.exchange(layer, layer.weight_gradient.exchange, dims, ())


def build_data(workload: TextWorkload, graph: StepGraph) -> None:
    """All layers forward, then backward: weight gradient, its collective, input gradient.

    Computations follow one another. A layer's forward computation waits for its own collective of
    the pass before; the first layer's input gradient is of no use, so it isn't computed.
    """
    dims = by_strategy(Strategy.DATA, graph.options.dims).data
    updated: list[After] = [()] * len(workload.layers)
    for _ in range(graph.options.passes):
        before: After = ()
        for index, layer in enumerate(workload.layers):
            before = graph.compute(layer, "FWD", layer.forward, before + updated[index])
        for index, layer in reversed(list(enumerate(workload.layers))):
            weights = graph.compute(layer, "BWD_WG", layer.weight_gradient, before)
            updated[index] = graph.exchange(layer, layer.weight_gradient.exchange, dims, weights)
            if index:
                before = graph.compute(layer, "BWD_IG", layer.input_gradient, weights)
