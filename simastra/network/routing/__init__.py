"""How messages find their way through a network that is a graph. No clock here.

base            what a router has to answer, and what a name of the table stands for
shortest_path   fewest hops, then least latency, then the links that are listed earlier

To add a router: one file with a `Router`, one line in `ROUTERS` (docs/extending.md).
"""

from .base import MakeRouter, Router, RouterEntry
from .shortest_path import ShortestPath

ROUTERS: dict[str, RouterEntry] = {
    "shortest-path": RouterEntry(ShortestPath),
}
"""Routers by their name in the network YAML."""

__all__ = ["ROUTERS", "MakeRouter", "Router", "RouterEntry", "ShortestPath"]
