"""Graphs written as network files: they read as the same graphs, and are as short as by hand."""

from collections.abc import Iterable, Sequence
from itertools import permutations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from simastra.config import NetworkConfig, Part
from simastra.config.graph.writing import network_text
from simastra.config.network_yaml import parse_network_yaml
from simastra.errors import InputError
from simastra.network_graph import (
    GraphAssembly,
    GraphLink,
    GraphNode,
    LinkAttributes,
    NetworkGraph,
    RoutingChoice,
    clique_links,
    ring_links,
)
from simastra.network_graph.model import NPU

FAST = LinkAttributes(50.0, 500.0)


def read(text: str) -> NetworkConfig:
    return parse_network_yaml(text, "network.yml")


def read_graph(text: str) -> NetworkGraph:
    graph = read(text).graph
    assert graph is not None
    return graph


def graph_of(npus: int, pairs: Iterable[tuple[str, str]], *, both_ways: bool) -> NetworkGraph:
    assembly = GraphAssembly()
    for npu in range(npus):
        assembly.add_node(f"npu.{npu}", NPU)
    for src, dst in pairs:
        assembly.add_link(src, dst, FAST, both_ways=both_ways)
    return assembly.graph()


def entries(graph: NetworkGraph, key: str = "links") -> list[str]:
    """The lines of an entry each, without what all links have."""
    text = network_text(graph)
    assert read_graph(text) == graph
    _, _, after = text.partition(f"  {key}:\n")
    lines = [line for line in after.splitlines() if line.startswith("    - ")]
    return [line.strip("- {}").replace(", bandwidth: 50, latency: 500", "") for line in lines]


STEMS = st.sampled_from(
    ["npu", "leaf", "pod.1.leaf", "host.0.nic", "0", "a b", "Straße", "x,{}'\"#&*"]
)
NAMES = st.one_of(
    st.builds("{}.{}".format, STEMS, st.integers(0, 12)),
    st.builds("{}.{}.{}.{}".format, STEMS, st.integers(0, 3), STEMS, st.integers(0, 3)),
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=8),
    st.sampled_from(
        [
            "null",
            "~",
            "true",
            "12",
            "0.1",
            "1e3",
            "npu",
            "npu.x",
            "leaf.007",
            "leaf.-1",
            "- a",
            "a: b",
        ]
    ),
)
WORDS = st.sampled_from(["switch", "nic", "a b", "null", "npu"])
RATES = st.one_of(
    st.sampled_from([50.0, 12.5, 53.6870912, 26.8435456]),
    st.floats(1e-9, 2.0**60),
)
ATTRIBUTES = st.builds(
    LinkAttributes,
    RATES,
    st.one_of(st.sampled_from([0.0, 500.0]), st.floats(0, 2.0**60)),
    st.sampled_from(["", "", "nvlink", "null", "a, b"]),
    st.one_of(st.none(), st.integers(0, 3)),
)


def ways_to_charge(links: Iterable[LinkAttributes]) -> list[str]:
    """Those that a graph of such links may have."""
    have_dimensions = all(link.dimension is not None for link in links)
    return ["route", "first-dimension"] if have_dimensions else ["route"]


@st.composite
def graphs(draw: st.DrawFn) -> NetworkGraph:
    """Any, mostly of few kinds of links, so that some go on regularly."""
    names = draw(st.lists(NAMES, min_size=1, max_size=12, unique=True))
    npus = draw(st.integers(1, len(names)))
    by_rank = draw(st.booleans())
    nodes = [
        GraphNode(f"npu.{at}", NPU)
        if by_rank and at < npus
        else GraphNode(name, NPU if at < npus else kind, at >= npus and draw(st.booleans()))
        for at, name in enumerate(names)
        for kind in [draw(WORDS.filter(lambda it: it != NPU))]
    ]
    assume(len({node.name for node in nodes}) == len(nodes))
    pairs = list(permutations(range(len(names)), 2))
    shapes = st.one_of(
        st.lists(st.sampled_from(pairs), max_size=20) if pairs else st.just([]),
        st.permutations(range(len(names))).map(lambda it: list(ring_links(it))),
        st.permutations(range(len(names))).map(lambda it: list(clique_links(it))),
    )
    some = draw(st.lists(ATTRIBUTES, min_size=1, max_size=2))
    links: dict[tuple[int, int], LinkAttributes] = {}
    for pair in [pair for shape in draw(st.lists(shapes, max_size=3)) for pair in shape]:
        links.setdefault(pair, draw(st.sampled_from(some)))
    return NetworkGraph(
        tuple(nodes),
        tuple(GraphLink(*pair, attributes) for pair, attributes in links.items()),
        draw(st.sampled_from([RoutingChoice(), RoutingChoice("ecmp", {"seed": 3})])),
        hairpin=draw(st.booleans()),
        charges=draw(st.sampled_from(ways_to_charge(links.values()))),
        loopback=draw(st.one_of(st.none(), RATES.map(lambda it: LinkAttributes(it, 0.5)))),
    )


