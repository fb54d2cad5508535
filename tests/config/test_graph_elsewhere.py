"""A network file may name another that has the graph."""

import json
from pathlib import Path

import pytest
import yaml
from other_graphs import GRAPHML, NS3, infragraph, node_link

from simastra.config import load_network
from simastra.errors import ConfigError

OURS = (
    "graph: {links: [{ring: 'npu[0:4]', bandwidth: 50, latency: 500, dimension: 0}],"
    " routing: ecmp}\n"
)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("topology.txt", NS3),
        ("cluster.json", json.dumps(infragraph())),
        ("cluster.yml", yaml.safe_dump(infragraph())),
        ("graph.json", json.dumps(node_link())),
        ("ours.yml", OURS),
    ],
)
def test_the_graph_is_the_other_files_and_the_order_of_collectives_this_ones(
    name: str, text: str, tmp_path: Path
) -> None:
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / name).write_text(text)
    path = tmp_path / "network.yml"
    path.write_text(
        f"graph: {{file: below/{name}, hairpin: true}}\n"
        "topology: [Ring, Switch]\nnpus_count: [2, 2]\n"
    )
    network, other = load_network(path), load_network(tmp_path / "below" / name)
    assert network.npus_count == (2, 2)
    assert network.graph is not None
    assert other.graph is not None
    assert (network.graph.nodes, network.graph.links) == (other.graph.nodes, other.graph.links)
    assert network.graph.routing == other.graph.routing
    assert network.graph.hairpin
    assert [it.code for it in network.notices()] == [it.code for it in other.notices()]


def test_what_stands_beside_the_file_holds(tmp_path: Path) -> None:
    (tmp_path / "ours.yml").write_text(OURS)
    path = tmp_path / "network.yml"
    path.write_text(
        "graph:\n  file: ours.yml\n  routing: {name: ecmp, seed: 9}\n  charges: first-dimension\n"
        "  loopback: {bandwidth: 80, latency: 5}\n"
    )
    graph = load_network(path).graph
    assert graph is not None
    assert graph.routing.options == {"seed": 9}
    assert graph.charges == "first-dimension"
    assert graph.loopback is not None
    assert graph.loopback.latency == 5


@pytest.mark.parametrize(
    ("here", "there", "message"),
    [
        ("file: none.yml", "", "none.yml: file not found"),
        ("file: [a]", "", "network.yml: graph.file: must be a string, not a list"),
        ("file: there", "", "there: is empty; it needs a graph"),
        ("file: there", "topology: [Ring]\n", "there: has no graph, which is wanted here"),
        ("file: there", "graph: {file: there}\n", "there: graph.file: names a file in turn"),
        ("file: network.yml", "", "network.yml: graph.file: names a file in turn"),
        ("file: there", "graph: {links: 3}\n", "there: graph.links: must be a list, not 3"),
        ("file: there", NS3 + "1", "there: line 7: goes on behind its 4 links"),
        ("file: there, links: [{}]", OURS, "network.yml: graph.links: stands beside file"),
        ("file: there, nodes: [{}]", OURS, "network.yml: graph.nodes: stands beside file"),
        ("file: .", "", "is a directory; give a file"),
    ],
)
def test_of_two_files_the_wrong_one_is_named(
    here: str, there: str, message: str, tmp_path: Path
) -> None:
    (tmp_path / "there").write_text(there)
    path = tmp_path / "network.yml"
    path.write_text(f"graph: {{{here}}}\n")
    with pytest.raises(ConfigError) as caught:
        load_network(path)
    assert message in str(caught.value)
    assert len(caught.value.mistakes) == 1


def test_graphml_is_read_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "a.graphml").write_text(GRAPHML)
    path = tmp_path / "network.yml"
    path.write_text("graph: {file: a.graphml, routing: ecmp}\n")
    assert load_network(path).npus == 2


def test_a_star_is_the_same_network_in_each_spelling(tmp_path: Path) -> None:
    """Four NPUs on a switch, with 400 Gb/s and 500 ns."""
    star = "{from: 'npu[0:4]', to: leaf, bandwidth: 400Gbps, latency: 0.5us}"
    document = node_link()
    for link in document["links"]:
        link["latency"] = "500ns"
    box = {
        "name": "box",
        "components": [
            {"name": "xpu", "count": 4, "choice": "xpu"},
            {"name": "leaf", "count": 1, "choice": "switch"},
        ],
        "links": [
            {
                "name": "l",
                "physical": {"bandwidth": {"gigabytes_per_second": 50}, "latency": {"us": 0.5}},
            }
        ],
        "edges": [
            {
                "ep1": {"component": "xpu"},
                "ep2": {"component": "leaf"},
                "link": "l",
                "scheme": "many2many",
            }
        ],
    }
    files = {
        "ours.yml": f"graph: {{links: [{star}]}}\n",
        "node-link.json": json.dumps(document),
        "topology.txt": NS3,
        "box.yml": yaml.safe_dump(box),
    }
    found = []
    for name, text in files.items():
        (tmp_path / name).write_text(text)
        graph = load_network(tmp_path / name).graph
        assert graph is not None
        kinds = [node.kind for node in graph.nodes]
        found.append((kinds, [(it.src, it.dst, it.bytes_per_ns, it.latency) for it in graph.links]))
    assert found == [found[0]] * 4


def test_graphml_whose_keys_have_no_type_has_text(tmp_path: Path) -> None:
    for name, text in (("a", GRAPHML), ("b", GRAPHML.replace(' attr.type="string"', ""))):
        (tmp_path / f"{name}.graphml").write_text(text)
    typed, untyped = (load_network(tmp_path / f"{name}.graphml").graph for name in "ab")
    assert typed is not None
    assert typed == untyped
