"""The columns that every row has whatever is asked: which point it is of, and what came of that.

What is measured stands between those of the outcome and those of the run: `sweep.columns.COLUMNS`.
"""

from __future__ import annotations

from simastra.sweep.status import Status

from .fields import Field, FieldKind

OF_POINT = (
    Field("number", FieldKind.INT, "", "the point's place in the study"),
    Field("point", FieldKind.TEXT, "", "digest of its inputs"),
)
"""Which point a row is of."""

OF_OUTCOME = (
    Field("status", FieldKind.TEXT, "", ", ".join(Status)),
    Field("error", FieldKind.TEXT, "", "why there is no result"),
)
"""Whether there is a result."""

WALL = Field("wall_s", FieldKind.FLOAT, "s", "how long it took to make the row")

OF_RUN = (WALL, Field("version", FieldKind.TEXT, "", "of simastra"))
"""How the row was made: what may differ where it is made again."""

OWN_FIELDS = (*OF_POINT, *OF_OUTCOME, *OF_RUN)
"""All of them."""
