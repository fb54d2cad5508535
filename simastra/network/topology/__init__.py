"""The shape of a network and the price of its links. No clock here.

`graph` has those that are no product of dimensions; only who builds one imports it.

To add a topology: one file with a `BasicTopology`, one line in `TOPOLOGIES` (docs/extending.md).
"""

from .base import BasicTopology, Hop, LineSymmetry, Topology
from .entry import MakeTopology, TopologyEntry
from .fully_connected import FullyConnected
from .multi_dim import MultiDimTopology, product
from .ring import RingTopology
from .routes import check_routes
from .switch import Switch, SwitchOptions

TOPOLOGIES: dict[str, TopologyEntry] = {
    "Ring": TopologyEntry(RingTopology),
    "FullyConnected": TopologyEntry(FullyConnected),
    "Switch": TopologyEntry(Switch, SwitchOptions),
}
"""Topologies by their name in the network YAML."""

__all__ = [
    "TOPOLOGIES",
    "BasicTopology",
    "FullyConnected",
    "Hop",
    "LineSymmetry",
    "MakeTopology",
    "MultiDimTopology",
    "RingTopology",
    "Switch",
    "Topology",
    "TopologyEntry",
    "check_routes",
    "product",
]
