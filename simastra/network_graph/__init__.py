"""Networks as graphs: NPUs, switches and what else messages pass, and the links between them.

model       the graph itself, and what is checked of every one
assembling  from names and links as people write them to a graph
"""

from .assembling import GraphAssembly
from .model import GraphLink, GraphNode, LinkAttributes, NetworkGraph, RoutingChoice

__all__ = [
    "GraphAssembly",
    "GraphLink",
    "GraphNode",
    "LinkAttributes",
    "NetworkGraph",
    "RoutingChoice",
]
