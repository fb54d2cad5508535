"""From files to networks that are graphs.

reading     the `graph:` of our network files -> `NetworkGraph`
keys        its keys: of the graph, of nodes, of links
names       `npu[0:4]`: names of many nodes in one
ends        which nodes a link of the file links
ranks       which nodes are NPUs, and of which ranks
places      where in its file a mistake stands
referring   a graph in a file of its own
notices     what is allowed, but probably not meant

writing       `NetworkGraph` -> the text of a network file
link_entries  few entries for many links, in their order
node_entries  what must be said of nodes
patterns      names that go on regularly: npu.0 to npu.3 -> `npu[0:4]`
rates         numbers of GB/s or GiB/s
flow          values as YAML on one line

and graphs as other programs write them:

spellings   which they are, and what reads each
infragraph, node_link, graphml, packet_topology    a reader each
networkx_graphs    graphs of networkx, to and fro
attributed  nodes and edges with attributes -> `NetworkGraph`
graph_attributes   attributes of the graph itself
numbering   the order of NPUs by the ranks that they are given
rate_texts  bandwidths and latencies, numbers or text with a unit
guesses     what holds of links of which not all is said
unread      what a file says and nobody reads
wrong       a mistake at a key
"""

from .networkx_graphs import from_networkx, to_networkx
from .notices import graph_notices
from .reading import graph_of, read_graph
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
