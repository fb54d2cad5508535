"""`NetworkGraph` -> the text of a network file, in our spelling, that reads as the same graph.

text          the file
link_entries  few entries for many links, in their order
node_entries  what must be said of nodes
patterns      names that go on regularly: npu.0 to npu.3 -> `npu[0:4]`
rates         numbers of GB/s or GiB/s
flow_style    values as YAML on one line
"""

from .text import graph_mapping, network_text

__all__ = ["graph_mapping", "network_text"]
