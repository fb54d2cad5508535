"""Networks as graphs: NPUs, switches and what else messages pass, and the links between them.

model       the graph itself, and what is checked of every one
assembling  from names and links as people write them to a graph
drawn       as a picture wants it
contracting without devices that have two links only
connectivity  whether every NPU reaches every other, and where a graph falls apart
reduction   trees of switches that reduce
shapes      the links of rings and cliques, in the order in which all spellings have them
generators  networks that are made from a few numbers: fat trees, tori, servers
measures    diameter, bisection bandwidth, oversubscription, kinds of links
"""

from .assembling import MOST_LINKS, MOST_NODES, GraphAssembly
from .connectivity import Cut, check_connected, find_cut
from .contracting import contracted
from .model import GraphLink, GraphNode, LinkAttributes, NetworkGraph, RoutingChoice
from .reduction import ReductionTree, graph_trees, star
from .shapes import clique_links, ring_links

__all__ = [
    "MOST_LINKS",
    "MOST_NODES",
    "Cut",
    "GraphAssembly",
    "GraphLink",
    "GraphNode",
    "LinkAttributes",
    "NetworkGraph",
    "ReductionTree",
    "RoutingChoice",
    "check_connected",
    "clique_links",
    "contracted",
    "find_cut",
    "graph_trees",
    "ring_links",
    "star",
]
