"""The graph of a network file: its links, its NPUs, and what is said of mistakes."""

import json
import pickle
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from simastra.config import NetworkConfig, PartOptions, load_network
from simastra.config.graph.names import names_in
from simastra.config.json_schema import SchemaNames, json_schemas
from simastra.errors import ConfigError, InputError
from simastra.network_graph import NetworkGraph

RATES = {"bandwidth": 50, "latency": 500}


def read(*links: dict[str, Any], **more: Any) -> NetworkGraph:
    graph = NetworkConfig.parse({"graph": {"links": [{**RATES, **it} for it in links], **more}})
    assert graph.graph is not None
    return graph.graph


def ends(graph: NetworkGraph) -> list[tuple[str, str]]:
    names = [node.name for node in graph.nodes]
    return [(names[link.src], names[link.dst]) for link in graph.links]


# -- names -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("switch", ["switch"]),
        ("npu[3]", ["npu.3"]),
        ("npu[:3]", ["npu.0", "npu.1", "npu.2"]),
        ("npu[ 1 : 3 ]", ["npu.1", "npu.2"]),
        ("npu[0:16:4]", ["npu.0", "npu.4", "npu.8", "npu.12"]),
        ("pod[0:2].leaf[5:7]", ["pod.0.leaf.5", "pod.0.leaf.6", "pod.1.leaf.5", "pod.1.leaf.6"]),
        ("a[0:2][0:2]", ["a.0.0", "a.0.1", "a.1.0", "a.1.1"]),
        ("{x}[0:1].%s", ["{x}.0.%s"]),
    ],
)
def test_slices_are_those_of_python_and_the_last_goes_first(text: str, names: list[str]) -> None:
    assert names_in(text) == names


@given(st.integers(0, 50), st.integers(0, 50), st.integers(1, 9))
def test_a_slice_has_what_a_range_has(begin: int, end: int, step: int) -> None:
    wanted = [f"n.{it}" for it in range(begin, end, step)]
    if wanted:
        assert names_in(f"n[{begin}:{end}:{step}]") == wanted
    else:
        with pytest.raises(InputError, match="names no node"):
            names_in(f"n[{begin}:{end}:{step}]")


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("", "is no name of a node"),
        (" ", "is no name of a node"),
        ("a\nb", "is no name of a node"),
        ("n" * 300, "is no name of a node"),
        ("[0:4]", "is no name with slices; write it as npu\\[0:4\\]"),
        ("npu[0:4", "is no name with slices"),
        ("npu]0[", "is no name with slices"),
        ("npu[]", "has the slice \\[\\]"),
        ("npu[0:]", "has the slice \\[0:\\]"),
        ("npu[-1]", "has the slice \\[-1\\]"),
        ("npu[0:1e9]", "has the slice \\[0:1e9\\]"),
        ("npu[a]", "has the slice \\[a\\]"),
        ("npu[4:4]", "names no node"),
        ("npu[0:4:0]", "has a slice with step 0"),
        ("npu[0:4]x", "goes on behind a slice"),
        ("npu[0:1000000000]", "names 1,000,000,000 nodes; at most 262,144"),
        ("npu[0:9999][0:9999]", "names 99,980,001 nodes"),
    ],
)
def test_what_is_no_name_is_told(text: str, phrase: str) -> None:
    with pytest.raises(InputError, match=phrase):
        names_in(text)


# -- links -----------------------------------------------------------------------------------------


def test_a_link_goes_both_ways_unless_it_is_directed() -> None:
    graph = read(
        {"from": "npu.0", "to": "npu.1"}, {"from": "npu.1", "to": "npu.2", "directed": True}
    )
    assert ends(graph) == [("npu.0", "npu.1"), ("npu.1", "npu.0"), ("npu.1", "npu.2")]


def test_one_is_linked_to_many_and_equally_many_one_to_one() -> None:
    one = {"directed": True}
    assert ends(read({"from": "npu[0:2]", "to": "s", **one})) == [("npu.0", "s"), ("npu.1", "s")]
    assert ends(read({"from": "s", "to": "npu[0:2]", **one})) == [("s", "npu.0"), ("s", "npu.1")]
    pairs = ends(read({"from": "npu[0:2]", "to": "nic[4:6]", **one}))
    assert pairs == [("npu.0", "nic.4"), ("npu.1", "nic.5")]
    every = ends(read({"from": "npu[0:2]", "to": "nic[0:2]", "pairs": "all", **one}))
    assert every == [(f"npu.{a}", f"nic.{b}") for a in (0, 1) for b in (0, 1)]


