"""What the columns of a study's rows are."""

from __future__ import annotations

from collections.abc import Iterator

from simastra.sweep.columns import COLUMNS
from simastra.sweep.dataset import Field, Kind, kind_of
from simastra.sweep.status import Status
from simastra.sweep.study import Study


def fields_of_rows(study: Study) -> tuple[Field, ...]:
    """The columns of a study's rows, in their order."""
    return tuple(_fields(study))


def _fields(study: Study) -> Iterator[Field]:
    yield Field("number", Kind.INT, "", "the point's place in the study")
    yield Field("point", Kind.TEXT, "", "digest of its inputs")
    for axis in study.axes:
        meaning = f"axis: {', '.join(map(str, axis.keys))}"
        yield Field(axis.name, kind_of(axis.values), "", meaning)
    yield Field("status", Kind.TEXT, "", ", ".join(Status))
    yield Field("error", Kind.TEXT, "", "why there is no result")
    for name, column in COLUMNS.items():
        yield Field(name, column.kind, column.unit, column.meaning)
    for name, expression in study.columns.items():
        yield Field(name, Kind.FLOAT, "", str(expression))
    yield Field("wall_s", Kind.FLOAT, "s", "how long it took to make the row")
    yield Field("version", Kind.TEXT, "", "of simastra")
