"""Two NPUs whose times can be followed by hand: 64 KiB take 1220 ns on the wire, then 500 ns."""

from collections.abc import Sequence
from typing import Any

from support.machines import network, system

from simastra.config import NetworkConfig, SystemConfig
from simastra.explain import Category, Span
from simastra.simulation import Options, Simulation
from simastra.trace import Trace, TraceBuilder
from simastra.units import KiB

SIZE = 64 * KiB


def simulate(
    npus: Sequence[TraceBuilder],
    machine: SystemConfig | None = None,
    net: NetworkConfig | None = None,
    **options: Any,
) -> Simulation:
    """A simulation of these NPUs; by default one chunk a collective, on a ring."""
    return Simulation(
        Trace.of(npus),
        machine or system(preferred_dataset_splits=1),
        net or network(("Ring", len(npus))),
        options=Options(**options),
    )


def late_sender(sender: int = 5, receiver: int = 2) -> list[TraceBuilder]:
    """0 computes 5 us and sends; 1 computes 2 us, receives, and computes 1 us more."""
    npus = [TraceBuilder(0), TraceBuilder(1)]
    before = npus[0].compute("forward", micros=sender)
    npus[0].send("activations", size=SIZE, to=1, after=before)
    waits = npus[1].compute("forward", micros=receiver)
    received = npus[1].recv("activations", size=SIZE, source=0, after=waits)
    npus[1].compute("next", micros=1, after=received)
    return npus


def told(spans: Sequence[Span]) -> list[tuple[int, int, Category]]:
    """Start, end and category."""
    return [(span.start, span.end, span.category) for span in spans]


def names(spans: Sequence[Span]) -> list[str]:
    """The names of the nodes that the spans are for."""
    return ["" if span.node is None else span.node.name for span in spans]