def test_rings_and_cliques() -> None:
    ring = ends(read({"ring": "npu[0:3]"}))
    assert ring[:3] == [("npu.0", "npu.1"), ("npu.1", "npu.2"), ("npu.2", "npu.0")]
    assert ring[3:] == [(b, a) for a, b in ring[:3]]
    assert ends(read({"ring": "npu[0:3]", "directed": True})) == ring[:3]
    assert len(ends(read({"clique": "npu[0:4]"}))) == 12


def test_numbers_are_decimal_gigabytes_unless_the_file_says_otherwise() -> None:
    def rate(bandwidth: Any, **more: Any) -> float:
        (link, _) = read({"from": "npu.0", "to": "npu.1", "bandwidth": bandwidth}, **more).links
        return link.bytes_per_ns

    assert rate(50) == rate(50, units="GB") == 50.0
    assert rate(50, units="GiB") == 53.6870912
    assert rate("400Gbps", units="GiB") == 50.0
    assert rate("50GiB/s") == 53.6870912


def test_latencies_are_nanoseconds_unless_they_say_otherwise() -> None:
    (link, _) = read({"from": "npu.0", "to": "npu.1", "latency": "0.5us"}).links
    assert link.latency == 500.0


def test_links_carry_their_kind_and_dimension() -> None:
    (link, _) = read({"from": "npu.0", "to": "npu.1", "kind": "nvlink", "dimension": 1}).links
    assert (link.attributes.kind, link.attributes.dimension) == ("nvlink", 1)


def test_parallel_links_are_one_and_it_is_said() -> None:
    mapping = {"graph": {"links": [{"from": "npu.0", "to": "npu.1", **RATES}] * 3}}
    config = NetworkConfig.parse(mapping, "net.yml")
    assert config.graph is not None
    assert [link.bytes_per_ns for link in config.graph.links] == [150.0, 150.0]
    (notice,) = config.notices()
    assert (notice.code, notice.where) == ("parallel-links", "net.yml")
    assert "npu.0 is linked to npu.1 3 times (and 1 more pairs" in notice.message


# -- nodes -----------------------------------------------------------------------------------------


def test_npus_are_numbered_by_rank_and_others_after_them() -> None:
    graph = read({"from": "switch.a", "to": "npu.1"}, {"from": "switch.a", "to": "npu.0"})
    assert [(node.name, node.kind) for node in graph.nodes] == [
        ("npu.0", "npu"),
        ("npu.1", "npu"),
        ("switch.a", "switch"),
    ]
    assert graph.npus == 2


def test_npus_of_several_numbers_are_in_their_order() -> None:
    graph = read({"from": "npu[1][0:2]", "to": "s"}, {"from": "npu[0][0:2]", "to": "s"})
    assert [node.name for node in graph.nodes] == ["npu.0.0", "npu.0.1", "npu.1.0", "npu.1.1", "s"]


def test_nodes_says_what_nodes_are_and_lists_npus_by_rank() -> None:
    graph = read(
        {"from": "gpu[0:2]", "to": "npu.hub"},
        nodes=[
            {"name": "gpu.1", "kind": "npu"},
            {"name": "gpu.0", "kind": "npu"},
            {"name": "npu.hub", "kind": "nvswitch"},
        ],
    )
    assert [(node.name, node.kind) for node in graph.nodes] == [
        ("gpu.1", "npu"),
        ("gpu.0", "npu"),
        ("npu.hub", "nvswitch"),
    ]


def test_a_node_without_links_is_noticed() -> None:
    mapping = {"nodes": [{"name": "spare[0:5]"}], "links": [{"ring": "npu[0:3]", **RATES}]}
    (notice,) = NetworkConfig.parse({"graph": mapping}, "net.yml").notices()
    assert notice.code == "isolated-nodes"
    assert "spare.0, spare.1, spare.2 and 2 more, so" in notice.message


# -- the rest of the file --------------------------------------------------------------------------


def test_a_graph_alone_is_one_ring_of_all_its_npus() -> None:
    config = NetworkConfig.parse({"graph": {"links": [{"ring": "npu[0:10]", **RATES}]}})
    assert (config.topology, config.npus_count, config.npus) == (("Ring",), (10,), 10)
    assert (config.bandwidth, config.latency, config.bytes_per_ns) == ((), (), ())


def test_an_order_of_its_npus_may_stand_beside_it() -> None:
    graph = {"links": [{"ring": "npu[0:12]", **RATES}]}
    config = NetworkConfig.parse({"graph": graph, "npus_count": [4, 3]})
    assert (config.topology, config.npus_count) == (("Ring", "Ring"), (4, 3))
    assert config.model_copy(update={"npus_count": [6, 2]}).npus_count == (6, 2)


