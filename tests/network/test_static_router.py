"""Routes from a table: what it says, what is left to shortest paths, and what is refused."""

from __future__ import annotations

import re
from itertools import pairwise, permutations
from pathlib import Path

import pytest
from graphs_made import random_graph
from hypothesis import given
from hypothesis import strategies as st

from simastra import NetworkConfig
from simastra.config import load_network
from simastra.errors import ConfigError
from simastra.network import build_topology
from simastra.network.routing import ShortestPath, Static, StaticOptions
from simastra.network.topology.graph import GraphTopology

LINK = {"bandwidth": 50, "latency": 5}
LINKS = (
    {"from": "npu[0:2]", "to": "leaf.0", **LINK},
    {"from": "npu[2:4]", "to": "leaf.1", **LINK},
    {"from": "leaf[0:2]", "to": "spine[0:2]", "pairs": "all", **LINK},
)


def built(source: Path | str = "net.yml", **options: object) -> GraphTopology:
    routing = {"name": "static", **options}
    topology = build_topology(
        NetworkConfig.parse({"graph": {"links": list(LINKS), "routing": routing}}, source)
    )
    assert isinstance(topology, GraphTopology)
    return topology


def way(topology: GraphTopology, src: int, dst: int) -> str:
    names = [node.name for node in topology.graph.nodes]
    return " ".join(names[device] for device in topology.router.route(src, dst))


def test_a_next_hop_counts_for_all_that_pass_there_and_nobody_else() -> None:
    table = built(routes=[{"at": "leaf.0", "to": "npu.2", "via": "spine.1"}])
    assert way(table, 0, 2) == "npu.0 leaf.0 spine.1 leaf.1 npu.2"
    assert way(table, 1, 2) == "npu.1 leaf.0 spine.1 leaf.1 npu.2"
    assert way(table, 0, 3) == "npu.0 leaf.0 spine.0 leaf.1 npu.3"
    assert way(table, 3, 2) == "npu.3 leaf.1 npu.2"


