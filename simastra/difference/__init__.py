"""Where the difference in makespan of two runs comes from.

A makespan is the length of a critical path, whose spans are each spent on one cause, for at most
one node and on at most one link. So whatever the spans of both paths are sorted by, the differences
sum to that of the makespans, to the nanosecond.

difference   the answer, as data and as tables
compared     the data alone
changes      what of both critical paths was for one cause, node, collective or link
keys         what the spans of two paths have in common: nodes, collectives, links
npus         the same by NPU, out of each one's own time
divergence   where the two critical paths first differ
words        the answer in sentences
tables       as tables for people
data         as tables of plain numbers
frames       as pandas DataFrames
"""

from .changes import CostChange
from .data import DIFFERENCE_TABLES, difference_tables
from .difference import Difference
from .divergence import Divergence
from .frames import DifferenceFrames
from .keys import CollectiveKey, LinkKey, NodeKey
from .npus import NpuChange

__all__ = [
    "DIFFERENCE_TABLES",
    "CollectiveKey",
    "CostChange",
    "Difference",
    "DifferenceFrames",
    "Divergence",
    "LinkKey",
    "NodeKey",
    "NpuChange",
    "difference_tables",
]