@given(graph=graphs())
def test_what_is_written_reads_as_the_same_graph_or_is_refused(graph: NetworkGraph) -> None:
    try:
        text = network_text(graph)
    except InputError:
        return
    assert read_graph(text) == graph


@given(graph=graphs())
def test_ordinary_names_are_never_refused(graph: NetworkGraph) -> None:
    nodes = tuple(
        GraphNode(f"npu.{at}" if node.is_npu else f"x.{at % 3}.y.{at}", node.kind)
        for at, node in enumerate(graph.nodes)
    )
    plain = NetworkGraph(nodes, graph.links, graph.routing)
    assert read_graph(network_text(plain)) == plain


@pytest.mark.parametrize(
    "name",
    [
        *("a b", "Straße", "x,{}'\"#&*\\", "\U0001f5a7", "null", "~", "true", "12", "0.1", "-0.1"),
        *("leaf.007", "leaf.-1", "- a", "a: b", "%", " a ", "npu", "npu.x", "npu.7.nic", "0.1.2"),
    ],
)
def test_odd_names_survive(name: str) -> None:
    nodes = GraphNode("npu.0", NPU), GraphNode("npu.1", NPU), GraphNode(name)
    graph = NetworkGraph(nodes, (GraphLink(0, 2, FAST), GraphLink(2, 1, FAST)))
    assert read_graph(network_text(graph)) == graph


def ring(members: Sequence[int]) -> list[tuple[str, str]]:
    return [(f"npu.{src}", f"npu.{dst}") for src, dst in ring_links(members)]


def clique(members: Sequence[int]) -> list[tuple[str, str]]:
    return [(f"npu.{src}", f"npu.{dst}") for src, dst in clique_links(members)]


@pytest.mark.parametrize(
    ("pairs", "written"),
    [
        (ring(range(6)), ['ring: "npu[0:6]"']),
        (ring(range(0, 12, 4)), ['ring: "npu[0:12:4]"']),
        (ring(range(6))[:6], ['ring: "npu[0:6]", directed: true']),
        (ring(range(2)), ["from: npu.0, to: npu.1"]),
        (ring([*range(3)]) + ring([*range(3, 6)]), ['ring: "npu[0:3]"', 'ring: "npu[3:6]"']),
        (clique(range(5)), ['clique: "npu[0:5]"']),
        (clique(range(1, 9, 2)), ['clique: "npu[1:8:2]"']),
        (clique(range(4))[:-1], None),
        (list(reversed(ring(range(5)))), None),
    ],
)
def test_rings_and_cliques_are_told_by_the_order_of_their_links(
    pairs: list[tuple[str, str]], written: list[str] | None
) -> None:
    found = entries(graph_of(12, pairs, both_ways=False))
    if written is None:
        assert not any(it.startswith(("ring:", "clique:")) for it in found)
    else:
        assert found == written


@pytest.mark.parametrize(
    ("pairs", "written"),
    [
        ([(f"npu.{npu}", "a") for npu in range(4)], ['from: "npu[0:4]", to: a']),
        ([("a", f"npu.{npu}") for npu in range(4)], ['from: a, to: "npu[0:4]"']),
        (
            [(f"npu.{npu}", f"leaf.{npu // 4}") for npu in range(8)],
            ['from: "npu[0:4]", to: leaf.0', 'from: "npu[4:8]", to: leaf.1'],
        ),
        (
            [(f"npu.{npu}", f"nic.{npu}.port.1") for npu in range(8)],
            ['from: "npu[0:8]", to: "nic[0:8].port.1"'],
        ),
        (
            [(f"leaf.{leaf}", f"spine.{spine}") for leaf in range(3) for spine in range(4)],
            ['from: "leaf[0:3]", to: "spine[0:4]", pairs: all'],
        ),
        (
            [
                (f"pod.{pod}.leaf.{leaf}", f"pod.{pod}.spine.{leaf}")
                for pod in range(3)
                for leaf in range(2)
            ],
            ['from: "pod[0:3].leaf[0:2]", to: "pod[0:3].spine[0:2]"'],
        ),
        (
            [(f"pod.{pod}.leaf.{leaf}", "core") for pod in range(3) for leaf in range(2)],
            ['from: "pod[0:3].leaf[0:2]", to: core'],
        ),
        (
            [(f"npu.{npu}", f"npu.{npu + 1}") for npu in range(7)],
            ['from: "npu[0:7]", to: "npu[1:8]"'],
        ),
        (
            [("leaf.3", "a"), ("leaf.2", "a"), ("leaf.1", "a")],
            ["from: leaf.3, to: a", "from: leaf.2, to: a", "from: leaf.1, to: a"],
        ),
    ],
)
def test_links_that_go_on_regularly_are_one_entry(
    pairs: list[tuple[str, str]], written: list[str]
) -> None:
    assert entries(graph_of(8, pairs, both_ways=True)) == written


def test_links_one_way_say_so() -> None:
    graph = graph_of(4, [(f"npu.{npu}", "a") for npu in range(4)], both_ways=False)
    assert entries(graph) == ['from: "npu[0:4]", to: a, directed: true']


