"""The numbers of a network, in words and as data."""

import json

import pytest

from simastra import NetworkConfig, machine
from simastra.network.expansion import expanded_graph
from simastra.network_graph import NetworkGraph
from simastra.network_graph.generators import clos, dragonfly, fat_tree, nvlink_ib, torus
from simastra.report.network_summary import NetworkSummary


def summary(graph: NetworkGraph) -> NetworkSummary:
    return NetworkSummary(NetworkConfig(graph=graph), graph)


def facts(graph: NetworkGraph) -> dict[object, object]:
    """The first table, by what its rows say something of."""
    return {row[0]: row[1] for row in summary(graph).tables()[0].rows}


def test_facts_of_a_tree() -> None:
    assert facts(fat_tree(4, bandwidth="10GB/s")) == {
        "NPUs": "16",
        "collectives go along": "16 (Ring)",
        "routing": "ecmp",
        "diameter": "6 hops",
        "mean distance": "5.467 hops",
        "bisection bandwidth": "80 GB/s each way, 10 for each NPU of a half",
    }


def test_bounds_are_said_to_be_bounds() -> None:
    said = facts(dragonfly(routers=4))["bisection bandwidth"]
    assert said == (
        "at most 1,200 GB/s each way, 33.33 for each NPU of a half, at least 701.805 GB/s"
    )


def test_what_some_npus_see_is_said_to_be_that() -> None:
    found = facts(torus("128x64"))
    assert found["diameter"] == "96 hops, or more: as seen from 32 NPUs"
    assert found["mean distance"] == "about 48.01 hops"


def test_a_network_that_falls_apart_has_no_diameter() -> None:
    network = machine("demo").network
    whole = expanded_graph(network)
    parts = NetworkGraph(whole.nodes, whole.links[:3], whole.routing)
    rows = {row[0]: row[1] for row in NetworkSummary(network, parts).tables()[0].rows}
    assert rows["diameter"] == "none: no way leads from some NPUs to others"
    assert "mean distance" not in rows


def test_one_hop_is_one() -> None:
    found = facts(torus("2"))
    assert (found["diameter"], found["mean distance"]) == ("1 hop", "1 hop")


def test_tables_have_devices_links_and_tiers() -> None:
    tables = summary(nvlink_ib(servers=4, leafs=2, oversubscription=2)).tables()
    assert [table.title for table in tables] == ["network", "devices", "links", "tiers"]
    assert tables[1].rows == (("npu", 32), ("nvswitch", 4), ("nic", 32), ("switch", 3))
    assert tables[2].rows[-1] == ("switch and switch", "ib uplink", 2, "400", "500")
    assert tables[3].rows == (
        (1, "nic", 32, "2,016", "1,600", "1.26"),
        (1, "nvswitch", 4, "14,400", None, None),
        (2, "switch", 2, "1,600", "800", "2"),
        (3, "switch", 1, "800", None, None),
    )


def test_the_worst_switch_of_a_tier_is_said() -> None:
    links = [
        {"from": "npu[0:3]", "to": "leaf.0", "bandwidth": 1, "latency": 1},
        {"from": "npu.3", "to": "leaf.1", "bandwidth": 1, "latency": 1},
        {"from": "leaf[0:2]", "to": "spine", "bandwidth": 1, "latency": 1},
    ]
    network = NetworkConfig(graph={"links": links})
    shown = NetworkSummary(network, expanded_graph(network)).tables()[3].rows
    assert [row[-1] for row in shown] == ["2, at most 3", None]


@pytest.mark.parametrize("graph", [clos(16, radix=8), torus("3x3"), dragonfly(routers=2)])
def test_data_agree_with_the_measures_and_are_json(graph: NetworkGraph) -> None:
    made = summary(graph)
    data = json.loads(json.dumps(made.to_dict()))
    assert data["npus"] == graph.npus == data["devices"]["npu"]
    assert data["mean_hops"] == made.hops.mean
    assert data["bisection"]["at_most"] == made.bisection.at_most
    assert sum(it["number"] * (1 + it["both_ways"]) for it in data["links"]) == len(graph.links)
    assert [it["devices"] for it in data["tiers"]] == [it.devices for it in made.tiers]
