"""Columns that every row has beside its axes: names that a study may ask for, and can't take."""

from simastra.sweep.columns import COLUMNS
from simastra.sweep.dataset import FieldKind
from simastra.sweep.dataset.own_fields import OWN_FIELDS, WALL

MEASURED = (*COLUMNS, WALL.name)
"""Names of what a run brings."""

TEXTS = tuple(name for name, column in COLUMNS.items() if column.kind is FieldKind.TEXT)
"""Those that are no numbers."""

RESERVED = frozenset({*COLUMNS, *(it.name for it in OWN_FIELDS)})
"""Names that no axis can have, nor a column of the study."""

ALIASES = {"makespan": "makespan_ns"}
"""Other names that an objective may have."""
