"""The order of many numbers by several columns, in arrays alone."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import numpy as np

from simastra.number_column import NumberColumn


def ordered(numbers: Sequence[int], columns: Sequence[NumberColumn]) -> array[int]:
    """The numbers by what the last of the columns has for each, then by the one before it, and on.

    Lists do the same with an object for each number and column: 100 bytes where this takes 20.

    Args:
        numbers: an array, or a range.
        columns: arrays of whole numbers.
    """
    order = np.asarray(numbers, np.int32)
    for column in columns:
        values = np.asarray(column)[order]
        order = order[np.argsort(values, kind="stable")]
    return array("i", order.tobytes())
