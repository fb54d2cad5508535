"""A small network in each spelling: two hosts of two NPUs below a switch."""

import copy
from typing import Any


def infragraph() -> dict[str, Any]:
    """Two hosts with an NVLink switch and a NIC for each NPU, on a leaf switch of 8 ports."""
    return copy.deepcopy(_INFRAGRAPH)


def _end(component: str, **more: str) -> dict[str, str]:
    return {"component": component, **more}


def edge(ep1: dict[str, str], ep2: dict[str, str], link: str, scheme: str) -> dict[str, Any]:
    return {"ep1": ep1, "ep2": ep2, "link": link, "scheme": scheme}


_INFRAGRAPH: dict[str, Any] = {
    "name": "two hosts",
    "devices": [
        {
            "name": "host",
            "components": [
                {"name": "xpu", "count": 2, "choice": "xpu"},
                {"name": "nic", "count": 2, "choice": "nic"},
                {"name": "nvsw", "count": 1, "choice": "switch"},
            ],
            "links": [
                {
                    "name": "nvlink",
                    "physical": {
                        "bandwidth": {"gigabytes_per_second": 450},
                        "latency": {"ns": 300},
                    },
                },
                {
                    "name": "pcie",
                    "physical": {
                        "bandwidth": {"gigabytes_per_second": 64},
                        "latency": {"us": 0.5},
                    },
                },
            ],
            "edges": [
                edge(_end("xpu"), _end("nvsw"), "nvlink", "many2many"),
                edge(_end("xpu[0:2]"), _end("nic[0:2]"), "pcie", "one2one"),
            ],
        },
        {
            "name": "leaf",
            "components": [
                {"name": "asic", "count": 1, "choice": "switch"},
                {"name": "port", "count": 8, "choice": "port"},
            ],
            "links": [
                {
                    "name": "ic",
                    "physical": {
                        "bandwidth": {"gigabytes_per_second": 800},
                        "latency": {"ns": 50},
                    },
                }
            ],
            "edges": [edge(_end("asic"), _end("port"), "ic", "many2many")],
        },
    ],
    "instances": [
        {"name": "host", "device": "host", "count": 2},
        {"name": "leaf", "device": "leaf", "count": 1},
    ],
    "links": [
        {
            "name": "eth",
            "physical": {
                "bandwidth": {"choice": "gigabits_per_second", "gigabits_per_second": 400},
                "latency": {"choice": "ms", "ms": 0.001},
            },
        }
    ],
    "edges": [
        edge(_end("nic", instance="host"), _end("port", instance="leaf"), "eth", "one2one"),
    ],
}


def node_link() -> dict[str, Any]:
    """As networkx writes it."""
    return {
        "directed": False,
        "multigraph": False,
        "graph": {},
        "nodes": [
            *({"id": f"gpu{rank}", "kind": "npu", "rank": rank} for rank in range(4)),
            {"id": "leaf", "kind": "switch"},
        ],
        "links": [
            {"source": f"gpu{rank}", "target": "leaf", "bandwidth": "400Gbps", "latency": 300}
            for rank in range(4)
        ],
    }


GRAPHML = """<?xml version="1.0" encoding="utf-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
  <key id="k" for="node" attr.name="kind" attr.type="string"/>
  <key id="b" for="edge" attr.name="bandwidth" attr.type="double"/>
  <key id="l" for="edge" attr.name="latency" attr.type="string"/>
  <graph edgedefault="undirected">
    <node id="a"><data key="k">npu</data></node>
    <node id="b"><data key="k">npu</data></node>
    <node id="s"><data key="k">switch</data></node>
    <edge source="a" target="s"><data key="b">50</data><data key="l">0.5us</data></edge>
    <edge source="b" target="s"><data key="b">50</data><data key="l">0.5us</data></edge>
  </graph>
</graphml>
"""

NS3 = """5 1 4
4
0 4 400Gbps 0.0005ms 0
1 4 400Gbps 0.0005ms 0
2 4 400Gbps 0.0005ms 0
3 4 400Gbps 0.0005ms 0
"""

SIMAI = """7 2 2 1 6 H100
4 5 6
0 4 3600Gbps 0.000025ms 0
1 4 3600Gbps 0.000025ms 0
2 5 3600Gbps 0.000025ms 0
3 5 3600Gbps 0.000025ms 0
4 6 400Gbps 0.0005ms 0
5 6 400Gbps 0.0005ms 0
"""
