"""Node-link documents and GraphML: what of nodes, edges and graphs is understood."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from other_graphs import GRAPHML, node_link

from simastra.config import NetworkConfig, load_network
from simastra.config.graph.spellings.graphml import read_graphml
from simastra.config.graph.spellings.node_link import read_node_link
from simastra.errors import ConfigError, MissingPackageError
from simastra.network_graph import NetworkGraph


def read(document: dict[str, Any]) -> NetworkGraph:
    return read_node_link(document, "it.json")


def names(graph: NetworkGraph) -> list[str]:
    return [node.name for node in graph.nodes]


def test_nodes_and_edges_are_devices_and_links() -> None:
    graph = read(node_link())
    assert names(graph) == ["gpu0", "gpu1", "gpu2", "gpu3", "leaf"]
    assert graph.npus == 4
    assert {(it.bytes_per_ns, it.latency) for it in graph.links} == {(50.0, 300.0)}
    assert len(graph.links) == 8


def test_edges_may_be_called_edges() -> None:
    document = node_link()
    document["edges"] = document.pop("links")
    assert read(document) == read(node_link())


def test_a_directed_graph_links_one_way() -> None:
    assert len(read({**node_link(), "directed": True}).links) == 4


def test_ranks_order_npus() -> None:
    document = node_link()
    for node, rank in zip(document["nodes"], ("2", 0, 3.0, 1), strict=False):
        node["rank"] = rank
    assert names(read(document))[:4] == ["gpu1", "gpu3", "gpu0", "gpu2"]


def test_without_ranks_the_order_is_that_of_names_or_of_the_file() -> None:
    document = node_link()
    for node in document["nodes"]:
        node.pop("rank", None)
    document["nodes"].reverse()
    assert names(read(document)) == ["gpu3", "gpu2", "gpu1", "gpu0", "leaf"]
    text = json.dumps(document).replace("gpu", "npu.").replace('"kind": "npu.",', "")
    assert names(read(json.loads(text)))[:4] == ["npu.0", "npu.1", "npu.2", "npu.3"]


@pytest.mark.parametrize("kind", ["npu", "XPU", "gpu"])
@pytest.mark.parametrize("key", ["kind", "type"])
def test_kinds_that_are_npus(key: str, kind: str) -> None:
    document = node_link()
    document["nodes"][0] = {"id": "gpu0", key: kind, "rank": 0}
    assert read(document).npus == 4


@pytest.mark.parametrize(
    ("attributes", "rate"),
    [
        ({"bandwidth": 50, "latency": 500}, (50.0, 500.0)),
        ({"bw": "50", "delay": "500"}, (50.0, 500.0)),
        ({"capacity": "400 Gbps", "latency": "0.5 us"}, (50.0, 500.0)),
        ({"bandwidth": "100 GBps", "latency": "5 ns"}, (100.0, 5.0)),
        ({"bandwidth": "32 GT/s", "latency": 0}, (64.0, 0.0)),
        ({"bandwidth": "400G", "latency": "1ms"}, (50.0, 1e6)),
        ({"bandwidth": "1GiB/s", "latency": 0}, (1.073741824, 0.0)),
    ],
)
def test_rates_are_numbers_or_have_units(
    attributes: dict[str, object], rate: tuple[float, float]
) -> None:
    document = node_link()
    document["links"][0] = {"source": "gpu0", "target": "leaf", **attributes}
    link = read(document).links[0]
    assert (link.bytes_per_ns, link.latency) == rate


def test_parallel_edges_of_a_multigraph_are_a_trunk() -> None:
    document = {**node_link(), "multigraph": True}
    document["links"].append({**document["links"][0], "key": 1})
    graph = read(document)
    assert graph.links[0].bytes_per_ns == 100.0
    assert [it.code for it in graph.remarks] == ["parallel-links"]


def test_links_have_kinds_and_dimensions() -> None:
    document = node_link()
    document["links"][0] |= {"kind": "ib", "dimension": 1}
    attributes = read(document).links[0].attributes
    assert (attributes.kind, attributes.dimension) == ("ib", 1)


def test_the_graph_says_how_messages_find_their_way() -> None:
    routing = {"name": "ecmp", "seed": 3}
    more = {"hairpin": True, "charges": "first-dimension", "loopback_bandwidth": 80}
    document = node_link()
    for link in document["links"]:
        link["dimension"] = 0
    for written in (routing, json.dumps(routing)):
        graph = read({**document, "graph": {"routing": written, **more}})
        assert (graph.routing.name, dict(graph.routing.options)) == ("ecmp", {"seed": 3})
        assert (graph.hairpin, graph.charges) == (True, "first-dimension")
        assert graph.loopback is not None
        assert graph.loopback.bytes_per_ns == 80


def test_devices_with_two_links_stay_unless_the_graph_says_otherwise() -> None:
    document = node_link()
    document["nodes"].append({"id": "port", "kind": "port"})
    document["links"][0]["target"] = "port"
    document["links"].append({"source": "port", "target": "leaf", "bandwidth": 9, "latency": 1})
    assert read(document).devices == 6
    made = read({**document, "graph": {"contract": True}})
    assert (made.devices, made.links[-1].bytes_per_ns) == (5, 9)


def test_graphs_that_infragraph_wrote_are_read_as_its_descriptions_are() -> None:
    document = node_link()
    for node in document["nodes"]:
        node |= {"type": "xpu" if "rank" in node else "switch", "composed_device": "host.0"}
        del node["kind"]
    document["links"] = [
        {"source": it["source"], "target": "leaf", "link": "nvlink"} for it in document["links"]
    ]
    document["links"][1]["bandwidth"] = "100 GBps"
    graph = read(document)
    assert {it.bytes_per_ns for it in graph.links} == {100.0}
    assert graph.links[0].attributes.kind == "nvlink"
    assert [it.code for it in graph.remarks] == ["no-bandwidth", "no-latency"]
    assert graph.remarks[0].message.startswith("3 of 4 edges without a bandwidth: 100 GB/s")


def test_what_nobody_reads_is_said() -> None:
    document = {**node_link(), "graph": {"rankdir": "LR"}}
    document["nodes"][0]["pos"] = [0, 1]
    document["links"][0]["weight"] = 3
    (remark,) = read(document).remarks
    assert (remark.code, remark.message) == (
        "not-read",
        "pos, rankdir, weight: means nothing for a simulation",
    )


@pytest.mark.parametrize("suffix", [".json", ".yml"])
def test_files_are_recognised_by_their_content(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"net{suffix}"
    document = node_link()
    path.write_text(json.dumps(document) if suffix == ".json" else yaml.safe_dump(document))
    config = load_network(path)
    assert config.graph == read(document)
    assert (config.source, config.npus) == (path, 4)
    assert NetworkConfig.parse(document).graph == config.graph


# -- GraphML ---------------------------------------------------------------------------------------


def test_graphml_has_the_same_attributes(tmp_path: Path) -> None:
    path = tmp_path / "net.graphml"
    path.write_text(GRAPHML)
    graph = load_network(path).graph
    assert graph is not None
    assert names(graph) == ["a", "b", "s"]
    assert {(it.bytes_per_ns, it.latency) for it in graph.links} == {(50.0, 500.0)}


def test_graphml_is_recognised_without_its_suffix(tmp_path: Path) -> None:
    path = tmp_path / "net.xml"
    path.write_text(GRAPHML)
    assert load_network(path).npus == 2


def test_without_networkx_the_command_that_installs_it_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "networkx", None)
    with pytest.raises(MissingPackageError, match=r"pip install 'simastra\[graph\]'"):
        read_graphml(GRAPHML, "net.graphml")
    assert read(node_link()).npus == 4  # which needs none


def test_entities_are_not_expanded() -> None:
    bomb = GRAPHML.replace("<graphml", '<!DOCTYPE b [<!ENTITY a "aaaa">]><graphml')
    with pytest.raises(ConfigError, match="declares a document type or entities"):
        read_graphml(bomb, "net.graphml")
