"""Where the names of many nodes lie in a file, whose records begin as they usually do."""

from __future__ import annotations

import numpy as np

from simastra.trace.canonical import MORE

from .tables import Flags, Int64s, UInt8s

_ID, _NAME = 0x08, 0x12  # keys in a record, as in `canonical`
_ID_BYTES = 5  # those of an id that is looked at here
_LENGTH_BYTES = 2


def name_places(data: UInt8s, offsets: Int64s) -> tuple[Int64s, Int64s]:
    """Return where names begin, and how long they are.

    Args:
        data: the file's content.
        offsets: where records begin in it, with their lengths.

    Returns:
        A length of -1 where a record begins otherwise: with a long name, for instance.
    """
    at, is_usual = _behind_varint(data, offsets, _LENGTH_BYTES)
    is_usual &= _byte(data, at) == _ID
    at, is_short = _behind_varint(data, at + 1, _ID_BYTES)
    is_usual &= is_short & (_byte(data, at) == _NAME)
    lengths = _byte(data, at + 1)
    is_usual &= lengths < MORE
    return at + 2, np.where(is_usual, lengths, -1)


def _behind_varint(data: UInt8s, at: Int64s, most: int) -> tuple[Int64s, Flags]:
    """Where each number ends that has at most so many bytes, and whether it does."""
    goes_on = np.ones(len(at), np.bool_)
    for _ in range(most):
        goes_on_now = goes_on & (_byte(data, at) >= MORE)
        at = at + goes_on  # anew: the caller's array stays
        goes_on = goes_on_now
    return at, ~goes_on


def _byte(data: UInt8s, at: Int64s) -> Int64s:
    found: Int64s = data[np.minimum(at, len(data) - 1)].astype(np.int64)
    return found
