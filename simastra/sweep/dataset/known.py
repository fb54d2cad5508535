"""Rows that are there already, found by what their points were made of."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from .fields import Row
from .parts import is_of, read_part

_BITS = 32
_PARTS_HELD = 4


class KnownRows:
    """Rows of parts, by `point`. It holds 16 bytes for each, not the rows.

    Args:
        paths: of the parts; where two have a point, the one that comes first counts.
    """

    def __init__(self, paths: Iterable[Path]) -> None:
        self._paths = list(paths)
        found: list[tuple[int, int]] = []
        for which, path in enumerate(self._paths):
            points = read_part(path, ["point"]).column("point").to_pylist()
            found += [(_key(it), which << _BITS | row) for row, it in enumerate(points)]
        found.sort()
        self._points = array("Q", (key for key, _ in found))
        self._places = array("Q", (place for _, place in found))
        self._part = lru_cache(_PARTS_HELD)(read_part)

    def __len__(self) -> int:
        return len(self._points)

    def row(self, point: str, number: int, revision: str) -> tuple[Row, bool] | None:
        """The row of a point, and whether it is the one of that number; None if there is none.

        Args:
            point: the digest of its inputs.
            number: in the study as it is now.
            revision: of the study as it is now.
        """
        other: Row | None = None
        at = bisect_left(self._points, _key(point))
        while at < len(self._points) and self._points[at] == _key(point):
            path, row = self._at(self._places[at])
            if is_of(revision, path) and row["number"] == number:
                return row, True
            other = other or row
            at += 1
        return None if other is None else ({**other, "number": number}, False)

    def _at(self, place: int) -> tuple[Path, Row]:
        path = self._paths[place >> _BITS]
        part: Any = self._part(path)
        (row,) = part.slice(place & (1 << _BITS) - 1, 1).to_pylist()
        return path, row


def _key(point: str) -> int:
    return int(point, 16)