def test_what_links_do_not_say_of_nodes_is_said_before_them() -> None:
    nodes = [
        *(GraphNode(f"host.{host}.xpu.{xpu}", NPU) for host in range(2) for xpu in range(4)),
        *(GraphNode(f"nic.{nic}", "nic") for nic in range(3)),
        GraphNode("npu.fabric"),
    ]
    graph = NetworkGraph(tuple(nodes), ())
    assert entries(graph, "nodes") == [
        'name: "host[0:2].xpu[0:4]", kind: npu',
        'name: "nic[0:3]", kind: nic',
        "name: npu.fabric, kind: switch",
    ]


def test_nodes_are_listed_where_links_name_them_in_another_order() -> None:
    nodes = GraphNode("npu.0", NPU), GraphNode("b"), GraphNode("a")
    links = (GraphLink(0, 2, FAST), GraphLink(2, 1, FAST))
    graph = NetworkGraph(nodes, links)
    assert entries(graph, "nodes")[:2] == ["name: b, kind: switch", "name: a, kind: switch"]


@pytest.mark.parametrize(
    ("rates", "unit", "written"),
    [
        ([53.6870912, 13.4217728], "GiB", "bandwidth: 12.5,"),
        ([37.3 * 2**30 / 10**9], "GiB", "bandwidth: 37.3,"),
        ([400.0, 0.1], "GB", "bandwidth: 0.1,"),
        ([53.6870912, 400.0], "GB", "bandwidth: 53.6870912,"),
        ([1 / 3], "GB", "bandwidth: 0.3333333333333333,"),
        ([9e18 * 2**30 / 10**9], "GiB", "bandwidth: 9e+18,"),
    ],
)
def test_bandwidths_are_exact_and_in_the_unit_in_which_they_are_short(
    rates: list[float], unit: str, written: str
) -> None:
    links = tuple(
        GraphLink(0, device, LinkAttributes(rate, 1.0)) for device, rate in enumerate(rates, 1)
    )
    nodes = tuple(GraphNode(f"npu.{npu}", NPU) for npu in range(3))
    text = network_text(NetworkGraph(nodes, links))
    assert f"units: {unit}\n" in text
    assert written in text


def test_the_logical_topology_and_options_of_backends_stand_beside_the_graph() -> None:
    graph = graph_of(4, ring(range(4)), both_ways=False)
    text = network_text(
        graph,
        topology=["Ring", Part("Own", {"stride": 2})],
        npus_count=[2, 2],
        backend_options=[Part("jitter", {"most": 2.5})],
        comments=["Four in a ring"],
    )
    config = read(text)
    assert text.startswith("# Four in a ring\ntopology: [Ring, {name: Own, stride: 2}]\n")
    assert config.topology == ("Ring", Part("Own", {"stride": 2}))
    assert config.npus_count == (2, 2)
    assert config.backend_options == (Part("jitter", {"most": 2.5}),)
    assert config.graph == graph


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("a[3]", r"'a\[3\]' can't be written: brackets"),
        ("a[3", r"'a\[3' can't be written: brackets"),
        ("a\nb", r"'a\\nb' can't be written: names are shorter, and printable; rename it"),
        ("x" * 250, r"x\.\.\.' can't be written: names are shorter, and printable; rename it"),
        ("1e3", "'1e3' can't be written: it would be read as a number"),
    ],
)
def test_a_name_that_would_be_read_as_another_is_refused(name: str, problem: str) -> None:
    graph = NetworkGraph((GraphNode("npu.0", NPU), GraphNode(name)), ())
    with pytest.raises(InputError, match=problem):
        network_text(graph)


def test_npus_whose_names_say_other_ranks_are_refused() -> None:
    graph = NetworkGraph((GraphNode("npu.1", NPU), GraphNode("npu.0", NPU)), ())
    with pytest.raises(InputError, match=r"NPU 0 can't be written: it is called npu\.1"):
        network_text(graph)


@pytest.mark.parametrize(
    ("link", "problem"),
    [
        (LinkAttributes(1e-12, 1.0), "bandwidth of 1e-12 GB/s"),
        (LinkAttributes(1e30, 1.0), r"bandwidth of 1e\+30 GB/s"),
        (LinkAttributes(1.0, 1e20), r"latency of 1e\+20 ns"),
    ],
)
def test_what_no_link_has_is_refused(link: LinkAttributes, problem: str) -> None:
    nodes = GraphNode("npu.0", NPU), GraphNode("npu.1", NPU)
    with pytest.raises(InputError, match=problem):
        network_text(NetworkGraph(nodes, (GraphLink(0, 1, link),)))


def test_a_comment_stays_one_line_whatever_it_quotes() -> None:
    graph = graph_of(4, ring(range(4)), both_ways=False)
    text = network_text(graph, comments=["of 'a\nb\x07\u2028\ufffe.yml'", ""])
    assert text.startswith("# of 'a\\nb\\x07\\u2028?.yml'\n#\ngraph:\n")
    assert read_graph(text) == graph
