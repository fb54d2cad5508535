"""Damaged graph files of all spellings: one message each, with the file and where, and exit 2."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from other_graphs import GRAPHML, NS3, SIMAI, infragraph, node_link

from simastra.cli import main
from simastra.config import NetworkConfig, load_network
from simastra.errors import ConfigError

Step = str | int
MISSING = "(taken out)"
NAN, INFINITE = float("nan"), float("inf")


def ours() -> dict[str, Any]:
    return {
        "graph": {
            "units": "GB",
            "nodes": [{"name": "leaf[0:2]", "kind": "switch"}],
            "links": [
                {"from": "npu[0:4]", "to": "leaf.0", "bandwidth": 400, "latency": 300},
                {"from": "leaf.0", "to": "leaf.1", "bandwidth": "400Gbps", "latency": "1us"},
                {"ring": "npu[0:4]", "bandwidth": 50, "latency": 500},
            ],
            "routing": "ecmp",
        },
        "topology": ["Ring"],
        "npus_count": [4],
    }


def damaged(document: Any, path: tuple[Step, ...], value: object) -> Any:
    """A document with another value at a path, or without what is there."""
    at = document
    for step in path[:-1]:
        at = at[step]
    if value is MISSING:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    return document


def leaves(value: Any, path: tuple[Step, ...] = ()) -> Iterator[tuple[Step, ...]]:
    """Paths of all values in a document, the inner ones too."""
    entries: Any = ()
    if isinstance(value, dict):
        entries = value.items()
    elif isinstance(value, list):
        entries = enumerate(value)
    for step, inner in entries:
        yield (*path, step)
        yield from leaves(inner, (*path, step))


def message_of(path: Path) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        load_network(path)
    assert str(path) in str(caught.value)
    return caught.value


def written(tmp_path: Path, content: Any, suffix: str = ".json") -> Path:
    path = tmp_path / f"net{suffix}"
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


# -- InfraGraph ------------------------------------------------------------------------------------

HOST = ("devices", 0)
XPU = (*HOST, "components", 0)
NVLINK = (*HOST, "links", 0, "physical")
EDGE = (*HOST, "edges", 0)
PAIR = (*HOST, "edges", 1)
OUTER = ("edges", 0)

INFRAGRAPH: list[tuple[tuple[Step, ...], object, str, str]] = [
    (("devices",), MISSING, "devices", "is required"),
    (("devices",), {}, "devices", "must be a list"),
    (("devices",), [], "instances[0].device", "no device is called 'host'"),
    (("devices",), "host", "devices", "must be a list, not 'host'"),
    (("instances",), [], "edges[0].ep1.instance", "no instance is called 'host'"),
    (("links",), [], "edges[0].link", "no link here is called 'eth'"),
    (("name",), ["a"], "name", "must be text, not a list"),
    ((*HOST, "name"), MISSING, "devices[0].name", "is required"),
    ((*HOST, "name"), "", "devices[0].name", "must be a name of 1 to 200 characters"),
    ((*HOST, "name"), "h" * 201, "devices[0].name", "must be a name of 1 to 200 characters"),
    ((*HOST, "name"), "leaf", "devices[1].name", "two devices are called 'leaf'"),
    ((*HOST, "name"), "hosts", "instances[0].device", "did you mean 'hosts'?"),
    ((*HOST, "components"), MISSING, "devices[0].components", "is required"),
    ((*HOST, "components"), 3, "devices[0].components", "must be a list"),
    ((*HOST, "components"), [], "edges[0].ep1.component", "host has no component 'nic'"),
    ((*XPU, "count"), MISSING, "devices[0].components[0].count", "is required"),
    ((*XPU, "count"), -1, "devices[0].components[0].count", "must be 0 or more, not -1"),
    ((*XPU, "count"), 1.5, "devices[0].components[0].count", "must be a whole number"),
    ((*XPU, "count"), "two", "devices[0].components[0].count", "must be a whole number"),
    ((*XPU, "count"), True, "devices[0].components[0].count", "must be a whole number"),
    ((*XPU, "count"), None, "devices[0].components[0].count", "must be a whole number"),
    ((*XPU, "count"), 10**9, "devices[0].components[0].count", "at most 262,144 are possible"),
    ((*XPU, "count"), 10**30, "devices[0].components[0].count", "must be at most"),
    ((*XPU, "count"), 1, "devices[0].edges[1].ep1.component", "reaches beyond what there is"),
    ((*XPU, "count"), 0, "devices[0].edges[1].ep1.component", "reaches beyond what there is: none"),
    ((*XPU, "choice"), MISSING, "devices[0].components[0].choice", "is required"),
    ((*XPU, "choice"), "gpu", "devices[0].components[0].choice", "must be one of custom, device"),
    ((*XPU, "choice"), "device", "devices[0].components[0].name", "no device is called 'xpu'"),
    ((*XPU, "choice"), "nic", "", "has no component of the choice xpu"),
    ((*XPU, "name"), "nic", "devices[0].components[1].name", "two components are called 'nic'"),
    ((*XPU, "name"), "gpu", "devices[0].edges[0].ep1.component", "host has no component 'xpu'"),
    ((*XPU, "name"), {}, "devices[0].components[0].name", "must be text, not an object"),
    (
        XPU,
        {"name": "xpu", "cuont": 2, "choice": "xpu"},
        "devices[0].components[0].count",
        "is required; is 'cuont' meant for it?",
    ),
    (
        (*HOST, "components", 1),
        {"name": "host", "count": 1, "choice": "device"},
        "devices[0].components[1].name",
        "host contains itself",
    ),
    (NVLINK, [], "devices[0].links[0].physical", "must be a mapping of keys"),
    ((*NVLINK, "bandwidth"), 450, "devices[0].links[0].physical.bandwidth", "must be a mapping"),
    (
        NVLINK,
        {"bandwith": {"gigabytes_per_second": 450}},
        "devices[0].links[0].physical.bandwith",
        "is no key; did you mean 'bandwidth'?",
    ),
    *(
        (
            (*NVLINK, "bandwidth"),
            {"gigabytes_per_second": value},
            "devices[0].links[0].physical.bandwidth.gigabytes_per_second",
            problem,
        )
        for value, problem in (
            (0, "must be larger than 0"),
            (-5, "must be larger than 0"),
            ("fast", "must be a finite number, not 'fast'"),
            ("5 parsecs", "must be a bandwidth such as"),
            ("tbd", "the file's author left it open"),
            ([450], "must be a finite number, not a list"),
            (True, "must be a finite number"),
            (1e-30, "is too small"),
            (1e300, "must be at most"),
        )
    ),
    (
        (*NVLINK, "bandwidth"),
        {"choice": "furlongs_per_fortnight"},
        "devices[0].links[0].physical.bandwidth.choice",
        "must be one of gigabits_per_second",
    ),
    (
        (*NVLINK, "bandwidth"),
        {"gigabits_per_second": 1, "gigabytes_per_second": 1},
        "devices[0].links[0].physical.bandwidth",
        "give one of them",
    ),
    (
        (*NVLINK, "bandwidth"),
        {"choice": "gigabits_per_second", "gigabytes_per_second": 1},
        "devices[0].links[0].physical.bandwidth",
        "give one of them",
    ),
    (
        (*NVLINK, "latency"),
        {"ns": -1},
        "devices[0].links[0].physical.latency.ns",
        "must be 0 or more",
    ),
    (
        (*NVLINK, "latency"),
        {"ms": "soon"},
        "devices[0].links[0].physical.latency.ms",
        "must be a finite number",
    ),
    (
        (*NVLINK, "latency"),
        {"choice": "s"},
        "devices[0].links[0].physical.latency.choice",
        "must be one of ns, us, ms",
    ),
    ((*HOST, "links", 1, "name"), "nvlink", "devices[0].edges[1].link", "no link here is called"),
    ((*HOST, "links"), "pcie", "devices[0].links", "must be a list"),
    ((*EDGE, "link"), "nvlnk", "devices[0].edges[0].link", "did you mean 'nvlink'?"),
    ((*EDGE, "link"), "eth", "devices[0].edges[0].link", "no link here is called 'eth'"),
    ((*EDGE, "link"), MISSING, "devices[0].edges[0].link", "is required"),
    ((*EDGE, "scheme"), MISSING, "devices[0].edges[0].scheme", "is required"),
    ((*EDGE, "scheme"), "all2all", "devices[0].edges[0].scheme", "must be one of one2one"),
    ((*EDGE, "ep1"), MISSING, "devices[0].edges[0].ep1", "is required"),
    ((*EDGE, "ep1"), "xpu", "devices[0].edges[0].ep1", "must be a mapping of keys"),
    ((*EDGE, "ep1"), {}, "devices[0].edges[0].ep1.component", "is required"),
    *(
        (
            (*PAIR, "ep1", "component"),
            text,
            "devices[0].edges[1].ep1.component",
            problem,
        )
        for text, problem in (
            ("xpu[0:3]", "xpu[0:3] reaches beyond what there is: xpu[0] to xpu[1]"),
            ("xpu[2]", "reaches beyond what there is"),
            ("xpu[-3:]", "reaches beyond what there is"),
            ("xpu[2:0]", "takes none of the 2 xpu"),
            ("xpu[1:1]", "takes none of the 2 xpu"),
            ("xpu[0:2:0]", "is no slice"),
            ("xpu[0:1:2:3]", "is no slice"),
            ("xpu[a:b]", "is no slice"),
            ("xpu[0,1]", "is no slice"),
            ("xpu[99999999999999999999]", "is no slice"),
            ("xpu[0:2", "write a name with a slice"),
            ("xpu]0[", "write a name with a slice"),
            ("[0:2]", "write a name with a slice"),
            ("xpu[0:2].core[0]", "xpu is no device"),
            ("..", "write a name with a slice"),
        )
    ),
    (
        (*PAIR, "ep2", "component"),
        "nic[0]",
        "devices[0].edges[1].scheme",
        "links 2 to 1 one to one",
    ),
    ((*OUTER, "ep1", "instance"), "hosts", "edges[0].ep1.instance", "did you mean 'host'?"),
    ((*OUTER, "ep1", "instance"), "host[0:9]", "edges[0].ep1.instance", "reaches beyond"),
    ((*OUTER, "ep1", "instance"), "host[1:0]", "edges[0].ep1.instance", "takes none"),
    ((*OUTER, "ep1", "instance"), MISSING, "edges[0].ep1.instance", "is required"),
    ((*OUTER, "ep1", "component"), "tpu", "edges[0].ep1.component", "host has no component 'tpu'"),
    ((*OUTER, "scheme"), "2to1", "edges[0].scheme", "must be one of one2one, many2many, ring"),
    (("instances", 0, "count"), 0, "", "has no component of the choice xpu"),
    (("instances", 0, "count"), -2, "instances[0].count", "must be 0 or more"),
    (("instances", 0, "count"), 10**7, "instances[0].count", "at most 262,144 are possible"),
    (("instances", 0, "device"), "hst", "instances[0].device", "did you mean 'host'?"),
    (("instances", 1, "name"), "host", "instances[1].name", "two instances are called 'host'"),
    (("annotations",), [], "annotations", "must be a mapping of keys"),
    (("annotations",), {"nodes": {}}, "annotations.nodes", "must be a list"),
    (
        ("annotations",),
        {"links": [{"name": "pci", "attributes": []}]},
        "annotations.links[0].name",
        "did you mean 'pcie'?",
    ),
    (
        ("annotations",),
        {"graph": [{"attribute": "contract", "value": "maybe"}]},
        "annotations.graph.contract",
        "must be true or false",
    ),
]


@pytest.mark.parametrize(("path", "value", "key", "problem"), INFRAGRAPH)
def test_infragraph(
    path: tuple[Step, ...], value: object, key: str, problem: str, tmp_path: Path
) -> None:
    error = message_of(written(tmp_path, damaged(infragraph(), path, value)))
    assert (error.key or "") == key
    assert problem in error.problem
    assert len(error.mistakes) == 1


def test_of_yaml_the_line_is_told(tmp_path: Path) -> None:
    document = damaged(infragraph(), (*XPU, "count"), "two")
    path = written(tmp_path, yaml.safe_dump(document, sort_keys=False), ".yml")
    line = path.read_text().splitlines().index("    count: two") + 1
    assert f"(line {line})" in message_of(path).problem


def test_devices_within_each_other_in_a_circle_are_refused(tmp_path: Path) -> None:
    document = infragraph()
    nested = {"count": 1, "choice": "device"}
    document["devices"][0]["components"].append({"name": "leaf", **nested})
    document["devices"][1]["components"].append({"name": "host", **nested})
    error = message_of(written(tmp_path, document))
    assert "host contains itself: leaf in host" in error.problem


def test_devices_that_multiply_are_refused_before_they_take_memory(tmp_path: Path) -> None:
    document = infragraph()
    document["devices"] += [
        {"name": f"d{it}", "components": [{"name": name, "count": 1000, "choice": choice}]}
        for it, (name, choice) in enumerate(
            [*((f"d{it + 1}", "device") for it in range(11)), ("xpu", "xpu")]
        )
    ]
    document["instances"][0]["device"] = "d0"
    assert "at most 262,144 are possible" in message_of(written(tmp_path, document)).problem


@pytest.mark.parametrize("scheme", ["many2many", "ring"])
def test_edges_that_multiply_are_refused(scheme: str, tmp_path: Path) -> None:
    document = infragraph()
    document["devices"][0]["components"][0]["count"] = 10**5
    document["devices"][0]["components"][1]["count"] = 10**5
    edge = document["devices"][0]["edges"][1]
    edge |= {"scheme": scheme, "ep1": {"component": "xpu"}, "ep2": {"component": "nic"}}
    document["instances"][0]["count"] = 9 if scheme == "ring" else 1
    assert "are possible" in message_of(written(tmp_path, document)).problem


# -- node-link -------------------------------------------------------------------------------------

NODE_LINK: list[tuple[tuple[Step, ...], object, str, str]] = [
    (("nodes",), MISSING, "nodes", "must be a list"),
    (("links",), MISSING, "links", "is required"),
    (("nodes",), {}, "nodes", "must be a list"),
    (("nodes",), [], "", "has no NPU"),
    (("nodes", 0), "gpu0", "nodes[0]", "must be a mapping of attributes"),
    (("nodes", 0, "id"), MISSING, "nodes[0].id", "is required"),
    (("nodes", 0, "id"), None, "nodes[0].id", "must be the name of a node"),
    (("nodes", 0, "id"), True, "nodes[0].id", "must be the name of a node"),
    (("nodes", 0, "id"), "", "nodes[0].id", "must be the name of a node"),
    (("nodes", 0, "id"), "a\nb", "nodes[0].id", "must be the name of a node"),
    (("nodes", 0, "id"), [[0]], "nodes[0].id", "must be the name of a node"),
    (("nodes", 0, "id"), "gpu1", "nodes[1]", "two nodes are called 'gpu1'"),
    (("nodes", 0, "kind"), 3, "nodes[0]", "must be the kind of a node"),
    (("nodes", 0, "rank"), MISSING, "", "gpu0 has no rank"),
    (("nodes", 0, "rank"), 1, "", "gpu0 and gpu1 both have rank 1"),
    (("nodes", 0, "rank"), 4, "", "write a whole number from 0 to 3"),
    (("nodes", 0, "rank"), -1, "", "write a whole number from 0 to 3"),
    (("nodes", 0, "rank"), 0.5, "", "write a whole number from 0 to 3"),
    (("links",), 5, "links", "must be a list"),
    (("edges",), [], "edges", "stands beside links"),
    (("links", 0), [], "links[0]", "must be a mapping of attributes"),
    (("links", 0, "source"), MISSING, "links[0].source", "is required"),
    (("links", 0, "source"), "gpu9", "links[0].source", "no node is called 'gpu9'"),
    (("links", 0, "target"), "gpu0", "links[0]", "links 'gpu0' to itself"),
    (("links", 0, "source"), "gpu1", "links[1]", "a trunk needs a multigraph"),
    (("links", 0, "bandwidth"), MISSING, "links[0].bandwidth", "is required"),
    (("links", 0, "bandwidth"), 0, "links[0].bandwidth", "must be larger than 0"),
    (("links", 0, "bandwidth"), -1, "links[0].bandwidth", "must be larger than 0"),
    (("links", 0, "bandwidth"), "NaN", "links[0].bandwidth", "must be a finite number"),
    (("links", 0, "bandwidth"), "400 GB", "links[0].bandwidth", "must be a bandwidth such as"),
    (("links", 0, "bandwidth"), "400 Gbogus", "links[0].bandwidth", "must be a bandwidth such as"),
    (("links", 0, "bandwidth"), "4.0.0G", "links[0].bandwidth", "must be a bandwidth"),
    (("links", 0, "bandwidth"), {}, "links[0].bandwidth", "must be a finite number"),
    (("links", 0, "latency"), -3, "links[0].latency", "must be 0 or more"),
    (("links", 0, "latency"), "3 fortnights", "links[0].latency", "must be a duration such as"),
    (("links", 0, "dimension"), -1, "links[0].dimension", "must be the number of a dimension"),
    (("directed",), "yes", "directed", "must be true or false"),
    (("multigraph",), 2, "multigraph", "must be true or false"),
    (("graph",), 7, "graph", "must be a mapping of attributes"),
    (("graph",), {"routing": 7}, "graph.routing", "must be the name of a router"),
    (("graph",), {"routing": "{"}, "graph.routing", "is no JSON"),
    (("graph",), {"charges": "all"}, "graph.charges", "must be one of route"),
    (("graph",), {"hairpin": 3}, "graph.hairpin", "must be true or false"),
    (("graph",), {"loopback_bandwidth": -3}, "graph.loopback_bandwidth", "must be larger"),
]


@pytest.mark.parametrize(("path", "value", "key", "problem"), NODE_LINK)
def test_node_link(
    path: tuple[Step, ...], value: object, key: str, problem: str, tmp_path: Path
) -> None:
    error = message_of(written(tmp_path, damaged(node_link(), path, value)))
    assert (error.key or "") == key
    assert problem in error.problem
    assert len(error.mistakes) == 1


def test_a_graph_without_npus_says_how_they_are_told(tmp_path: Path) -> None:
    document = node_link()
    for node in document["nodes"]:
        node["kind"] = "switch"
    assert "give nodes the attribute kind" in message_of(written(tmp_path, document)).problem


# -- texts -----------------------------------------------------------------------------------------


def swapped(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new, 1)


TEXTS: list[tuple[str, str, str]] = [
    (swapped(NS3, "5 1 4", "5 1 5"), "", "ends where a number (a node of a link) is wanted"),
    (swapped(NS3, "5 1 4", "5 1 3"), "line 6", "goes on behind its 3 links"),
    (swapped(NS3, "5 1 4", "5 6 4"), "line 1", "has 6 switches among 5 nodes"),
    (swapped(NS3, "5 1 4", "4 1 4"), "line 2", "names node 4; there are 0 to 3"),
    (swapped(NS3, "5 1 4", "999999999 1 4"), "line 1", "at most 262,144 are possible"),
    (swapped(NS3, "5 1 4", "5 1 999999999"), "line 1", "links; at most"),
    (swapped(NS3, "5 1 4\n4", "5 2 4\n4 4"), "line 2", "names node 4 twice as a switch"),
    (swapped(NS3, "3 4 400", "9 4 400"), "line 6", "names node 9; there are 0 to 4"),
    (swapped(NS3, "3 4 400", "4 4 400"), "line 6", "links node 4 to itself"),
    (swapped(NS3, "3 4 400", "-3 4 400"), "line 6", "must have a whole number here"),
    (swapped(NS3, "3 4 400Gbps", "3 4 400"), "line 6", "has '400' without a unit"),
    (swapped(NS3, "3 4 400Gbps", "3 4 0Gbps"), "line 6", "must be larger than 0"),
    (swapped(NS3, "3 4 400Gbps", "3 4 -4Gbps"), "line 6", "must be 0 or more"),
    (swapped(NS3, "3 4 400Gbps", "3 4 fast"), "line 6", "must be a finite number"),
    (swapped(NS3, "3 4 400Gbps 0.0005ms", "3 4 400Gbps 0.0005"), "line 6", "without a unit"),
    (swapped(NS3, "3 4 400Gbps 0.0005ms", "3 4 400Gbps 5 d"), "line 6", ""),
    (swapped(NS3, "5 1 4\n4\n", "5 5 4\n0 1 2 3 4\n"), "", "has no NPU"),
    (swapped(SIMAI, "7 2 2 1 6", "7 2 2 1 7"), "", "ends where"),
    (swapped(SIMAI, "4 5 6\n", "4 5 x\n"), "line 2", "must have a whole number here"),
    (swapped(SIMAI, "5 6 400Gbps", "5 7 400Gbps"), "line 8", "names node 7"),
]


@pytest.mark.parametrize(("text", "key", "problem"), TEXTS)
def test_packet_topologies(text: str, key: str, problem: str, tmp_path: Path) -> None:
    error = message_of(written(tmp_path, text, ".txt"))
    assert (error.key or "") == key
    assert problem in error.problem
    assert len(error.mistakes) == 1


GRAPHMLS: list[tuple[str, str]] = [
    ("", "is not XML"),
    ("kind: npu", "is not XML"),
    ("<graphml>", "is not XML"),
    ("<svg></svg>", "is not GraphML"),
    ("<graphml></graphml>", "is not GraphML that networkx reads: file not successfully read as"),
    (GRAPHML[:-40], "is not XML"),
    (swapped(GRAPHML, "npu</data>", "</data>"), ""),
    (swapped(GRAPHML, 'target="s"', 'target="t"'), "no node is called 't'"),
    (swapped(GRAPHML, 'target="s"', 'target="a"'), "links 'a' to itself"),
    (swapped(GRAPHML, 'target="s"', ""), "no node is called 'None'"),
    (swapped(GRAPHML, '<data key="b">50</data>', ""), "is required"),
    (swapped(GRAPHML, '<data key="b">50', '<data key="b">fast'), "is not GraphML"),
    (swapped(GRAPHML, '<data key="b">50', '<data key="b">-50'), "must be larger than 0"),
    (swapped(GRAPHML, '<data key="b">50', '<data key="b">nan'), "must be a finite number"),
    (swapped(GRAPHML, '<data key="b">50', '<data key="c">50'), "is not GraphML"),
    (swapped(GRAPHML, "0.5us", "0.5 lightyears"), "must be a duration such as"),
    (GRAPHML.replace('"double"', '"number"'), "is not GraphML that networkx reads: 'number'"),
    (GRAPHML.replace("npu", "switch"), "has no NPU"),
    ("<!DOCTYPE graphml>" + GRAPHML, "declares a document type or entities"),
    ("<graphml>" * 100_000, "is not XML"),
]


@pytest.mark.parametrize(("text", "problem"), GRAPHMLS)
def test_graphml(text: str, problem: str, tmp_path: Path) -> None:
    error = message_of(written(tmp_path, text, ".graphml"))
    assert problem in error.problem
    assert len(error.mistakes) == 1


JUNK: list[bytes] = [
    b"",
    b"\n",
    b"\x00\x01\x02\xff",
    b"{",
    b'{"devices": [',
    b'{"devices": [], "links": [], "devices": []}',
    b'{"nodes": [], "links": [NaN], "graph": {}}',
    b'{"nodes": [], "links": ' + b"[" * 100_000,
    b'{"devices": 1, "links": 1' + b"0" * 5000 + b"}",
    b"devices: &a [*a]\nlinks: []\n",
    b"a: &a [1, 1]\nb: &b [*a, *a]\nc: &c [*b, *b]\ndevices: [*c]\nlinks: []\n",
    b"devices: []\nlinks: []\ndevices: []\n",
    b"devices:\n\t- name: host\nlinks: []\n",
    b"devices: " + b"[" * 50 + b"]" * 50 + b"\nlinks: []\n",
    b"graph: {links: [{from: npu[0:4], to: s}]}\n",
    b"devices: {}\nlinks: [\n",
]


@pytest.mark.parametrize("content", JUNK)
@pytest.mark.parametrize("suffix", [".json", ".yml", ".graphml", ".txt"])
def test_junk(content: bytes, suffix: str, tmp_path: Path) -> None:
    error = message_of(written(tmp_path, content, suffix))
    assert len(error.mistakes) <= 10


# -- every place, all wrong types ------------------------------------------------------------------


def told_of(document: dict[str, Any]) -> str | None:
    """What is said of a document; None if it is read."""
    try:
        NetworkConfig.parse(document, "net")
    except ConfigError as error:
        return str(error)
    return None


WRONG: list[object] = [MISSING, None, [], {}, -1, 10**40, "", "\0", [[]], {"": 1}, NAN, INFINITE]


@pytest.mark.parametrize("made", [infragraph, node_link, ours])
@pytest.mark.parametrize("value", WRONG, ids=repr)
def test_whatever_stands_anywhere_is_read_or_told_of_in_a_message(
    made: Callable[[], dict[str, Any]], value: object
) -> None:
    """Each value of each document is replaced in turn; nothing but a ConfigError may come of it."""
    told = [
        message for path in leaves(made()) if (message := told_of(damaged(made(), path, value)))
    ]
    assert len(told) > 5
    assert all(message.startswith("net") for message in told)


SYSTEM = Path(__file__).parents[2] / "traces/demo1_allreduce/system.json"


# -- by the command line ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "suffix", "told"),
    [
        (damaged(infragraph(), (*PAIR, "ep1", "component"), "xpu[2:0]"), ".json", "takes none of"),
        (damaged(node_link(), ("links", 0, "bandwidth"), -1), ".json", "must be larger than 0"),
        (swapped(GRAPHML, "0.5us", "soon"), ".graphml", "must be a finite number"),
        (swapped(NS3, "5 1 4", "5 1 9"), ".txt", "ends where"),
    ],
)
def test_the_command_line_ends_with_2_and_one_line(
    content: Any, suffix: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, content, suffix)
    assert main(["bandwidth", "all-reduce", "--system", str(SYSTEM), "--network", str(path)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert str(path) in line
    assert told in line
