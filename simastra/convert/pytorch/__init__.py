"""PyTorch's linked traces to Chakra ETs.

read        the linked JSON, of whatever version, into Operators
operators   Operator, and the tensors in its arguments
names, groups, communication    who communicates what, with whom
threads, host_order, host_time  the host: threads, what waits for what, how long each takes
device_order, host_communication    kernels and streams; communication that no kernel does
edges, cycles                   dependencies with their reasons; circles removed
like_chakra                     the same nodes as Chakra's converter, wrong ones too
encode, doubts, conversion      nodes to bytes; notices; all of it in order
"""

from .conversion import PHASES, Conversion, convert_pytorch
from .read import LinkedTrace, parse_linked, read_linked

__all__ = [
    "PHASES",
    "Conversion",
    "LinkedTrace",
    "convert_pytorch",
    "parse_linked",
    "read_linked",
]
