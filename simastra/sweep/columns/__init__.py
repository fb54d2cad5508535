"""What a row of a sweep's table has beside its axes, and the study's own columns.

column  Column: its name, kind, unit and meaning, and how it is computed; what it is computed of
table   COLUMNS: all there are; PARTS: those that sum to the makespan
"""

from .column import Cell, FinishedPoint, OfTime, PendingPoint, SweepColumn
from .table import BANDS, COLUMNS, PARTS, column_values, values_before

__all__ = [
    "BANDS",
    "COLUMNS",
    "PARTS",
    "Cell",
    "FinishedPoint",
    "OfTime",
    "PendingPoint",
    "SweepColumn",
    "column_values",
    "values_before",
]
