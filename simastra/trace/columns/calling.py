"""Calls the kernel, which is kept as machine code: nothing of numba is loaded to call it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .kept import DECODE
from .tables import FIRST_ATTRIBUTE, NodeArrays, UInt8s

_DIMENSIONS = 2


def decode(data: UInt8s, at: int, known: NDArray[np.int64], into: NodeArrays) -> int:
    """Fill the tables with a file's records, as far as they have rows.

    Args:
        data: the file's content.
        at: where the first record begins.
        known: what `tables.attributes` tells.
        into: what is filled; there may be more dependencies and values than there is room for.

    Returns:
        How many records there are, negative if the last one isn't whole.
    """
    work = np.zeros((2, FIRST_ATTRIBUTE + len(known)), np.int64)
    places = np.zeros((3 + len(into), 1 + _DIMENSIONS), np.int64)
    arrays: tuple[NDArray[Any], ...] = (data, known, work, *into)
    for number, array in enumerate(arrays):
        assert array.flags.c_contiguous
        places[number, 0] = array.ctypes.data
        places[number, 1 : 1 + array.ndim] = array.shape
    return DECODE(places.ctypes.data, len(places), at)
