"""Graphs that are folded: those that have the links and ways of dimensions, and no others."""

from __future__ import annotations

import pytest
from shortcut_oracle import compare_simulation
from support.machines import system

from simastra.config import NetworkConfig
from simastra.network_graph import NetworkGraph
from simastra.network_graph.generators import fat_tree, hypercube, torus
from simastra.shortcut_use import Shortcut
from simastra.simulation import Options, Simulation
from simastra.trace import TraceBuilder


def written(**link: object) -> NetworkConfig:
    """A graph of links that are alike, as in a file."""
    return NetworkConfig(graph={"links": [{**link, "bandwidth": 50, "latency": 500}]})


def in_two(graph: NetworkGraph) -> NetworkConfig:
    """With collectives along two dimensions, the first of 4."""
    counts = [4, graph.npus // 4]
    return NetworkConfig(topology=["Ring", "Ring"], npus_count=counts, graph=graph)


FOLDED = {
    "star": written(**{"from": "npu[0:8]", "to": "switch"}),
    "ring": written(ring="npu[0:8]"),
    "clique": written(clique="npu[0:8]"),
    "torus": in_two(torus("4x4")),
}
PLAIN = {
    "twisted torus": in_two(torus("4x8", twist=True)),
    "hypercube": NetworkConfig(graph=hypercube(8)),
    "fat tree": NetworkConfig(graph=fat_tree(4)),
    "chain": written(**{"from": "npu[0:7]", "to": "npu[1:8]"}),
}


def simulation(network: NetworkConfig, backend: str, *, more: bool = True) -> Simulation:
    """Of an all-reduce, and more after it."""
    trace = TraceBuilder()
    reduced = trace.all_reduce("all-reduce", size=2**20)
    if more:
        trace.compute("compute", micros=5, after=reduced)
        trace.all_to_all("all-to-all", size=2**16, after=reduced)
    algorithms = system(["ring"] * network.dimensions)
    return Simulation(trace, algorithms, network, options=Options(backend=backend))


@pytest.mark.parametrize("backend", ["congestion-aware", "congestion-unaware"])
@pytest.mark.parametrize("name", [*FOLDED, *PLAIN])
def test_a_graph_answers_the_same_by_shortcuts(name: str, backend: str) -> None:
    network = {**FOLDED, **PLAIN}[name]
    compared = compare_simulation(simulation(network, backend))
    assert compared.differences == ()
    (fold,) = (use for use in compared.shortcuts if use.shortcut is Shortcut.FOLD)
    assert ("nothing says which of its NPUs are alike" in fold.reason) == (name in PLAIN)


@pytest.mark.parametrize("name", FOLDED)
def test_it_is_folded_where_no_tie_is_decided_by_numbers(name: str) -> None:
    result = simulation(FOLDED[name], "congestion-aware", more=False).run(shortcuts="always")
    assert [use.shortcut for use in result.shortcuts if use.taken] == [Shortcut.FOLD]
