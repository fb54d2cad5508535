"""A long chain of nodes: what explains it takes work in proportion, and no stack."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from support.machines import network, system
from support.work import calls_in

from simastra.explain import Explanation
from simastra.simulation import Simulation
from simastra.trace import Trace, TraceBuilder

NPUS = 2


def chain(length: int) -> Simulation:
    """Each NPU has so many computations after each other, and a collective now and then."""
    traces = []
    for npu in range(NPUS):
        trace = TraceBuilder(npu)
        last = trace.compute("0", micros=1)
        for number in range(1, length):
            if number % 100:
                last = trace.compute(f"{number}", micros=1, after=last)
            else:
                last = trace.all_reduce(f"{number}", size=64, after=last)
        traces.append(trace.nodes)
    return Simulation(Trace.of(traces), system(), network(("Ring", NPUS)))


@pytest.mark.parametrize(
    "ask",
    [
        str,
        Explanation.to_dict,
        Explanation.segments,
        lambda explanation: explanation.node_waits(1),
        lambda explanation: explanation.timeline(1),
    ],
    ids=["text", "dict", "legs", "waits", "timeline"],
)
def test_twice_the_chain_is_twice_the_work(ask: Callable[[Explanation], object]) -> None:
    short, long = chain(400), chain(800)
    assert calls_in(long.explain) < 2.2 * calls_in(short.explain)
    of_short, of_long = short.explain(), long.explain()
    assert calls_in(lambda: ask(of_long)) < 2.2 * calls_in(lambda: ask(of_short))


def test_a_chain_far_longer_than_the_stack_is_explained() -> None:
    explanation = chain(5000).explain()
    assert [segment.name for segment in explanation.segments()] == [
        f"{number}" for number in range(5000)
    ]
    assert sum(wait.running for wait in explanation.node_waits(0)) == explanation.makespan
