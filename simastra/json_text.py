"""Indented JSON of large documents, piece by piece: what `json.dump` writes, several times as fast.

With an indentation, Python's `json` leaves the C encoder aside and goes value by value. Here the C
encoder writes what is flat, many objects at a time, with separators that are lines; and parts of a
document may be iterators, so that it needn't be in memory as a whole.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import islice
from typing import Any

_SCALARS = frozenset({str, int, float, bool, type(None)})
_AT_ONCE = 256  # objects of a list


def indented_json(document: object) -> Iterator[str]:
    """The text of ``json.dumps(document, indent=1)``, piece by piece.

    Args:
        document: as `json.dumps` takes it, but that keys are strings, and that iterators stand for
            lists; each is gone through once.
    """
    return _pieces(document, 0)


def _pieces(value: object, depth: int) -> Iterator[str]:
    if isinstance(value, Mapping):
        yield from _object(value, depth)
    elif isinstance(value, list | tuple | Iterator):
        yield from _array(value, depth)
    else:
        yield json.dumps(value)


def _object(value: Mapping[str, object], depth: int) -> Iterator[str]:
    begin = "{"
    for key, item in value.items():
        yield f"{begin}{_line(depth + 1)}{json.dumps(key)}: "
        yield from _pieces(item, depth + 1)
        begin = ","
    yield "{}" if begin == "{" else _line(depth) + "}"


def _array(value: Iterable[object], depth: int) -> Iterator[str]:
    begin = "["
    items = iter(value)
    while some := list(islice(items, _AT_ONCE)):
        if all(map(_is_flat, some)):
            yield f"{begin}{_line(depth + 1)}{_flat_objects(some, depth + 1)}"
        else:
            for item in some:
                yield f"{begin}{_line(depth + 1)}"
                yield from _pieces(item, depth + 1)
                begin = ","
        begin = ","
    yield "[]" if begin == "[" else _line(depth) + "]"


def _is_flat(value: object) -> bool:
    """Whether it is an object of plain numbers and texts, as each of a million is."""
    return type(value) is dict and bool(value) and _SCALARS.issuperset(map(type, value.values()))


def _flat_objects(objects: list[Any], depth: int) -> str:
    """Objects of a list, one after the other, each at that depth.

    A line within a text is escaped, so that the lines of the separators are no others.
    """
    inner, outer = _line(depth + 1), _line(depth)
    text: str = _encoder(depth + 1).encode(objects)
    between = text[2:-2].replace(f"}},{inner}{{", f"{outer}}},{outer}{{{inner}")
    return f"{{{inner}{between}{outer}}}"


@cache
def _encoder(depth: int) -> json.JSONEncoder:
    return json.JSONEncoder(separators=("," + _line(depth), ": "))


def _line(depth: int) -> str:
    return "\n" + " " * depth
