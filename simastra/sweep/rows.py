"""What the columns of a study's rows are."""

from __future__ import annotations

from collections.abc import Iterator

from simastra.sweep.columns import COLUMNS
from simastra.sweep.dataset import Field, FieldKind, kind_of
from simastra.sweep.dataset.own_fields import OF_OUTCOME, OF_POINT, OF_RUN
from simastra.sweep.study import Study


def fields_of_rows(study: Study) -> tuple[Field, ...]:
    """The columns of a study's rows, in their order."""
    return tuple(_fields(study))


def _fields(study: Study) -> Iterator[Field]:
    yield from OF_POINT
    for axis in study.axes:
        meaning = f"axis: {', '.join(map(str, axis.keys))}"
        yield Field(axis.name, kind_of(axis.values), "", meaning)
    yield from OF_OUTCOME
    for name, column in COLUMNS.items():
        yield Field(name, column.kind, column.unit, column.meaning)
    for name, expression in study.columns.items():
        yield Field(name, FieldKind.FLOAT, "", expression.text)
    yield from OF_RUN
