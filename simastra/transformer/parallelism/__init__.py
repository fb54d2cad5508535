"""Parallelism: degrees, where the NPUs stand, process groups, pipeline schedules."""

from .degrees import (
    DATA_AXES,
    ContextStyle,
    Parallelism,
    Schedule,
    Zero,
    check_fit,
)
from .groups import Groups
from .mapping import Placement
from .schedules import (
    Interval,
    Pass,
    Pipeline,
    most_in_flight,
    passes,
    pipeline_of,
    receipts,
    timetable,
)

__all__ = [
    "DATA_AXES",
    "ContextStyle",
    "Groups",
    "Interval",
    "Parallelism",
    "Pass",
    "Pipeline",
    "Placement",
    "Schedule",
    "Zero",
    "check_fit",
    "most_in_flight",
    "passes",
    "pipeline_of",
    "receipts",
    "timetable",
]
