"""Topologies of ns-3 and SimAI, link by link."""

from pathlib import Path

import pytest
from other_graphs import NS3, SIMAI

from simastra.config import load_network
from simastra.config.graph.spellings.packet_topology import read_packet_topology
from simastra.network_graph import NetworkGraph


def read(text: str) -> NetworkGraph:
    return read_packet_topology(text, "topology.txt")


def test_nodes_that_are_no_switches_are_npus() -> None:
    graph = read(NS3)
    assert [node.name for node in graph.nodes] == ["npu.0", "npu.1", "npu.2", "npu.3", "switch.4"]
    assert {(it.bytes_per_ns, it.latency) for it in graph.links} == {(50.0, 500.0)}
    assert len(graph.links) == 8


def test_npus_are_numbered_by_themselves_wherever_switches_are() -> None:
    graph = read("4 1 3\n1\n0 1 1Gbps 1ns 0\n2 1 1Gbps 1ns 0\n3 1 1Gbps 1ns 0\n")
    assert [node.name for node in graph.nodes] == ["npu.0", "npu.1", "npu.2", "switch.1"]


def test_without_switches_nodes_are_linked_directly() -> None:
    """The ring of astra-sim issue #299."""
    links = [(it, (it + 1) % 8) for it in range(8)]
    text = "8 0 8\n" + "".join(f"{a} {b} 200Gbps 0.005ms 0\n" for a, b in links)
    graph = read(text)
    assert (graph.npus, graph.devices, len(graph.links)) == (8, 8, 16)
    assert {(it.bytes_per_ns, it.latency) for it in graph.links} == {(25.0, 5000.0)}


def test_the_switches_of_simai_are_of_two_kinds() -> None:
    graph = read(SIMAI)
    assert [node.kind for node in graph.nodes[4:]] == ["nvswitch", "nvswitch", "switch"]
    assert [node.name for node in graph.nodes[4:]] == ["nvswitch.4", "nvswitch.5", "switch.6"]
    assert {(it.bytes_per_ns, it.latency) for it in graph.links} == {(450.0, 25.0), (50.0, 500.0)}


def test_error_rates_are_told_of_and_links_between_the_same_nodes_are_a_trunk() -> None:
    graph = read("# of my rack\n2 0 2\n0 1 1Gbps 1ns 0.01\n0 1 1Gbps 1ns 0.00\n")
    assert [it.code for it in graph.remarks] == ["not-read", "parallel-links"]
    assert graph.remarks[0].message.startswith("1 links have an error rate")
    assert graph.links[0].bytes_per_ns == 0.25


@pytest.mark.parametrize("text", [NS3, SIMAI])
def test_files_are_recognised_by_their_content(text: str, tmp_path: Path) -> None:
    path = tmp_path / "topology.txt"
    path.write_text(text)
    assert load_network(path).graph == read(text)
