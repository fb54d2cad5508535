"""Reports: what a finished simulation says beyond its cycles, computed from its records.

statistics      where each NPU's time went; exposed communication
roofline        where each NPU's computations lie under the roofline
memory_tracker  which tensors each NPU's local memory holds when
memory_notices  what is doubtful in these tensors
memory_trace    a memory timeline as a Chrome trace
memory_files    the Chrome traces as files

result_files, result_metrics   results read back from 'simastra run --json'
timeline, timeline_input       when which NPU did what, as a Chrome trace; read back from files

and more of a simulation than its result, for pictures:

run_records     messages, phases, and the load of links over time: a probe and its records
run_timeline    all that as a Chrome trace
page            all that as one HTML file
run_picture     what NPUs did and why, as one SVG file
compared_metrics                what two results are worth, beside each other
difference_page two runs compared, as one HTML file
page_frame      what all pages have in common: the head, sections, style, tables, scripts
scrolled_table  a table of a page, in a region that scrolls
network_layouts where a network's devices lie in pictures
network_drawing any network drawn from its file, as SVG and as a page
bandwidth       algbw and busbw as nccl-tests defines them: of a sweep, of a run's collectives
data_tables     NPUs, collectives, groups and links as CSV and JSON

and what a trace says without being simulated:

network_summary                what a network is: diameter, bisection bandwidth, links, tiers

inspect                        counts, bytes and times of a trace
critical_path                  the longest chains of dependencies
graph_view, graph_export       a picture of the dependencies; DOT and GraphML

These are imported by their own names.
"""

# These stood here before results had metrics, and are still imported from here.
from simastra.metrics import (
    Interval,
    MemorySample,
    MemoryTimeline,
    NpuStatistics,
    TensorAccess,
    TensorLife,
    difference,
    intersection,
    length,
    memory_timeline,
    npu_statistics,
    union,
)

from .memory_files import memory_trace_path, write_memory_traces
from .memory_notices import memory_notices
from .memory_trace import chrome_trace
from .memory_tracker import memory_timelines
from .roofline import RooflineStatistics, npu_roofline, roofline_statistics
from .statistics import statistics, statistics_by_npu

__all__ = [
    "Interval",
    "MemorySample",
    "MemoryTimeline",
    "NpuStatistics",
    "RooflineStatistics",
    "TensorAccess",
    "TensorLife",
    "chrome_trace",
    "difference",
    "intersection",
    "length",
    "memory_notices",
    "memory_timeline",
    "memory_timelines",
    "memory_trace_path",
    "npu_roofline",
    "npu_statistics",
    "roofline_statistics",
    "statistics",
    "statistics_by_npu",
    "union",
    "write_memory_traces",
]