def test_a_whole_route_is_taken_by_its_pairs_whatever_next_hops_say() -> None:
    table = built(
        routes=[
            {"at": "leaf.0", "to": "npu[2:4]", "via": "spine.0"},
            {"from": "npu.0", "to": "npu[2:4]", "by": ["leaf.0", "spine[1]", "leaf.1"]},
        ]
    )
    assert way(table, 0, 3) == "npu.0 leaf.0 spine.1 leaf.1 npu.3"
    assert way(table, 1, 3) == "npu.1 leaf.0 spine.0 leaf.1 npu.3"
    assert way(table, 3, 0) == "npu.3 leaf.1 spine.0 leaf.0 npu.0"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "routes.yml",
            "routes:\n"
            "- {at: leaf.0, to: npu.2, via: spine.1}\n"
            '- {from: "npu[0:2]", to: npu.3, by: [leaf.0, spine.1, leaf.1]}\n',
        ),
        (
            "routes.csv",
            "at,from,to,via,by\n"
            "leaf.0, ,npu.2,spine.1,\n"
            "\n"
            ",npu[0:2],npu.3,,leaf.0 spine.1 leaf.1\n",
        ),
    ],
)
def test_a_table_may_be_a_file_beside_the_network(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    table = built(tmp_path / "net.yml", table=name)
    assert way(table, 0, 2) == "npu.0 leaf.0 spine.1 leaf.1 npu.2"
    assert way(table, 1, 3) == "npu.1 leaf.0 spine.1 leaf.1 npu.3"
    assert table.files == (str(tmp_path / name),)  # so that no output replaces it


def test_its_table_lies_beside_the_file_that_names_it_not_beside_the_graph(tmp_path: Path) -> None:
    (tmp_path / "graphs").mkdir()
    (tmp_path / "graphs" / "tiers.yml").write_text(
        "graph:\n  links:\n"
        + "".join(f"  - {{from: 'npu[0:2]', to: {it}, bandwidth: 5, latency: 5}}\n" for it in "ab")
    )
    (tmp_path / "routes.csv").write_text("from,to,by\nnpu.0,npu.1,b\n")
    (tmp_path / "net.yml").write_text(
        "graph: {file: graphs/tiers.yml, routing: {name: static, table: routes.csv}}\n"
    )
    topology = build_topology(load_network(tmp_path / "net.yml"))
    assert isinstance(topology, GraphTopology)
    assert way(topology, 0, 1) == "npu.0 b npu.1"
    assert way(topology, 1, 0) == "npu.1 a npu.0"
    files = [str(tmp_path / it) for it in ("graphs/tiers.yml", "routes.csv")]
    assert list(topology.files) == files  # no output replaces either


WRONG = [
    ([{"at": "leaf.9", "to": "npu.2", "via": "spine.1"}], "unknown device 'leaf.9'; did you mean"),
    ([{"at": "leaf.0", "to": "spine.0", "via": "spine.1"}], "spine.0 is no NPU"),
    ([{"from": "leaf.0", "to": "npu.2", "by": []}], "leaf.0 is no NPU"),
    ([{"at": "leaf.0", "to": "npu.2", "via": "spine[0:2]"}], "is several devices; write one"),
    (
        [{"at": "npu.0", "to": "npu.2", "via": "spine.1"}],
        "no link leads from npu.0 to spine.1; links of npu.0 lead to leaf.0",
    ),
    (
        [{"from": "npu.0", "to": "npu.2", "by": ["leaf.0", "spine.0"]}],
        "no link leads from spine.0 to npu.2; links of spine.0 lead to leaf.0, leaf.1",
    ),
    (
        [{"from": "npu.0", "to": "npu.1", "by": ["leaf.0", "spine.0", "leaf.0"]}],
        "passes leaf.0 twice",
    ),
    ([{"at": "npu.0", "to": "npu.0", "via": "leaf.0"}], "leads from npu.0 to itself"),
    ([{"at": "leaf.0", "to": "npu.2"}], "must have at, to and via, or from, to and by"),
    ([{"at": "leaf.0", "to": "npu.2", "by": []}], "must have at, to and via, or from, to and by"),
    ([{"at": "leaf.0", "via": "spine.0"}], "routes[0].to: is required"),
    ([{"from": "npu.0", "to": "npu.1", "by": 3}], "by: must be a list of devices' names, not 3"),
    ([7], "routes[0]: must be a mapping of keys to values, not 7"),
    (7, "routes: must be a list of routes, not 7"),
    ([], "has no routes; write them as routes, or name their file as table"),
    (
        [
            {"at": "leaf.0", "to": "npu[2:4]", "via": "spine.1"},
            {"at": "leaf.0", "to": "npu.3", "via": "spine.0"},
        ],
        "routes[1]: leaf.0 sends on what goes to npu.3 to spine.0, and by an entry before to "
        "spine.1",
    ),
    (
        [
            {"from": "npu.0", "to": "npu.2", "by": ["leaf.0", "spine.0", "leaf.1"]},
            {"from": "npu.0", "to": "npu.2", "by": ["leaf.0", "spine.1", "leaf.1"]},
        ],
        "an entry before has another route from npu.0 to npu.2",
    ),
    (
        [{"at": "leaf.0", "to": "npu.1", "via": "spine.1"}],
        "graph.routing: what goes to npu.1 comes back to where it was: leaf.0, spine.1, leaf.0",
    ),
]


@pytest.mark.parametrize(("routes", "message"), WRONG)
def test_a_wrong_table_is_told_in_one_line(routes: object, message: str) -> None:
    with pytest.raises(ConfigError) as error:
        built(routes=routes)
    assert message in str(error.value)
    assert str(error.value).startswith("net.yml: graph.routing")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("npus", "named"), [(8, "npu.6, npu.7"), (9, "npu.6, npu.7, ..."), (10, "npu.7, ...")]
)
def test_up_to_eight_devices_are_named_in_a_message(npus: int, named: str) -> None:
    links = [{"from": f"npu[0:{npus}]", "to": "s", **LINK}, {"from": "npu.0", "to": "t", **LINK}]
    routing = {"name": "static", "routes": [{"at": "s", "to": "npu.0", "via": "t"}]}
    network = NetworkConfig.parse({"graph": {"links": links, "routing": routing}}, "net.yml")
    with pytest.raises(ConfigError, match=rf"links of s lead to npu\.0, .*{re.escape(named)}$"):
        build_topology(network)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.csv", "", "a.csv: is empty; it needs the columns at, to, via or from, to, by"),
        ("a.csv", "at,to,via\nleaf.0,npu.2", "a.csv: line 2: has 2 cells, and the first line 3"),
        ("a.csv", "at,to,via\nleaf.0,npu.9,spine.0", "a.csv: line 2: unknown device 'npu.9'"),
        ("a.csv", "at,to,vai\nleaf.0,npu.2,spine.0", "a.csv: line 2.vai: unknown key 'vai'"),
        ("a.csv", 'at,to,via\n"leaf.0', "a.csv: line 2: isn't CSV: unexpected end of data"),
        ("a.yml", "", "a.yml: is empty; it needs the key routes, with a list"),
        ("a.yml", "routes:\n- {at: leaf.0, to: npu.2, via: a}", "routes[0]: unknown device 'a'"),
        ("a.yml", "ways: []", "a.yml: ways: unknown key 'ways'"),
        ("b.yml", None, "b.yml: file not found"),
    ],
)
def test_a_wrong_file_is_told_with_its_line(
    tmp_path: Path, name: str, text: str | None, message: str
) -> None:
    if text is not None:
        (tmp_path / name).write_text(text)
    with pytest.raises(ConfigError) as error:
        built(tmp_path / "net.yml", table=name)
    assert message in str(error.value)


def test_a_table_that_nobody_could_keep_is_refused_at_once() -> None:
    star = {"from": "npu[0:2000]", "to": "hub", **LINK}
    routing = {
        "name": "static",
        "routes": [{"at": "npu[0:2000]", "to": "npu[0:2000]", "via": "hub"}],
    }
    network = NetworkConfig.parse({"graph": {"links": [star], "routing": routing}})
    with pytest.raises(
        ConfigError, match=r"is for 2,000 x 2,000 pairs; a table may have 1,048,576"
    ):
        build_topology(network)


@given(st.integers(0, 200), st.data())
def test_a_table_of_shortest_paths_changes_nothing(seed: int, data: st.DataObject) -> None:
    graph = random_graph(seed, directed=False)
    shortest = ShortestPath(graph)
    pairs = [*permutations(range(graph.npus), 2)]
    routes: list[object] = []
    for src, dst in data.draw(st.lists(st.sampled_from(pairs), min_size=1, max_size=8)):
        names = [graph.nodes[device].name for device in shortest.route(src, dst)]
        if data.draw(st.booleans()):
            routes.append({"from": names[0], "to": names[-1], "by": names[1:-1]})
        else:
            hops = pairwise(names)
            routes += [{"at": at, "to": names[-1], "via": via} for at, via in hops]
    static = Static(graph, StaticOptions.parse({"routes": routes}))
    assert [static.route(*it) for it in pairs] == [shortest.route(*it) for it in pairs]
