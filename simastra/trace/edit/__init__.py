"""Other traces made of traces: pure functions, which can follow each other (docs/editing.md).

selection    which nodes an edit is for
mapping      the nodes of each NPU made anew, once for NPUs that have the same; the log
batching     change_batch: more sequences
bucketing    bucket: collectives fused and split; contraction: dependencies while nodes become one;
             meeting: whether NPUs wait for each other for ever then
inserting    insert: further nodes
overlapping  block_collectives, free_collectives: whether they run beside computations
partners     all sides of a message or a collective
repairing    repair: what other tools left out; repaired_sizes: bytes that other sides tell
repeating    repeat: several steps; starting: a node from which all others follow
swapping     swap: a collective in place of another
scaling      scale: durations, operations, bytes times a factor
dropping     drop: nodes left out
resizing     resize: another degree of data parallelism; axis: along which it is;
             resized_groups, resized_shares: its process groups, and what is shared out
precision    change_precision: bytes of another number format
replication  replicate: one NPU's trace for all
groups       process groups by number, and which group a collective of an NPU is in
grouped      a trace with its groups
jobs         Job: a trace, and where its NPUs are
merge        merge: several jobs as one trace; numbering, placing: of their groups and nodes

Nodes that an edit has nothing to do with stay the same objects, and so does a trace in which
nothing changes. Others say in `Trace.edits`, and their files in the metadata, what was done.
"""

from simastra.trace.edit.axis import NpuAxis, axis_of
from simastra.trace.edit.batching import change_batch
from simastra.trace.edit.bucketing import bucket
from simastra.trace.edit.dropping import drop
from simastra.trace.edit.grouped import Grouped
from simastra.trace.edit.groups import Groups
from simastra.trace.edit.inserting import insert
from simastra.trace.edit.jobs import Job, Merged, PlacedJob
from simastra.trace.edit.merge import merge
from simastra.trace.edit.overlapping import block_collectives, free_collectives
from simastra.trace.edit.precision import change_precision
from simastra.trace.edit.repairing import Repaired, repair
from simastra.trace.edit.repeating import repeat
from simastra.trace.edit.replication import replicate, replicate_grouped
from simastra.trace.edit.resizing import resize
from simastra.trace.edit.scaling import ScaledQuantity, scale, scale_each
from simastra.trace.edit.selection import EVERYTHING, Selection
from simastra.trace.edit.swapping import swap

__all__ = [
    "EVERYTHING",
    "Grouped",
    "Groups",
    "Job",
    "Merged",
    "NpuAxis",
    "PlacedJob",
    "Repaired",
    "ScaledQuantity",
    "Selection",
    "axis_of",
    "block_collectives",
    "bucket",
    "change_batch",
    "change_precision",
    "drop",
    "free_collectives",
    "insert",
    "merge",
    "repair",
    "repeat",
    "replicate",
    "replicate_grouped",
    "resize",
    "scale",
    "scale_each",
    "swap",
]
