"""From files to networks that are graphs.

reading     the `graph:` of our network files -> `NetworkGraph`
keys        its keys: of the graph, of nodes, of links
names       `npu[0:4]`: names of many nodes in one
ends        which nodes a link of the file links
ranks       which nodes are NPUs, and of which ranks
notices     what is allowed, but probably not meant
"""

from .notices import graph_notices
from .reading import graph_of, read_graph

__all__ = ["graph_notices", "graph_of", "read_graph"]
