"""Metrics: what a result is worth, as data, and how it follows from records of nodes.

metrics          Metrics: step time, tokens/s, FLOP/s, MFU and HFU, bytes by purpose, memory
band             Band: between what a calibrated makespan is expected to lie
goodput          what a training comes to that fails now and then
bound            LowerBound: what a step can't be faster than, and whose that is; Bound, of a run
npu_memory       NpuMemory: what an NPU's memory holds over a step, at its peak, and what holds it
time_breakdown   what an NPU's time went to, each nanosecond once
npu_statistics   where an NPU's time went; exposed communication
memory_timeline  which tensors an NPU's memory holds when
intervals        sets of simulated time: union, length, intersection, difference
shown            metrics and bounds as people read them
timed_node       what is asked of a node's record
node_times       the times of many, as columns

`simastra.simulation.measured` asks an experiment for what these take.
"""

from .band import Band
from .bound import Bound, BoundPart, BoundPlace, LowerBound
from .intervals import Interval, difference, intersection, length, union
from .memory_timeline import (
    MemorySample,
    MemoryTimeline,
    TensorAccess,
    TensorLife,
    memory_timeline,
)
from .metrics import UNSTATED, KnownMeasures, Measures, Metrics
from .node_times import ACTIVITIES, HasTimes, NodeTimes, activity_bytes, node_times
from .npu_memory import MemoryHolder, NpuMemory, StaticMemory, npu_memory
from .npu_statistics import NpuStatistics, npu_statistics
from .shown import limit_words, metric_rows
from .time_breakdown import TimeBreakdown, time_breakdown
from .timed_node import TimedNode

__all__ = [
    "ACTIVITIES",
    "UNSTATED",
    "Band",
    "Bound",
    "BoundPart",
    "BoundPlace",
    "HasTimes",
    "Interval",
    "KnownMeasures",
    "LowerBound",
    "Measures",
    "MemoryHolder",
    "MemorySample",
    "MemoryTimeline",
    "Metrics",
    "NodeTimes",
    "NpuMemory",
    "NpuStatistics",
    "StaticMemory",
    "TensorAccess",
    "TensorLife",
    "TimeBreakdown",
    "TimedNode",
    "activity_bytes",
    "difference",
    "intersection",
    "length",
    "limit_words",
    "memory_timeline",
    "metric_rows",
    "node_times",
    "npu_memory",
    "npu_statistics",
    "time_breakdown",
    "union",
]
