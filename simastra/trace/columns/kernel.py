"""Fills the tables out of a file's bytes: what `canonical` and `attribute_bytes` do, in numbers.

Only what is laid out in the shortest way is taken, which is how every protobuf library writes; of
all else a row is odd, and left to those. Bytes are looked at by their offsets in the file, and a
function that finds none of what it looks for returns a negative one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar

import numpy as np
from numba import types
from numpy.typing import NDArray

from simastra.jit.emitting import array_at, lean

from .tables import (
    BUCKETS,
    CTRL_END,
    DATA_END,
    DURATION,
    FIRST_ATTRIBUTE,
    FLAG,
    GIVEN,
    ID,
    KIND,
    LARGEST,
    LENGTH,
    LETTERS,
    LIST,
    NUMBER,
    STARTS,
    STOPS,
    TRUTH,
    TYPE,
    NodeArrays,
)

Data: TypeAlias = NDArray[Any]
Table: TypeAlias = NDArray[Any]
"""Arrays of bytes and of whole numbers, whose items numba takes for numbers as any other."""

Function = TypeVar("Function", bound=Callable[..., object])


def _inside(function: Function) -> Function:
    """A function of the kernel.

    Nothing here makes arrays. To count who has one, at each call, takes three times as long as all
    the rest.
    """
    return lean(function, _nrt=False)


# Keys in a record, an attribute and a list, as in `canonical` and `attribute_bytes`.
_ID, _NODE_NAME, _TYPE, _CTRL_DEPS, _DATA_DEPS = 0x08, 0x12, 0x18, 0x22, 0x2A
_START_MICROS, _DURATION_MICROS, _ATTRIBUTE = 0x30, 0x38, 0x52
_NAME, _ITEM = 0x0A, 0x0A
_INT32, _INT64, _UINT32, _UINT64, _DOUBLE, _FLOAT = 0x38, 0x48, 0x58, 0x68, 0x19, 0x2D
_BOOL, _STRING, _STRINGS = 0xD8, 0xEA, 0xF2  # with a second byte, which is 1

_MORE, _BITS = 0x80, 0x7F
_LENGTH_BITS = 35  # of a varint32, in up to 5 bytes
_VARINT_BITS = 63
_TYPES = 8
_LARGEST_INT32, _LARGEST_UINT32 = 2**31 - 1, 2**32 - 1
_LARGEST_MICROS = (2**63 - 1) // 1000
_DOUBLE_BYTES, _FLOAT_BYTES = 8, 4
_NEGATIVE_BYTES = 10  # a varint of a negative number
_BAD = -1
_HASH_START, _HASH_FACTOR = 1469598103934665603, 1099511628211  # FNV-1a


@_inside
def _byte(data: Data, at: int) -> int:
    byte: Any = np.int64(data[at])  # one of 8 bits would be shifted out of them
    return byte


@_inside
def _varint(data: Data, at: int, end: int) -> tuple[int, int]:
    """The number at a place, and the place behind it."""
    value = 0
    for shift in range(0, _VARINT_BITS, 7):
        if at >= end:
            return 0, _BAD
        byte = _byte(data, at)
        at += 1
        value |= (byte & _BITS) << shift
        if byte < _MORE:
            return value, (_BAD if shift and not byte else at)
    return 0, _BAD


@_inside
def _record(data: Data, at: int, end: int) -> tuple[int, int]:
    """The place behind the length of a record, and the one behind it."""
    length = 0
    for shift in range(0, _LENGTH_BITS, 7):
        if at >= end:
            return 0, _BAD
        byte = _byte(data, at)
        at += 1
        length |= (byte & _BITS) << shift
        if byte < _MORE:
            return at, (at + length if at + length <= end else _BAD)
    return 0, _BAD


@_inside
def _is_ascii(data: Data, at: int, stop: int) -> bool:
    every = 0
    for place in range(at, stop):
        every |= data[place]
    return every < _MORE


@_inside
def _text(data: Data, at: int, end: int) -> int:
    """The place behind a text in ASCII that has its length before it."""
    length, start = _varint(data, at, end)
    if start < 0 or start + length > end or not _is_ascii(data, start, start + length):
        return _BAD
    return start + length


@_inside
def _list(data: Data, at: int, end: int, into: Table, used: int) -> tuple[int, int]:
    """The place behind a list of numbers with its length before it, and how many are used now."""
    length, at = _varint(data, at, end)
    stop = at + length
    if at < 0 or stop > end:
        return _BAD, used
    while at < stop:
        value, at = _varint(data, at, stop)
        if at < 0:
            return _BAD, used
        if used < len(into):
            into[used] = value
        used += 1
    return stop, used


@_inside
def _head(data: Data, at: int, end: int, row: Table, dependencies: Table) -> int:  # noqa: C901, PLR0912  # as CanonicalDecoder._node
    """Decode what comes before the attributes; the place where they begin."""
    if at < end and data[at] == _ID:
        row[ID], at = _varint(data, at + 1, end)
    if 0 <= at < end and data[at] == _NODE_NAME:
        at = _text(data, at + 1, end)
    if 0 <= at < end and data[at] == _TYPE:
        if at + 1 >= end or data[at + 1] >= _TYPES:
            return _BAD
        row[TYPE] = data[at + 1]
        at += 2
    if 0 <= at < end and data[at] == _CTRL_DEPS:
        at, row[DATA_END] = _list(data, at + 1, end, dependencies, row[DATA_END])
    row[CTRL_END] = row[DATA_END]
    if 0 <= at < end and data[at] == _DATA_DEPS:
        at, row[DATA_END] = _list(data, at + 1, end, dependencies, row[DATA_END])
    if 0 <= at < end and data[at] == _START_MICROS:
        _, at = _varint(data, at + 1, end)
    if 0 <= at < end and data[at] == _DURATION_MICROS:
        micros, at = _varint(data, at + 1, end)
        if micros > _LARGEST_MICROS:
            return _BAD
        row[DURATION] = micros * 1000
    return at


@_inside
def _place(data: Data, at: int, length: int, guess: int, known: Table) -> int:
    """Which attribute has the name at a place; how many there are if none has."""
    count = len(known)
    for turn in range(count + 1):
        place = guess if turn == 0 else turn - 1
        if known[place, LENGTH] != length:
            continue
        letter = 0
        while letter < length and known[place, LETTERS + letter] == data[at + letter]:
            letter += 1
        if letter == length:
            return place
    return count


@_inside
def _is_whole(key: int) -> bool:
    return key == _INT64 or key == _UINT64 or key == _INT32 or key == _UINT32  # noqa: PLR1714  # a set takes numba long


@_inside
def _number(data: Data, at: int, end: int) -> int:
    """The number that is the value of an attribute."""
    key = data[at]
    if not _is_whole(key):
        return _BAD
    value, at = _varint(data, at + 1, end)
    if at != end or (key == _INT32 and value > _LARGEST_INT32):
        return _BAD
    return _BAD if key == _UINT32 and value > _LARGEST_UINT32 else value


@_inside
def _flag(data: Data, at: int, end: int) -> int:
    """Whether the value of an attribute is true."""
    if at + 3 != end or data[at] != _BOOL or data[at + 1] != 1 or data[at + 2] > 1:
        return _BAD
    return _byte(data, at + 2)


@_inside
def _value(data: Data, at: int, end: int, values: Table) -> int:
    """The number of a distinct value: of an attribute's bytes."""
    hashed = _HASH_START
    for place in range(at, end):
        hashed = (hashed ^ _byte(data, place)) * _HASH_FACTOR
    mask = values.shape[1] - 1
    bucket = (hashed ^ (hashed >> 32)) & mask
    while values[BUCKETS, bucket]:
        number = values[BUCKETS, bucket]
        if _are_same(data, at, end, values[STARTS, number], values[STOPS, number]):
            return number
        bucket = (bucket + 1) & mask
    values[STARTS, 0] += 1
    number = values[STARTS, 0]
    if 2 * number < values.shape[1]:
        values[STARTS, number], values[STOPS, number] = at, end
        values[BUCKETS, bucket] = number
    return number


