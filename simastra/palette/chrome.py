"""What kinds of work look like in a Chrome trace: names of the few colours that its viewers know.

The names are those of ``chrome://tracing`` (catapult's color_scheme.html); Perfetto's viewer takes
colours of its own, by the bars' names.
"""

from collections.abc import Mapping

from simastra.workload.kind_of_work import KindOfWork

CHROME_COLOURS: Mapping[KindOfWork, str] = {
    KindOfWork.FORWARD: "rail_response",
    KindOfWork.BACKWARD: "light_memory_dump",
    KindOfWork.RECOMPUTATION: "background_memory_dump",
    KindOfWork.OPTIMIZER: "cq_build_passed",
    KindOfWork.COMPUTE: "thread_state_runnable",
    KindOfWork.HOST: "generic_work",
    KindOfWork.ALL_REDUCE: "thread_state_iowait",
    KindOfWork.ALL_GATHER: "yellow",
    KindOfWork.REDUCE_SCATTER: "terrible",
    KindOfWork.ALL_TO_ALL: "rail_load",
    KindOfWork.BROADCAST: "olive",
    KindOfWork.REDUCE: "cq_build_failed",
    KindOfWork.GATHER: "bad",
    KindOfWork.SCATTER: "thread_state_unknown",
    KindOfWork.BARRIER: "black",
    KindOfWork.SEND: "detailed_memory_dump",
    KindOfWork.RECEIVE: "thread_state_uninterruptible",
    KindOfWork.MEMORY: "vsync_highlight_color",
    KindOfWork.OTHER: "grey",
    KindOfWork.IDLE: "white",
}
"""By `KindOfWork`; no two have one."""
