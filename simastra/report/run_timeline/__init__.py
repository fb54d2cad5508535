"""A simulation as a Chrome trace for Perfetto: a process for each NPU and each switch.

tracks    numbers and names of tracks
timed_nodes  nodes that took time, as columns
node_order   the order of many, by NumPy
bars      bars of nodes, phases and transmissions
node_arguments   what a node says of itself
event_text   events as JSON
messages  arrows from sends to receives
counters  use and queue of each link, memory of each NPU
document  all of it, or what fits within a limit of bytes
files     as a file, written line by line

What doesn't fit within the limit is left out, the least visible first, and the trace says so: in
the name of a process of its own at its end.
"""

from .document import LARGEST_TIMELINE, run_timeline
from .files import write_run_timeline, write_timeline

__all__ = ["LARGEST_TIMELINE", "run_timeline", "write_run_timeline", "write_timeline"]
