"""InfraGraph descriptions: what becomes of devices, instances, edges, links and annotations."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from other_graphs import edge, infragraph

from simastra.config import NetworkConfig
from simastra.config.graph.spellings.infragraph import read_infragraph
from simastra.config.graph.spellings.infragraph.slices import Sliced, chosen
from simastra.config.graph.wrong import KeyedError
from simastra.errors import ConfigError
from simastra.network_graph import LinkAttributes, NetworkGraph


def read(document: dict[str, Any], **more: Any) -> NetworkGraph:
    return read_infragraph(document, "it.yaml", **more)


def links(graph: NetworkGraph) -> dict[tuple[str, str], tuple[float, float, str]]:
    """Of each link one way, by names: bandwidth, latency, kind."""
    names = [node.name for node in graph.nodes]
    return {
        (names[it.src], names[it.dst]): (it.bytes_per_ns, it.latency, it.attributes.kind)
        for it in graph.links
    }


def npus(graph: NetworkGraph) -> list[str]:
    return [node.name for node in graph.nodes if node.is_npu]


def device(count: int = 4, **more: Any) -> dict[str, Any]:
    """A device of so many NPUs and NICs, whose edges the test gives."""
    return {
        "name": "box",
        "components": [
            {"name": "xpu", "count": count, "choice": "xpu"},
            {"name": "nic", "count": count, "choice": "nic"},
        ],
        "links": [{"name": "l", "physical": {"bandwidth": {"gigabytes_per_second": 50}}}],
        **more,
    }


def pairs(*edges: dict[str, Any], count: int = 4) -> set[frozenset[str]]:
    graph = read(device(count, edges=list(edges)), contract=False)
    return {frozenset(it.removeprefix("box.0.") for it in ends) for ends in links(graph)}


def both(*names: str) -> frozenset[str]:
    return frozenset(names)


# -- nodes and links -------------------------------------------------------------------------------


def test_components_of_instances_are_nodes_of_their_kinds() -> None:
    graph = read(infragraph(), contract=False)
    assert npus(graph) == ["host.0.xpu.0", "host.0.xpu.1", "host.1.xpu.0", "host.1.xpu.1"]
    kinds = {node.name: node.kind for node in graph.nodes}
    assert (kinds["host.1.nic.1"], kinds["host.0.nvsw.0"]) == ("nic", "switch")
    assert (kinds["leaf.0.port.7"], len(kinds)) == ("port", 2 * 5 + 9)


def test_links_go_both_ways_with_bandwidth_and_latency_in_all_units() -> None:
    found = links(read(infragraph(), contract=False))
    assert found["host.0.xpu.0", "host.0.nvsw.0"] == (450.0, 300.0, "nvlink")
    assert found["host.0.nvsw.0", "host.0.xpu.0"] == (450.0, 300.0, "nvlink")
    assert found["host.1.xpu.1", "host.1.nic.1"] == (64.0, 500.0, "pcie")
    assert found["host.1.nic.0", "leaf.0.port.2"] == (50.0, 1000.0, "eth")
    assert len(found) == 2 * (2 * 4 + 8 + 4)


def test_transfers_a_second_are_those_of_sixteen_lanes_and_it_is_said() -> None:
    document = infragraph()
    document["devices"][0]["links"][1]["physical"]["bandwidth"] = {"gigatransfers_per_second": 32}
    graph = read(document, contract=False)
    assert links(graph)["host.0.xpu.0", "host.0.nic.0"][0] == 64.0
    (remark,) = [it for it in graph.remarks if it.code == "transfers-per-second"]
    assert "link host.pcie" in remark.message
    assert "16 lanes" in remark.message


def test_what_is_said_of_links_that_say_nothing() -> None:
    document = infragraph()
    document["links"][0] = {"name": "eth"}
    document["devices"][0]["links"][0]["physical"] = {
        "bandwidth": {"choice": "gigabits_per_second"}
    }
    graph = read(document, contract=False)
    found = links(graph)
    assert found["host.0.nic.0", "leaf.0.port.0"] == (800.0, 0.0, "eth")
    assert found["host.0.xpu.0", "host.0.nvsw.0"] == (800.0, 0.0, "nvlink")
    told = {it.code: it.message for it in graph.remarks}
    assert told["no-bandwidth"].startswith(
        "links host.nvlink, eth without a bandwidth: 800 GB/s is taken"
    )
    assert told["no-latency"].startswith("links host.nvlink, eth without a latency: 0 ns is taken")


def test_a_file_without_any_bandwidth_gets_four_hundred_gigabits() -> None:
    ring = edge({"component": "xpu"}, {"component": "xpu"}, "l", "ring")
    graph = read(device(edges=[ring], links=[{"name": "l"}]))
    assert {it.bytes_per_ns for it in graph.links} == {50.0}
    assert "50 GB/s is taken" in graph.remarks[0].message


def test_faster_links_come_first_so_that_equally_long_ways_take_them() -> None:
    document = infragraph()
    document["devices"][0]["edges"].reverse()
    speeds = [it.bytes_per_ns for it in read(document, contract=False).links]
    assert speeds == sorted(speeds, reverse=True)


def test_a_description_that_has_only_a_device_is_one_of_it() -> None:
    host = infragraph()["devices"][0]
    assert npus(read(host)) == ["host.0.xpu.0", "host.0.xpu.1"]


def test_components_may_be_devices() -> None:
    document = infragraph()
    board = device(2, name="board")
    board["edges"] = [edge({"component": "xpu"}, {"component": "nic"}, "l", "one2one")]
    document["devices"].append(board)
    host = document["devices"][0]
    host["components"][0] = {"name": "board", "count": 2, "choice": "device"}
    host["edges"] = [
        edge(
            {"device": "board[0:2]", "component": "xpu[1]"}, {"component": "nic"}, "pcie", "one2one"
        ),
        edge({"component": "board[0].nic[:]"}, {"component": "nvsw"}, "nvlink", "many2many"),
    ]
    graph = read(document, contract=False)
    assert npus(graph)[:3] == [
        "host.0.board.0.xpu.0",
        "host.0.board.0.xpu.1",
        "host.0.board.1.xpu.0",
    ]
    found = links(graph)
    assert found["host.1.board.1.xpu.1", "host.1.nic.1"][2] == "pcie"
    assert found["host.1.board.0.nic.1", "host.1.nvsw.0"][2] == "nvlink"
    assert found["host.1.board.1.nic.0", "host.1.board.1.xpu.0"][2] == "l"
    assert len(found) == 2 * (2 * (2 + 2 + 4) + 8 + 4)


def test_a_component_of_an_own_kind_is_called_by_it() -> None:
    made = device(edges=[edge({"component": "xpu"}, {"component": "xpu"}, "l", "many2many")])
    made["components"][1] = {
        "name": "nic",
        "count": 1,
        "choice": "custom",
        "custom": {"type": "mgmt-nic"},
    }
    assert read(made, contract=False).nodes[-1].kind == "mgmt-nic"
    del made["components"][1]["custom"]
    assert read(made, contract=False).nodes[-1].kind == "custom"


# -- edges -----------------------------------------------------------------------------------------


def test_one_to_one_links_as_many_as_both_have() -> None:
    made = edge({"component": "xpu[1:3]"}, {"component": "nic"}, "l", "one2one")
    assert pairs(made) == {both("xpu.1", "nic.0"), both("xpu.2", "nic.1")}


def test_many_to_many_links_each_to_each_other() -> None:
    made = edge({"component": "xpu"}, {"component": "xpu[:2]"}, "l", "many2many")
    assert pairs(made, count=3) == {
        both("xpu.0", "xpu.1"),
        both("xpu.0", "xpu.2"),
        both("xpu.1", "xpu.2"),
    }


def test_a_ring_links_each_to_the_next_and_the_last_to_the_first() -> None:
    made = edge({"component": "xpu[:2]"}, {"component": "xpu[2:]"}, "l", "ring")
    steps = [("xpu.0", "xpu.1"), ("xpu.1", "xpu.2"), ("xpu.2", "xpu.3"), ("xpu.3", "xpu.0")]
    assert pairs(made) == {both(*step) for step in steps}


@pytest.mark.parametrize(
    ("slice_", "numbers"),
    [
        ("", [0, 1, 2, 3]),
        ("[]", [0, 1, 2, 3]),
        ("[:]", [0, 1, 2, 3]),
        ("[2]", [2]),
        ("[-1]", [3]),
        ("[1:3]", [1, 2]),
        ("[::2]", [0, 2]),
        ("[:-1]", [0, 1, 2]),
        ("[0:4:3]", [0, 3]),
    ],
)
def test_slices_are_pythons(slice_: str, numbers: list[int]) -> None:
    made = edge({"component": f"xpu{slice_}"}, {"component": "nic[0]"}, "l", "many2many")
    assert pairs(made) == {both(f"xpu.{it}", "nic.0") for it in numbers}


BOUND = st.none() | st.integers(-9, 9)


@given(st.integers(1, 8), BOUND, BOUND, st.none() | st.integers(-3, 3).filter(bool))
def test_a_slice_takes_what_python_takes_or_is_refused(
    count: int, begin: int | None, end: int | None, step: int | None
) -> None:
    written = ":".join("" if it is None else str(it) for it in (begin, end, step))
    wanted = list(range(count))[begin:end:step]
    try:
        taken = list(chosen(Sliced("xpu", written), count, "key"))
    except KeyedError:
        beyond = any(it is not None and not -count <= it <= count for it in (begin, end))
        assert beyond or not wanted
    else:
        assert taken == wanted


def test_a_slice_may_run_backwards() -> None:
    made = edge({"component": "xpu[::-1]"}, {"component": "nic[0:4]"}, "l", "one2one")
    assert pairs(made) == {both(f"xpu.{3 - it}", f"nic.{it}") for it in range(4)}


def test_edges_of_instances_take_their_slices_first() -> None:
    document = infragraph()
    document["edges"] = [
        edge(
            {"instance": "host[1]", "component": "nic[0:2]"},
            {"instance": "leaf[0]", "component": "port[3:5]"},
            "eth",
            "one2one",
        ),
        edge(
            {"instance": "host[0]", "component": "host.nic[0]"},
            {"instance": "leaf", "component": "port[7]"},
            "eth",
            "many2many",
        ),
    ]
    found = {ends for ends, it in links(read(document, contract=False)).items() if it[2] == "eth"}
    assert {ends for ends in found if "nic" in ends[0]} == {
        ("host.1.nic.0", "leaf.0.port.3"),
        ("host.1.nic.1", "leaf.0.port.4"),
        ("host.0.nic.0", "leaf.0.port.7"),
    }


def test_of_several_links_between_two_components_the_last_holds_and_it_is_said() -> None:
    host = infragraph()["devices"][0]
    host["edges"].append(edge({"component": "nvsw"}, {"component": "xpu[0]"}, "pcie", "many2many"))
    graph = read(host, contract=False)
    assert links(graph)["host.0.xpu.0", "host.0.nvsw.0"][2] == "pcie"
    (remark,) = [it for it in graph.remarks if it.code == "linked-again"]
    assert "host.0.xpu.0 and host.0.nvsw.0 by" in remark.message


def test_an_edge_that_is_given_twice_is_one() -> None:
    host = infragraph()["devices"][0]
    host["edges"].append(host["edges"][0])
    graph = read(host, contract=False)
    assert links(graph)["host.0.xpu.0", "host.0.nvsw.0"][0] == 450.0
    assert not [it for it in graph.remarks if it.code in ("linked-again", "parallel-links")]


def test_an_edge_of_an_unknown_component_is_left_out_while_all_npus_are_linked() -> None:
    host = infragraph()["devices"][0]
    host["edges"].append(edge({"component": "xpu"}, {"component": "nvlsw"}, "pcie", "many2many"))
    (remark,) = [it for it in read(host).remarks if it.code == "edge-left-out"]
    assert "host has no component 'nvlsw'; did you mean 'nvsw'?" in remark.message
    assert "devices[0].edges[2].ep2.component" in remark.where
    host["edges"][0]["ep2"]["component"] = "nvlsw"
    with pytest.raises(ConfigError) as caught:
        read(host)
    assert caught.value.key == "edges[0].ep2.component"
    assert "did you mean 'nvsw'?" in caught.value.problem


# -- contraction -----------------------------------------------------------------------------------


def test_components_with_two_links_become_part_of_them() -> None:
    graph = read(infragraph())
    assert {node.kind for node in graph.nodes} == {"npu", "switch"}
    found = links(graph)
    assert found["host.0.xpu.0", "leaf.0.asic.0"] == (50.0, 500.0 + 1000.0 + 50.0, "eth")
    (remark,) = [it for it in graph.remarks if it.code == "contracted-devices"]
    assert "8 devices (4 nic, 4 port) with two links only became part" in remark.message
    assert "; 4 devices (4 port) with one link or none are left out; 7 devices" in remark.message


def test_an_annotation_forbids_it() -> None:
    document = {
        **infragraph(),
        "annotations": {"graph": [{"attribute": "contract", "value": "false"}]},
    }
    assert read(document) == read(infragraph(), contract=False)


# -- annotations -----------------------------------------------------------------------------------


def annotated(**annotations: Any) -> NetworkGraph:
    return read({"infrastructure": infragraph(), "annotations": annotations})


def rank(name: str, value: object) -> dict[str, Any]:
    return {"name": name, "attributes": [{"attribute": "rank", "value": value}]}


def test_ranks_are_those_of_annotations() -> None:
    names = ["host.1.xpu.1", "host[0]xpu[0]", "host.1.xpu.0", "host.0.xpu.1"]
    graph = annotated(nodes=[rank(name, str(it)) for it, name in enumerate(names)])
    assert npus(graph) == ["host.1.xpu.1", "host.0.xpu.0", "host.1.xpu.0", "host.0.xpu.1"]


def test_a_rank_of_a_host_is_that_of_its_npu() -> None:
    document = infragraph()
    document["devices"][0]["components"][0]["count"] = 1
    document["devices"][0]["edges"][1] |= {"ep1": {"component": "xpu"}, "ep2": {"component": "nic"}}
    notes = {"nodes": [rank("host[0]", 1), rank("host.1", 0), rank("leaf", 7)]}
    graph = read({**document, "annotations": notes})
    assert npus(graph) == ["host.1.xpu.0", "host.0.xpu.0"]


@pytest.mark.parametrize(
    ("nodes", "problem"),
    [
        ([rank("host.0.xpu.0", 0)], "host.0.xpu.1 has no rank"),
        ([rank("host", 0)], "host.0.xpu.0 and host.0.xpu.1 both have rank 0"),
        ([rank("host", 4)], "write a whole number from 0 to 3"),
        ([rank("host", "first")], "write a whole number from 0 to 3"),
        ([rank("hosts", 0)], "no component is called 'hosts'; did you mean 'host'?"),
    ],
)
def test_ranks_that_leave_an_order_open_are_refused(nodes: list[Any], problem: str) -> None:
    with pytest.raises(ConfigError, match="(?s)it.yaml: .*" + problem.replace("?", r"\?")):
        annotated(nodes=nodes)


def attribute(name: str, value: object) -> dict[str, object]:
    return {"attribute": name, "value": value}


def test_annotations_of_links_say_what_their_descriptions_do_not() -> None:
    notes = [{"name": "eth", "attributes": [attribute("bandwidth", "200G")]}]
    notes += [{"name": "ic", "attributes": [attribute("latency", "1us")]}]
    found = links(annotated(links=notes))
    assert found["host.0.xpu.0", "leaf.0.asic.0"] == (25.0, 500.0 + 1000.0 + 1000.0, "eth")


def test_annotations_of_edges_hold_for_these() -> None:
    notes = [{"ep1": "host[0]", "ep2": "leaf", "attributes": [attribute("bandwidth", "12.5 GBps")]}]
    found = links(annotated(edges=notes))
    assert found["host.0.xpu.1", "leaf.0.asic.0"] == (12.5, 1550.0, "eth")
    assert found["host.1.xpu.1", "leaf.0.asic.0"] == (50.0, 1550.0, "eth")


def test_annotations_of_the_graph_name_the_router() -> None:
    assert annotated(graph=[attribute("routing", "ecmp")]).routing.name == "ecmp"


def test_transfers_in_annotations_are_those_of_sixteen_lanes_and_it_is_said() -> None:
    note = {"name": "pcie", "attributes": [{"attribute": "bandwidth", "value": "32 GTps"}]}
    graph = read(infragraph() | {"annotations": {"links": [note]}}, contract=False)
    assert links(graph)["host.1.xpu.1", "host.1.nic.1"][0] == 64
    assert [it.code for it in graph.remarks] == ["transfers-per-second"]


def test_annotations_of_the_graph_price_messages_to_oneself() -> None:
    graph = read(
        infragraph()
        | {"annotations": {"graph": [{"attribute": "loopback_bandwidth", "value": 80}]}}
    )
    assert graph.loopback == LinkAttributes(80.0, 0.0)


def test_what_nobody_reads_is_said() -> None:
    document = infragraph()
    document["racks"] = 3
    document["devices"].append(device(name="spare"))
    document["devices"][0]["weight"] = 100
    document["annotations"] = {"graph": [attribute("region", "us-east"), attribute("name", "x")]}
    (remark,) = [it for it in read(document).remarks if it.code == "not-read"]
    assert remark.message == (
        "racks, devices[0].weight, region, device spare (no instance has it): "
        "means nothing for a simulation"
    )


def test_a_mapping_with_such_keys_is_a_network() -> None:
    config = NetworkConfig.parse(infragraph(), "it.json")
    assert (config.npus, config.npus_count, config.topology) == (4, (4,), ("Ring",))
    assert config.graph == read(infragraph())
