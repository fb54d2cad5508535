"""Graphs as other programs write them -> `NetworkGraph`.

table             which they are, and what reads each
infragraph        descriptions of clusters
node_link         JSON of networkx
graphml           XML, read by networkx
packet_topology   topologies of ns-3 and SimAI
networkx_graphs   graphs of networkx, to and fro

attributed        nodes and edges with attributes, as four of them have
graph_attributes  attributes of the graph itself
numbering         the order of NPUs by the ranks that they are given
rate_texts        bandwidths and latencies, numbers or text with a unit
guesses           what holds of links of which not all is said
unread            what a file says and nobody reads
"""