def test_in_python_a_graph_may_be_one_already() -> None:
    graph = read({"ring": "npu[0:4]"})
    config = NetworkConfig(graph=graph)
    assert config.graph is graph
    assert config == NetworkConfig(graph={"links": [{"ring": "npu[0:4]", **RATES}]})
    assert config.npus_count == (4,)


def test_what_was_read_is_written_as_a_mapping_that_reads_the_same() -> None:
    config = NetworkConfig.parse({"graph": WHOLE, "npus_count": [2, 2]})
    for dumped in (config.model_dump(), json.loads(config.model_dump_json())):
        assert sorted(dumped) == ["backend_options", "graph", "npus_count", "topology"]
        assert NetworkConfig.parse(dumped) == config
    assert pickle.loads(pickle.dumps(config)) == config  # our own


def test_a_graph_is_shown_in_a_line() -> None:
    graph = read({"from": "npu[0:1000]", "to": "s"})
    assert repr(graph) == "<NetworkGraph of 1000 NPUs, 1 other nodes, 2000 links>"


def test_no_graph_is_no_graph() -> None:
    plain: dict[str, Any] = {
        "topology": ["Ring"],
        "npus_count": [4],
        "bandwidth": [50],
        "latency": [500],
    }
    assert NetworkConfig(**plain, graph=None) == NetworkConfig(**plain)
    with pytest.raises(ConfigError, match="topology: is required"):
        NetworkConfig(graph=None)


LINK = {"from": "npu[0:4]", "to": "s", **RATES}


