"""Columns that every row has beside its axes: names that a study may ask for, and can't take."""

from simastra.sweep.columns import COLUMNS
from simastra.sweep.dataset import Kind

WALL = "wall_s"
"""How long it took to run the point."""

MEASURED = (*COLUMNS, WALL)
"""Names of what a run brings."""

TEXTS = tuple(name for name, column in COLUMNS.items() if column.kind is Kind.TEXT)
"""Those that are no numbers."""

RESERVED = frozenset({*MEASURED, "number", "point", "status", "error", "version"})
"""Names that no axis can have, nor a column of the study."""

ALIASES = {"makespan": "makespan_ns"}
"""Other names that an objective may have."""
