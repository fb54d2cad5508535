"""Rings over graphs: ways of unequal length and by tag, on each backend, as event by event."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.machines import system

from simastra.config import NetworkConfig
from simastra.network_graph import GraphAssembly, LinkAttributes, NetworkGraph, RoutingChoice
from simastra.result import Result
from simastra.shortcut_use import Shortcut
from simastra.simulation import Options, Simulation
from simastra.trace import Trace, TraceBuilder
from simastra.units import KiB

BACKENDS = ("congestion-aware", "congestion-unaware", "fluid")


def leaves(
    npus: int, each: int, spines: int, routing: str, latency: float = 500.0, uplink: float = 50.0
) -> NetworkGraph:
    """Leaf switches of so many NPUs, all linked to all spines."""
    assembly = GraphAssembly()
    for npu in range(npus):
        assembly.add_node(f"npu.{npu}", "npu")
    for npu in range(npus):
        wire = LinkAttributes(bytes_per_ns=50.0, latency=latency)
        assembly.add_link(f"npu.{npu}", f"leaf.{npu // each}", wire)
    for leaf in range(-(-npus // each)):
        for spine in range(spines):
            wire = LinkAttributes(bytes_per_ns=uplink, latency=latency + 100)
            assembly.add_link(f"leaf.{leaf}", f"spine.{spine}", wire)
    return assembly.graph(RoutingChoice(routing))


def both_ways(
    graph: NetworkGraph, backend: str, size: int, skew: int, collectives: int = 2
) -> tuple[Result, Result]:
    """Event by event, and by every shortcut."""
    builders = [TraceBuilder(npu) for npu in range(graph.npus)]
    for npu, builder in enumerate(builders):
        before = builder.compute("own", micros=1 + skew * npu)
        for number in range(collectives):
            before = builder.all_reduce(f"gradients {number}", size=size, after=before)
    simulation = Simulation(
        Trace.of(builders), system(), NetworkConfig(graph=graph), options=Options(backend)
    )
    off, always = (simulation.run(shortcuts=how) for how in ("off", "always"))
    return off, always


def carried(result: Result) -> list[tuple[int, ...]]:
    return sorted((it.src, it.dst, it.busy, it.size, it.messages) for it in result.links)


def is_taken(result: Result) -> bool:
    return any(it.taken and it.shortcut is Shortcut.SKEW for it in result.shortcuts)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("routing", ["shortest-path", "ecmp"])
def test_rings_over_leaves_and_spines_are_computed(routing: str, backend: str) -> None:
    off, always = both_ways(leaves(24, 8, 4, routing), backend, 16 * KiB, skew=0)
    assert always.cycles == off.cycles
    assert carried(always) == carried(off)
    assert list(always.nodes) == list(off.nodes)
    assert is_taken(always)


@pytest.mark.parametrize("backend", BACKENDS)
@given(
    graph=st.builds(
        leaves,
        npus=st.integers(4, 12),
        each=st.integers(2, 4),
        spines=st.just(2),
        routing=st.sampled_from(["shortest-path", "ecmp"]),
        latency=st.sampled_from([0.0, 0.5, 500.0]),
        uplink=st.sampled_from([7.0, 50.0]),
    ),
    size=st.sampled_from([0, 100, 4 * KiB, 256 * KiB]),
    skew=st.integers(0, 3),
)
def test_whatever_is_computed_is_as_event_by_event(
    backend: str, graph: NetworkGraph, size: int, skew: int
) -> None:
    off, always = both_ways(graph, backend, size, skew)
    assert always.cycles == off.cycles
    assert carried(always) == carried(off)


def test_where_a_message_would_share_with_the_one_before_it_goes_event_by_event() -> None:
    """Large messages and no latency: an NPU sends on before its own last one has left."""
    graph = leaves(8, 4, 1, "shortest-path", latency=0.0, uplink=1.0)
    off, always = both_ways(graph, "fluid", 256 * KiB, skew=0)
    assert always.cycles == off.cycles
    assert not is_taken(always)
    reasons = [it.reason for it in always.shortcuts if it.shortcut is Shortcut.SKEW]
    assert reasons == ["an NPU's message shares links with the one before"]


def test_further_limits_of_flows_are_no_matter_of_links() -> None:
    graph = leaves(8, 4, 1, "shortest-path")
    limited = NetworkConfig(graph=graph, backend_options={"fluid": {"nic_cap": "10GB/s"}})
    builder = TraceBuilder()
    builder.all_reduce("gradients", size=16 * KiB)
    result = Simulation(builder, system(), limited, options=Options("fluid")).run(
        shortcuts="always"
    )
    reasons = {it.reason for it in result.shortcuts if it.shortcut is Shortcut.SKEW}
    assert reasons == {"the network backend 'fluid' is told further limits"}
