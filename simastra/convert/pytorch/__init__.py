"""PyTorch's linked traces to Chakra ETs.

read, entries, header    the linked JSON, of whatever version, into Operators
operators   Operator, and the tensors in its arguments
names, requests, groups, participants, kernel_arguments, sizes, split_sizes, communication,
communications  who communicates what, with whom
groups_file    one file with the groups of all ranks
threads, host_order, host_time  the host: threads, what waits for what, how long each takes
device_order, host_communication    kernels and streams; communication that no kernel does
recorded_waits                  waits of the host that a device trace alone tells
edges, cycles                   dependencies with their reasons; circles removed
like_chakra                     the same nodes as Chakra's converter, wrong ones too
encode, notices, conversion     nodes to bytes; notices; all of it in order
"""

from .conversion import PHASES, Conversion, convert_pytorch
from .groups import GroupNumbering
from .groups_file import add_groups, merged_groups
from .read import LinkedTrace, parse_linked, read_linked

__all__ = [
    "PHASES",
    "Conversion",
    "GroupNumbering",
    "LinkedTrace",
    "add_groups",
    "convert_pytorch",
    "merged_groups",
    "parse_linked",
    "read_linked",
]
