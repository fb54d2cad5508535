"""WHY: what each nanosecond of an NPU's time went to, and which chain of events set its end.

A simulation is explained by running it again in an environment that remembers, for everything that
happens, what made it happen. Nothing is remembered where nothing is explained.

causal_event     something that happened, with what it followed from
environment      remembers, for each scheduled call, the event that scheduled it
cause_recorder   a probe: adds what the calls can't tell (nodes, messages, receives)
spans            intervals of simulated time spent on one thing
timeline         one NPU's own time, from its end back to 0
critical_path    the chain of last causes, across NPUs and messages
path_segments    the same in short
path_groups      the same by names, those that took most first
slower           waits for NPUs that a scenario makes slower
other_jobs       waits at links for other jobs
attribution      sums of a timeline
tables           text for people
explanation      the answer, as data and as tables
record           the same as plain data, to be kept, written and compared
node_waits       how long each ET node waited for others, for its unit, and ran
"""

from simastra.engine import Category

from .attribution import Attribution
from .cause_recorder import CauseRecorder
from .environment import CausalEnvironment
from .explanation import Explanation
from .node_waits import NodeWait
from .other_jobs import OtherJobs
from .path_groups import PathGroup
from .path_segments import PathSegment
from .record import ExplanationRecord, SpanRecord
from .spans import Span

__all__ = [
    "Attribution",
    "Category",
    "CausalEnvironment",
    "CauseRecorder",
    "Explanation",
    "ExplanationRecord",
    "NodeWait",
    "OtherJobs",
    "PathGroup",
    "PathSegment",
    "Span",
    "SpanRecord",
]