@pytest.mark.parametrize(
    ("graph", "key", "phrase"),
    [
        ("x", "graph", "must be a mapping of keys to values"),
        ({"links": {}}, "graph.links", "must be a list, not an object"),
        ({"links": [7]}, "graph.links[0]", "must be a mapping"),
        ({"link": [LINK]}, "graph.link", "did you mean 'links'?"),
        ({"links": []}, "graph", "has no NPU"),
        ({"links": [{**LINK, "from": "a"}]}, "graph", "has no NPU"),
        ({"links": [{**LINK, "banwidth": 1}]}, "graph.links[0].banwidth", "mean 'bandwidth'"),
        ({"links": [LINK, {"ring": "npu[0:4]", "latency": 1}]}, "graph.links[1].bandwidth", "requ"),
        ({"links": [{**LINK, "bandwidth": 0}]}, "graph.links[0].bandwidth", "larger than 0"),
        ({"links": [{**LINK, "bandwidth": -1}]}, "graph.links[0].bandwidth", "larger than 0"),
        ({"links": [{**LINK, "bandwidth": float("nan")}]}, "graph.links[0].bandwidth", "finite"),
        ({"links": [{**LINK, "bandwidth": float("inf")}]}, "graph.links[0].bandwidth", "at most"),
        ({"links": [{**LINK, "bandwidth": "0GB/s"}]}, "graph.links[0].bandwidth", "larger than 0"),
        ({"links": [{**LINK, "bandwidth": "9ns"}]}, "graph.links[0].bandwidth", "a bandwidth such"),
        ({"links": [{**LINK, "bandwidth": "tbd"}]}, "graph.links[0].bandwidth", "left it open"),
        ({"links": [{**LINK, "bandwidth": True}]}, "graph.links[0].bandwidth", "finite number"),
        ({"links": [{**LINK, "latency": -1}]}, "graph.links[0].latency", "at least 0"),
        ({"links": [{**LINK, "latency": "-1ns"}]}, "graph.links[0].latency", "0 or more"),
        ({"links": [{**LINK, "pairs": "some"}]}, "graph.links[0].pairs", "'one' or 'all'"),
        ({"links": [{**LINK, "ring": "npu[0:4]"}]}, "graph.links[0]", "has ring and from and to"),
        ({"links": [{"from": "npu.0", **RATES}]}, "graph.links[0]", "has from alone"),
        ({"links": [{**LINK, "from": [3]}]}, "graph.links[0].from", "must be a string"),
        ({"links": [{**RATES}]}, "graph.links[0]", "doesn't say what it links"),
        ({"links": [{**LINK, "to": "s[0:3]"}]}, "graph.links[0]", "has 4 nodes in from and 3 in"),
        ({"links": [{**LINK, "to": "npu[0:4]"}]}, "graph.links[0]", "npu.0 is linked to itself"),
        ({"links": [{**LINK, "dimension": 1.5}]}, "graph.links[0].dimension", "a whole number"),
        ({"links": [LINK], "charges": "first-dimension"}, "graph.charges", "npu.0 to s has no dim"),
        (None, "graph", "must be a mapping of keys to values, not null"),
        (
            {"links": [{"clique": "npu[0:2000]", **RATES}] * 100},
            "graph.links[1]",
            "makes 7,996,000 links; at most 4,194,304",
        ),
        ({"links": [{"ring": "npu.0", **RATES}]}, "graph.links[0]", "npu.0 is one node; a ring"),
        ({"links": [{"clique": "npu[0:9999]", **RATES}]}, "graph.links[0]", "makes 99,980,001 lin"),
        (
            {"links": [{**LINK, "from": "npu[0:9999]", "to": "s[0:999]", "pairs": "all"}]},
            "graph.links[0]",
            "makes 19,978,002 links",
        ),
        ({"links": [{**LINK, "from": "npu[0:3:2]"}]}, "graph", "has npu.2, but no npu.1"),
        ({"links": [{**LINK, "from": "npu[1:3]"}]}, "graph", "has npu.1, but no npu.0"),
        ({"links": [{**LINK, "from": "npu.a"}]}, "graph", "'npu.a' has no rank"),
        ({"links": [{**LINK, "from": "npu.01"}]}, "graph", "'npu.01' has no rank"),
        (
            {"links": [{**LINK, "from": "npu[0:2].1"}, LINK]},
            "graph",
            "of one number and of several",
        ),
        (
            {"links": [LINK], "nodes": [{"name": "gpu.0", "kind": "npu"}]},
            "graph",
            "'gpu.0' is an NPU by its kind, 'npu.0' by its name",
        ),
        (
            {"links": [LINK], "nodes": [{"name": "s"}, {"name": "s", "kind": "x"}]},
            None,
            None,
        ),
        (
            {"links": [LINK], "nodes": [{"name": "s", "kind": "x"}, {"name": "s", "kind": "y"}]},
            "graph.nodes[1]",
            "s is a x and a y; a node has one kind",
        ),
        ({"links": [LINK], "nodes": [{"kind": "x"}]}, "graph.nodes[0].name", "is required"),
        ({"links": [LINK], "units": "MB"}, "graph.units", "must be 'GB' or 'GiB', not 'MB'"),
        ({"links": [LINK], "routing": 3}, "graph.routing", "must be a string"),
        ({"links": [LINK], "routing": {"seed": 3}}, "graph.routing", "which router it is"),
        ({"links": [LINK], "charges": "all"}, "graph.charges", "'route' or 'first-dimension'"),
        ({"links": [LINK], "loopback": 3}, "graph.loopback", "must be a mapping"),
        ({"links": [LINK], "loopback": {}}, "graph.loopback.bandwidth", "is required"),
    ],
)
def test_each_mistake_is_named_with_its_key(
    graph: object, key: str | None, phrase: str | None
) -> None:
    if phrase is None:
        NetworkConfig.parse({"graph": graph})
        return
    with pytest.raises(ConfigError) as caught:
        NetworkConfig.parse({"graph": graph}, "net.yml")
    assert caught.value.key == key
    assert phrase in caught.value.problem
    assert caught.value.source == "net.yml"
    assert len(caught.value.mistakes) == 1


WHOLE = {
    "units": "GB",
    "nodes": [{"name": "s[0:2]", "kind": "switch"}],
    "links": [
        {"from": "npu[0:4]", "to": "s.0", "bandwidth": 50, "latency": "1us", "pairs": "all"},
        {"ring": "npu[0:4]", "bandwidth": 50, "latency": 1, "directed": True, "dimension": 0},
        {"clique": "s[0:2]", "bandwidth": "1GB/s", "latency": 1, "kind": "x"},
    ],
    "routing": {"name": "ecmp", "seed": 1},
    "hairpin": True,
    "charges": "route",
    "loopback": {"bandwidth": 1, "latency": 2},
}


def places(value: Any) -> list[tuple[Any, Any]]:
    """Each container within, with each of its keys."""
    keys: list[Any] = list(value) if isinstance(value, dict) else []
    if isinstance(value, list):
        keys = list(range(len(value)))
    return [(value, key) for key in keys] + [it for key in keys for it in places(value[key])]


