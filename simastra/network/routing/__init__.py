"""How messages find their way through a network that is a graph. No clock here.

base             what a router has to answer, and what a name of the table stands for
shortest_path    fewest hops, then least latency, then the links that are listed earlier
ecmp             one of the ways of equal cost, by a hash
dimension_order  dimension by dimension, through tori and other products
static           as a table says, hop by hop or whole; static_table: how that is written

and what they search with:

way_finder      the shortest ways between any two devices, without a table of all
adjacency       what is searched: a graph without what hangs from one device alone
search          breadth first, a level at a time, from both ends
shortest_ways   what two searches have found: where ways part and meet again
cartesian_product   what follows without a search in tori, meshes and hypercubes

To add a router: one file with a `Router`, one line in `ROUTERS` (docs/extending.md).
"""

from .base import MakeRouter, Router, RouterEntry
from .dimension_order import DimensionOrder
from .ecmp import Ecmp, EcmpOptions
from .shortest_path import ShortestPath
from .static import Static
from .static_table import StaticOptions

ROUTERS: dict[str, RouterEntry] = {
    "shortest-path": RouterEntry(ShortestPath),
    "ecmp": RouterEntry(Ecmp, EcmpOptions),
    "dimension-order": RouterEntry(DimensionOrder),
    "static": RouterEntry(Static, StaticOptions),
}
"""Routers by their name in the network YAML."""

__all__ = [
    "ROUTERS",
    "DimensionOrder",
    "Ecmp",
    "EcmpOptions",
    "MakeRouter",
    "Router",
    "RouterEntry",
    "ShortestPath",
    "Static",
    "StaticOptions",
]
