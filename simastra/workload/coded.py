"""Sequences of few kinds of items, a byte each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar, final

from simastra.on_demand import OnDemand

T = TypeVar("T")


@final
class Coded(OnDemand[T]):
    """A sequence whose items are of few kinds.

    Args:
        codes: which value each item is, by index.
        values: distinct ones, 256 at most.
    """

    def __init__(self, codes: bytes, values: Sequence[T]) -> None:
        self.codes = codes
        self.values = tuple(values)

    @classmethod
    def of(cls, items: Sequence[T]) -> Coded[T]:
        """A sequence of few kinds of items, as such a one."""
        if isinstance(items, Coded):
            return items
        codes = {value: code for code, value in enumerate(dict.fromkeys(items))}
        return cls(bytes(map(codes.__getitem__, items)), tuple(codes))

    def __len__(self) -> int:
        return len(self.codes)

    def _make(self, index: int) -> T:
        return self.values[self.codes[index]]

    def _make_some(self, places: range) -> Sequence[T]:
        return [self.values[code] for code in map(self.codes.__getitem__, places)]

    def _make_all(self) -> tuple[T, ...]:
        return tuple(map(self.values.__getitem__, self.codes))

    def __contains__(self, item: object) -> bool:
        return any(
            value == item and bytes([code]) in self.codes for code, value in enumerate(self.values)
        )

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Coded) and self.values == other.values:
            return self.codes == other.codes
        return super().__eq__(other)

    __hash__ = OnDemand.__hash__
