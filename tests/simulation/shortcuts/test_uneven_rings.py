"""Rings whose ways differ, on graphs: computed as the plain path has them, or refused."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shortcut_oracle import compare_simulation

from simastra.config import NetworkConfig, SystemConfig
from simastra.network_graph import GraphAssembly, LinkAttributes, NetworkGraph, RoutingChoice
from simastra.network_graph.model import NPU
from simastra.simulation import Options, Simulation
from simastra.trace import Trace, TraceBuilder


@st.composite
def chains(draw: st.DrawFn, routing: str = "shortest-path") -> NetworkGraph:
    """Rings of NPUs with none to two switches between neighbours, each way its own."""
    npus = draw(st.integers(2, 6))
    assembly = GraphAssembly()
    for npu in range(npus):
        assembly.add_node(f"npu.{npu}", NPU)
    rates = st.builds(
        LinkAttributes, st.sampled_from([1.0, 2.0, 7.5]), st.sampled_from([0.0, 10.0, 99.5])
    )
    for npu in range(npus):
        for way in range(draw(st.integers(1, 2)) if routing == "ecmp" else 1):
            between = [f"s.{npu}.{way}.{it}" for it in range(draw(st.integers(0, 2)))]
            stations = [f"npu.{npu}", *between, f"npu.{(npu + 1) % npus}"]
            for src, dst in pairwise(stations):
                assembly.add_link(src, dst, draw(rates), both_ways=False)
    return assembly.graph(RoutingChoice(routing))


def simulation(graph: NetworkGraph, micros: list[int], splits: int, backend: str) -> Simulation:
    builders = []
    for npu in range(graph.npus):
        builder = TraceBuilder(npu)
        own = builder.compute("own", micros=micros[npu])
        first = builder.all_reduce("first", size=6000, after=own)
        builder.all_gather("second", size=900, after=first)
        builders.append(builder)
    system = SystemConfig(
        all_reduce_implementation=["ring"],
        all_gather_implementation=["ring"],
        preferred_dataset_splits=splits,
        endpoint_delay=3,
        local_mem_bw=50,
    )
    options = Options(backend=backend, shortcuts="always")
    return Simulation(Trace.of(builders), system, NetworkConfig(graph=graph), options=options)


def reason(shortcuts: tuple[object, ...]) -> str:
    return " ".join(map(str, shortcuts))


@pytest.mark.parametrize("backend", ["congestion-aware", "congestion-unaware"])
@pytest.mark.parametrize("routing", ["shortest-path", "ecmp"])
@given(data=st.data())
def test_ways_of_any_length_and_price(data: st.DataObject, routing: str, backend: str) -> None:
    graph = data.draw(chains(routing))
    micros = data.draw(st.lists(st.integers(1, 9), min_size=6, max_size=6))
    case = simulation(graph, micros, data.draw(st.integers(1, 3)), backend)
    compared = compare_simulation(case)
    assert compared.differences == ()
    if routing == "shortest-path" and not any(use.taken for use in compared.shortcuts):
        assert "end together" in reason(compared.shortcuts)


def test_messages_that_meet_go_event_by_event() -> None:
    assembly = GraphAssembly()
    for npu in range(4):
        assembly.add_node(f"npu.{npu}", NPU)
        leaf = f"leaf.{npu % 2}"
        assembly.add_link(f"npu.{npu}", leaf, LinkAttributes(1.0, 5.0))
    assembly.add_link("leaf.0", "leaf.1", LinkAttributes(1.0, 5.0))
    case = simulation(assembly.graph(), [1, 2, 3, 4], 1, "congestion-aware")
    compared = compare_simulation(case)
    assert compared.differences == ()
    assert "messages of several NPUs take the same link" in reason(compared.shortcuts)