@_inside
def _are_same(data: Data, at: int, end: int, start: int, stop: int) -> bool:
    if stop - start != end - at:
        return False
    for place in range(end - at):  # noqa: SIM110  # numba has no all()
        if data[at + place] != data[start + place]:
            return False
    return True


@_inside
def _is_ignored(data: Data, at: int, end: int) -> bool:  # noqa: C901, PLR0911, PLR0912  # a case for each kind
    """Whether what is the value of an attribute is sound, of one that no node has a field for."""
    if at == end:
        return True
    key = data[at]
    if _is_whole(key):
        _, stop = _varint(data, at + 1, end)
        is_negative = end - at - 1 == _NEGATIVE_BYTES and data[end - 1] == 1
        if not is_negative:
            return stop == end
        for place in range(at + 1, end - 1):  # noqa: SIM110  # as above
            if data[place] < _MORE:
                return False
        return True
    if key == _DOUBLE:
        return at + 1 + _DOUBLE_BYTES == end
    if key == _FLOAT:
        return at + 1 + _FLOAT_BYTES == end
    if at + 2 >= end or data[at + 1] != 1:
        return False
    if key == _BOOL:
        return at + 3 == end and data[at + 2] <= 1
    if key == _STRING:
        return _text(data, at + 2, end) == end
    return key == _STRINGS and _are_texts(data, at + 2, end)


@_inside
def _are_texts(data: Data, at: int, end: int) -> bool:
    length, at = _varint(data, at, end)
    if at < 0 or at + length != end:
        return False
    while at < end:
        if data[at] != _ITEM:
            return False
        at = _text(data, at + 1, end)
        if at < 0:
            return False
    return True


