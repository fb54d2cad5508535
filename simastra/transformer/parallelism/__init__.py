"""Parallelism: degrees, where the NPUs stand, process groups, pipeline schedules."""

from .degrees import (
    DATA_AXES,
    ContextStyle,
    Parallelism,
    PipelineSchedule,
    Zero,
)
from .fitting import check_fit
from .groups import AxisGroups
from .mapping import RankMapping
from .schedules import (
    Pass,
    PassInterval,
    Pipeline,
    most_in_flight,
    passes,
    pipeline_of,
    receipts,
    timetable,
)

__all__ = [
    "DATA_AXES",
    "AxisGroups",
    "ContextStyle",
    "Parallelism",
    "Pass",
    "PassInterval",
    "Pipeline",
    "PipelineSchedule",
    "RankMapping",
    "Zero",
    "check_fit",
    "most_in_flight",
    "passes",
    "pipeline_of",
    "receipts",
    "timetable",
]