@given(st.integers(0, 10**6), st.none() | st.booleans() | st.integers() | st.floats() | st.text())
def test_whatever_stands_in_a_place_is_right_or_told_to_be_wrong(place: int, value: Any) -> None:
    graph = deepcopy(WHOLE)
    found = places(graph)
    container, key = found[place % len(found)]
    container[key] = value
    try:
        config = NetworkConfig.parse({"graph": graph}, "net.yml")
    except ConfigError as wrong:
        told = wrong
    else:
        assert config.graph is not None
        assert config.graph.npus == config.npus
        return
    assert {it.source for it in told.mistakes} == {"net.yml"}
    assert all(it.key and it.key.startswith("graph") for it in told.mistakes)


def test_bandwidths_of_dimensions_and_other_numbers_of_npus_are_refused() -> None:
    beside = {"bandwidth": [50], "latency": [500], "npus_count": [2, 3], "topology": ["Ring"]}
    with pytest.raises(ConfigError) as caught:
        NetworkConfig.parse({"graph": {"links": [LINK]}, **beside}, "net.yml")
    assert [(it.key, it.problem) for it in caught.value.mistakes] == [
        (None, "npus_count has 2 dimensions, topology has 1"),
        ("bandwidth", "stands beside a graph, each of whose links has its own"),
        ("latency", "stands beside a graph, each of whose links has its own"),
        ("npus_count", "multiplies to 6 NPUs, but the graph has 4"),
    ]


def test_mistakes_in_a_file_have_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "net.yml"
    path.write_text("""\
graph:
  links:
    - {from: "npu[0:4]", to: s, bandwidth: 50}
    - from: npu[4:8]
      to: s
      bandwidth: fast
      latency: 500
""")
    with pytest.raises(ConfigError) as caught:
        load_network(path)
    assert str(caught.value).replace(f"{path}: ", "").splitlines() == [
        "graph.links[0].latency: is required (latency of each link, in ns or with a unit) (line 3)",
        "graph.links[1].bandwidth: must be a finite number, not 'fast' (line 6)",
    ]


def test_a_name_with_brackets_in_braces_needs_quotes_and_it_is_said(tmp_path: Path) -> None:
    path = tmp_path / "net.yml"
    path.write_text("graph:\n  links:\n    - {ring: npu[0:4], bandwidth: 50, latency: 5}\n")
    with pytest.raises(ConfigError, match=r'in quotes, as "npu\[0:4\]" \(line 3\)'):
        load_network(path)


def test_a_long_file_is_read_as_a_short_one_is(tmp_path: Path) -> None:
    path = tmp_path / "net.yml"
    lines = [
        f"    - {{from: npu.{it}, to: npu.{it + 1}, bandwidth: 50, latency: 5}}\n"
        for it in range(1500)
    ]
    path.write_text("graph:\n  links:\n" + "".join(lines))
    assert path.stat().st_size > 2**16
    graph = load_network(path).graph
    assert graph is not None
    assert (graph.npus, len(graph.links)) == (1501, 3000)


# -- for editors -----------------------------------------------------------------------------------

OPTIONS = {"shortest-path": None, "spread": PartOptions}
SCHEMA = Draft202012Validator(
    json_schemas(SchemaNames(("Ring",), ("ring",), routers=OPTIONS))["network.schema.json"]
)
EDITED = {"links": [{"from": "npu[0:4]", "to": "s", "bandwidth": "50GB/s", "latency": 500}]}


@pytest.mark.parametrize(
    ("file", "is_right"),
    [
        ({"graph": EDITED}, True),
        ({"graph": EDITED, "npus_count": [2, 2]}, True),
        ({"graph": {**EDITED, "routing": "shortest-path"}}, True),
        ({"graph": {**EDITED, "routing": {"name": "spread"}}}, True),
        ({"graph": {**EDITED, "loopback": {"bandwidth": 1}}}, True),
        ({"graph": {**EDITED, "nodes": [{"name": "s", "kind": "leaf"}]}}, True),
        ({"graph": {**EDITED, "routing": "short"}}, False),
        ({"graph": {**EDITED, "routing": {"name": "spread", "seed": 1}}}, False),
        ({"graph": {**EDITED, "loopback": {}}}, False),
        ({"graph": {**EDITED, "nodes": [{"kind": "leaf"}]}}, False),
        ({"graph": {**EDITED, "link": []}}, False),
        ({"graph": {"links": [{**EDITED["links"][0], "pairs": "some"}]}}, False),
        ({"graph": {"links": [{"ring": "npu[0:4]", "latency": 1}]}}, False),
        ({"graph": EDITED, "bandwidth": [50]}, False),
        ({"topology": ["Ring"], "npus_count": [4]}, False),
    ],
)
def test_an_editor_knows_what_is_right(file: dict[str, Any], is_right: bool) -> None:  # noqa: FBT001
    assert SCHEMA.is_valid(file) is is_right
