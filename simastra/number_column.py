"""Whole numbers one after the other, in as little room as they fit."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import TypeAlias

_AT_ONCE = 4096

NumberColumn: TypeAlias = Sequence[int]
"""An ``array`` of 8 bytes each; a list, if a number takes more."""


def number_column(numbers: Iterable[int]) -> NumberColumn:
    """Whole numbers as a column, of which no list is made on the way."""
    coming, found = iter(numbers), array("q")
    while some := list(islice(coming, _AT_ONCE)):
        try:
            found.extend(array("q", some))
        except OverflowError:
            return [*found, *some, *coming]
    return found
