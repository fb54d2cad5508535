"""The shape of a network and the price of its links. No clock here.

`graph` has those that are no product of dimensions; only who builds one imports it.

To add a topology: one file with a `BasicTopology` and its entry, one line in `TOPOLOGIES`
(docs/extending.md).
"""

from typing import TYPE_CHECKING

from simastra.deferred import deferred_names
from simastra.lazy_table import LazyTable

from .base import BasicTopology, Hop, LineSymmetry, Topology
from .entry import MakeTopology, TopologyEntry
from .multi_dim import MultiDimTopology, product
from .routes import check_routes

if TYPE_CHECKING:
    from .fully_connected import FullyConnected
    from .ring import RingTopology
    from .switch import Switch
else:  # no network needs all of them
    __getattr__ = deferred_names(
        __name__,
        {"fully_connected": ("FullyConnected",), "ring": ("RingTopology",), "switch": ("Switch",)},
    )

TOPOLOGIES: LazyTable[TopologyEntry] = LazyTable(
    TopologyEntry,
    __name__,
    {
        "Ring": "ring:ENTRY",
        "FullyConnected": "fully_connected:ENTRY",
        "Switch": "switch:ENTRY",
    },
)
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
