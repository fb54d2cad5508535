"""Layers whose tensors lie in remote memory: each is loaded, computed and stored."""

from dataclasses import dataclass

from simastra.errors import TraceError
from simastra.trace import Node, Trace, TraceBuilder
from simastra.units import Bytes


@dataclass(frozen=True, slots=True)
class MemoryShape:
    """What the layers are like.

    Attributes:
        layers: how many.
        size: bytes that each loads, and stores.
        micros: what each computes, in whole microseconds.
        prefetch: whether the next layer's load waits only for the load before it, not for the
            computation.
    """

    layers: int
    size: Bytes
    micros: int
    prefetch: bool = False


def memory_trace(npus: int, shape: MemoryShape) -> Trace:
    """Return the trace in which every NPU does the same.

    Raises:
        TraceError: a number is out of its range.
    """
    if shape.layers < 1:
        raise TraceError(f"there are {shape.layers} layers; 1 or more are wanted")
    builder = TraceBuilder()
    loaded: tuple[Node, ...] = ()
    computed: tuple[Node, ...] = ()
    for layer in range(shape.layers):
        after = loaded if shape.prefetch else computed
        loaded = (builder.load(f"load_{layer}", tensor_size=shape.size, after=after),)
        needed = (*loaded, *computed)
        computed = (builder.compute(f"compute_{layer}", micros=shape.micros, after=needed),)
        builder.store(f"store_{layer}", tensor_size=shape.size, after=computed)
    return Trace.uniform(builder, npus)
