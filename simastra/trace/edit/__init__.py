"""Other traces made of traces: pure functions, which can follow each other (docs/editing.md).

groups    process groups by number, and which group a collective of an NPU is in
mapping   the nodes of each NPU made anew, once for NPUs that have the same
jobs      Job: a trace, and where its NPUs are
merge     merge: several jobs as one trace

Nodes that an edit has nothing to do with stay the same objects.
"""

from simastra.trace.edit.groups import Groups
from simastra.trace.edit.jobs import Job, Merged, PlacedJob
from simastra.trace.edit.merge import merge

__all__ = ["Groups", "Job", "Merged", "PlacedJob", "merge"]