@_inside
def _attribute(  # noqa: PLR0913, PLR0917  # numbers, see above
    data: Data, at: int, end: int, row: Table, guess: int, known: Table, values: Table
) -> int:
    """Decode an attribute; its place, or how many there are if it is of no use."""
    if at + 2 > end or data[at] != _NAME or data[at + 1] >= _MORE:
        return _BAD
    name, length = at + 2, _byte(data, at + 1)
    start = name + length
    if start > end:
        return _BAD
    place = _place(data, name, length, guess, known)
    if place == len(known):
        is_sound = _is_ascii(data, name, start) and _is_ignored(data, start, end)
        return place if is_sound else _BAD
    kind = known[place, KIND]
    if start == end and kind != LIST:
        return _BAD
    if kind == FLAG:
        value, truth = _flag(data, start, end), known[place, TRUTH]
        row[GIVEN] = row[GIVEN] | truth if value == 1 else row[GIVEN] & ~truth
    else:
        value = _number(data, start, end) if kind == NUMBER else _value(data, at, end, values)
        if kind == NUMBER and value > known[place, LARGEST]:
            return _BAD
        row[FIRST_ATTRIBUTE + place] = value
    row[GIVEN] |= 1 << place
    return place if value >= 0 else _BAD


@_inside
def _attributes(  # noqa: PLR0913, PLR0917  # numbers, see above
    data: Data, at: int, end: int, row: Table, guesses: Table, known: Table, values: Table
) -> int:
    """Decode attributes up to the end; the place behind them."""
    number = 0
    while 0 <= at < end:
        if data[at] != _ATTRIBUTE:
            return _BAD
        length, at = _varint(data, at + 1, end)
        if at < 0 or at + length > end:
            return _BAD
        place = _attribute(data, at, at + length, row, guesses[number], known, values)
        if place < 0:
            return _BAD
        if place < len(known):
            guesses[number] = place
        number = min(number + 1, len(guesses) - 1)
        at += length
    return at


@_inside
def _write(row: Table, index: int, into: NodeArrays) -> None:
    """Put a row's numbers into columns; 0 is there already."""
    into.ids[index], into.types[index] = row[ID], row[TYPE]
    if row[DURATION]:
        into.durations[index] = row[DURATION]
    into.given[index] = row[GIVEN]
    for place in range(len(into.attributes)):
        if row[FIRST_ATTRIBUTE + place]:
            into.attributes[place, index] = row[FIRST_ATTRIBUTE + place]


@_inside
def _row(  # noqa: PLR0913, PLR0917  # numbers, see above
    data: Data, at: int, end: int, index: int, known: Table, work: Table, into: NodeArrays
) -> None:
    """Decode a record, and put what it says into columns."""
    row, guesses, before = work[0], work[1], into.ends[index, 1]
    row[:] = 0
    row[DATA_END] = row[CTRL_END] = before
    at = _head(data, at, end, row, into.dependencies) if at < end else _BAD
    if _attributes(data, at, end, row, guesses, known, into.values) == end:
        _write(row, index, into)
    else:
        into.odd[index] = 1
        row[DATA_END] = row[CTRL_END] = before
    into.ends[index + 1, 0], into.ends[index + 1, 1] = row[CTRL_END], row[DATA_END]


@_inside
def _decoded(data: Data, at: int, known: Table, work: Table, into: NodeArrays) -> int:
    count = 0
    while at < len(data):
        start, end = _record(data, at, len(data))
        if end < 0:
            return _BAD
        if count < len(into.ids):
            into.offsets[count] = at
            _row(data, start, end, count, known, work, into)
        count += 1
        at = end
    return count


_bytes, _counts = array_at(types.uint8, 1), array_at(types.uint32, 1)
_line, _table = array_at(types.int64, 1), array_at(types.int64, 2)


@_inside
def decode(first: int, count: int, at: int) -> int:
    """How many records there are from a place on, negative if the last one isn't whole.

    The tables are filled with as many as they have rows.

    Args:
        first: the address of what says where arrays are and how large: as of `calling.decode`.
        count: how many there are.
        at: where in the file the first record begins.
    """
    a = _table(first, count, 3)
    into = NodeArrays(
        _line(a[3, 0], a[3, 1], 0),
        _line(a[4, 0], a[4, 1], 0),
        _line(a[5, 0], a[5, 1], 0),
        _bytes(a[6, 0], a[6, 1], 0),
        _counts(a[7, 0], a[7, 1], 0),
        _table(a[8, 0], a[8, 1], a[8, 2]),
        _table(a[9, 0], a[9, 1], a[9, 2]),
        _line(a[10, 0], a[10, 1], 0),
        _bytes(a[11, 0], a[11, 1], 0),
        _table(a[12, 0], a[12, 1], a[12, 2]),
    )
    known, work = _table(a[1, 0], a[1, 1], a[1, 2]), _table(a[2, 0], a[2, 1], a[2, 2])
    return _decoded(_bytes(a[0, 0], a[0, 1], 0), at, known, work, into)
