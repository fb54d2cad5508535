"""MICRO and DATA: every NPU has the whole model; only gradients of weights are exchanged."""

from .involved import by_strategy
from .sketch import After, Sketch
from .workload import Strategy, TextWorkload


def sketch_micro(workload: TextWorkload, sketch: Sketch) -> None:
    """Each layer's weight-gradient collective, once a pass, none of them waiting for anything."""
    dims = by_strategy(Strategy.MICRO, sketch.options.dims).data
    for _ in range(sketch.options.passes):
        for layer in workload.layers:
            sketch.exchange(layer, layer.weight_gradient.exchange, dims, ())


def sketch_data(workload: TextWorkload, sketch: Sketch) -> None:
    """All layers forward, then backward: weight gradient, its collective, input gradient.

    Computations follow one another. A layer's forward computation waits for its own collective of
    the pass before; the first layer's input gradient is of no use, so it isn't computed.
    """
    dims = by_strategy(Strategy.DATA, sketch.options.dims).data
    updated: list[After] = [()] * len(workload.layers)
    for _ in range(sketch.options.passes):
        before: After = ()
        for index, layer in enumerate(workload.layers):
            before = sketch.compute(layer, "FWD", layer.forward, before + updated[index])
        for index, layer in reversed(list(enumerate(workload.layers))):
            weights = sketch.compute(layer, "BWD_WG", layer.weight_gradient, before)
            updated[index] = sketch.exchange(layer, layer.weight_gradient.exchange, dims, weights)
            if index:
                before = sketch.compute(layer, "BWD_IG", layer.input_gradient, weights)
