"""Values of columns as people read them, and as tables have them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from math import isfinite
from types import MappingProxyType
from typing import TypeGuard

from simastra.report.page_frame.page_table import Unit
from simastra.view.human import human_size, human_time
from simastra.view.phrases import share_words
from simastra.view.table import Cell, shown


def cell_of(value: object) -> Cell:
    """A value as a table has it.

    >>> [cell_of(it) for it in (2.0, float("nan"), True, ["Ring", 500])]
    [2, None, 'yes', 'Ring, 500']
    """
    match value:
        case bool():
            return "yes" if value else "no"
        case float():
            return int(value) if value.is_integer() else value if isfinite(value) else None
        case None | int() | str():
            return value
        case list() | tuple():
            return ", ".join(str(cell_of(it)) for it in value)
        case _:
            return json.dumps(value, sort_keys=True)


def from_json_list(value: object) -> object:
    """The list that a text is in JSON; anything else as it is.

    >>> [from_json_list(it) for it in ('["Ring", 2]', "[a]", 5)]
    [['Ring', 2], '[a]', 5]
    """
    if isinstance(value, str) and value.startswith("["):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def is_number(value: object) -> TypeGuard[float]:
    """Whether a value is a finite number; a truth is none."""
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def is_numeric(values: Sequence[object]) -> bool:
    """Whether what a column has are numbers; a column of nothing at all has none."""
    known = [it for it in values if it is not None]
    return bool(known) and all(isinstance(it, float) or is_number(it) for it in known)


def unit_of_numbers(unit: str) -> Unit:
    """In what numbers count of which a column says a unit; `Unit.NUMBER` for any other word."""
    return Unit(unit) if unit in _IN_UNIT else Unit.NUMBER


def value_words(unit: str, value: object) -> str:
    """A value as people read it.

    >>> [value_words("ns", 117780), value_words("%", 0.45), value_words("", 240000)]
    ['117.78 µs', '45.0 %', '240,000']

    Args:
        unit: of the column, one of `Unit`; any other word counts as none.
        value: in that unit; what is no number is shown as it is.
    """
    return _IN_UNIT[unit_of_numbers(unit)](value) if is_number(value) else shown(cell_of(value))


def point_count(count: int) -> str:
    """How many points.

    >>> point_count(1), point_count(1024)
    ('1 point', '1,024 points')
    """
    return "1 point" if count == 1 else f"{count:,} points"


def _number_words(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:,.6g}"


_IN_UNIT: Mapping[str, Callable[[float], str]] = MappingProxyType(
    {
        Unit.NS: lambda it: human_time(round(it)),
        Unit.BYTES: lambda it: human_size(round(it)),
        Unit.PART: share_words,
        Unit.GB_PER_S: lambda it: f"{it:,.4g} GB/s",
        Unit.COUNT: _number_words,
        Unit.NUMBER: _number_words,
    }
)
