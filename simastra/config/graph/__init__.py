"""From files to networks that are graphs.

reading     the `graph:` of our network files -> `NetworkGraph`
keys        its keys: of the graph, of nodes, of links
names       `npu[0:4]`: names of many nodes in one
ends        which nodes a link of the file links
ranks       which nodes are NPUs, and of which ranks
places      where in its file a mistake stands
notices     what is allowed, but probably not meant

writing       `NetworkGraph` -> the text of a network file
link_entries  few entries for many links, in their order
node_entries  what must be said of nodes
patterns      names that go on regularly: npu.0 to npu.3 -> `npu[0:4]`
rates         numbers of GB/s or GiB/s
flow          values as YAML on one line
"""

from .notices import graph_notices
from .reading import graph_of, read_graph
from .writing import network_text

__all__ = ["graph_notices", "graph_of", "network_text", "read_graph"]
