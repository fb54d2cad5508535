"""InfraGraph descriptions of clusters (https://infragraph.dev, 2.4 and 3.x).

reading      a description -> `NetworkGraph`
documents    its keys
slices       `xpu[0:2]`: which of the parts of a name are meant
devices      descriptions of devices -> their components and links, nested devices included
linking      which components an edge links
links        bandwidth and latency of links
annotations  ranks, bandwidths and latencies that annotations add
"""

from .reading import read_infragraph

__all__ = ["read_infragraph"]
