"""From files to networks that are graphs.

reading    the `graph:` of our network files -> `NetworkGraph`
keys       its keys: of the graph, of nodes, of links
names      `npu[0:4]`: names of many nodes in one
ends       which nodes a link of the file links
ranks      which nodes are NPUs, and of which ranks
referring  a graph in a file of its own
notices    what is allowed, but probably not meant
wrong      what is wrong, and where in which file

writing    back: `NetworkGraph` -> the text of a network file
spellings  graphs as other programs write them
"""

from .notices import graph_notices
from .reading import graph_of, read_graph
from .spellings.networkx_graphs import from_networkx, to_networkx
from .writing import graph_mapping, network_text

__all__ = [
    "from_networkx",
    "graph_mapping",
    "graph_notices",
    "graph_of",
    "network_text",
    "read_graph",
    "to_networkx",
]
