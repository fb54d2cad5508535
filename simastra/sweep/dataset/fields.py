"""What the columns of a data set are called, hold and mean."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, TypeAlias

from simastra.requirement import require

Schema: TypeAlias = Any
"""A schema of pyarrow, which has no types."""

Row: TypeAlias = dict[str, object]
"""One point: column -> value, None where it isn't known."""

EXTRA = "sweep"
_LARGEST = 2**63 - 1


class FieldKind(StrEnum):
    """What values of a column are."""

    INT = "int"
    FLOAT = "float"
    TEXT = "text"
    BOOL = "bool"


@dataclass(frozen=True, slots=True)
class Field:
    """A column of the data set.

    Attributes:
        name: of the column.
        kind: what its values are; None may stand for each.
        unit: of its values; empty where they have none.
        meaning: what it says, in a sentence.
    """

    name: str
    kind: FieldKind
    unit: str = ""
    meaning: str = ""

    def stored(self, value: object) -> object:
        """The value as a file has it: a list or a mapping is JSON, a text stays as it is."""
        if value is None:
            return None
        match self.kind:
            case FieldKind.FLOAT:
                return float(value)  # type: ignore[arg-type]  # a number, or a bug that is told
            case FieldKind.TEXT if not isinstance(value, str):
                return json.dumps(value, sort_keys=True)
            case _:
                return value


def kind_of(values: Iterable[object]) -> FieldKind:
    """The kind that all values of an axis are of.

    >>> print(kind_of([1, 2]), kind_of([1, 2.5]), kind_of(["Ring", "Switch"]), kind_of([True]))
    int float text bool
    """
    given = list(values)
    if given and all(isinstance(it, bool) for it in given):
        return FieldKind.BOOL
    if any(isinstance(it, bool) or not isinstance(it, int | float) for it in given):
        return FieldKind.TEXT
    if all(isinstance(it, int) and abs(it) <= _LARGEST for it in given):
        return FieldKind.INT
    return FieldKind.FLOAT


@cache
def arrow() -> Any:
    """The package pyarrow, with which tables are made.

    Raises:
        MissingPackageError: if it isn't installed.
    """
    return require("pyarrow", EXTRA, "the table of a sweep")


@cache
def parquet() -> Any:
    """Its reader and writer of Parquet files.

    Raises:
        MissingPackageError: if it isn't installed.
    """
    arrow()  # whose name a message has
    return require("pyarrow.parquet", EXTRA, "the table of a sweep")


def schema_of(fields: Iterable[Field], metadata: Mapping[str, str]) -> Schema:
    """The schema of all parts of a data set, which says what columns mean, too.

    Args:
        fields: its columns.
        metadata: of the whole.
    """
    pa = arrow()
    types = {
        FieldKind.INT: pa.int64(),
        FieldKind.FLOAT: pa.float64(),
        FieldKind.TEXT: pa.string(),
        FieldKind.BOOL: pa.bool_(),
    }
    said = [
        pa.field(it.name, types[it.kind], metadata={"unit": it.unit, "meaning": it.meaning})
        for it in fields
    ]
    return pa.schema(said, metadata=dict(metadata))


def fields_of(schema: Schema) -> tuple[Field, ...]:
    """The columns that a schema says: the other way round."""
    pa = arrow()
    kinds = {
        pa.int64(): FieldKind.INT,
        pa.float64(): FieldKind.FLOAT,
        pa.string(): FieldKind.TEXT,
        pa.bool_(): FieldKind.BOOL,
    }
    return tuple(
        Field(it.name, kinds.get(it.type, FieldKind.TEXT), *map(_said(it), ("unit", "meaning")))
        for it in schema
    )


def _said(field: Any) -> Any:
    metadata = field.metadata or {}
    return lambda key: metadata.get(key.encode(), b"").decode()
