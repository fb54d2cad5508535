"""What two critical paths spent on one cause, node, collective or link, and how that differs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeAlias

from simastra.engine import Category
from simastra.explain import SpanRecord
from simastra.units import Ns

from .keys import Key, Key_co, rank


@dataclass(frozen=True, slots=True)
class CostChange(Generic[Key_co]):
    """What both critical paths spent on one thing.

    Attributes:
        what: the thing; None for all that is for none of its kind.
        a: time on A's critical path, in ns; None where that has nothing of it.
        b: time on B's, likewise.
        causes: what of the difference each cause makes up, in ns; those that are alike in both are
            left out.
    """

    what: Key_co | None
    a: Ns | None
    b: Ns | None
    causes: Mapping[Category, Ns]

    @property
    def difference(self) -> Ns:
        """B's time less A's, in ns."""
        return (self.b or 0) - (self.a or 0)


_Times: TypeAlias = dict[Category, Ns]


def changes(
    a: Iterable[SpanRecord],
    b: Iterable[SpanRecord],
    key_in_a: Callable[[SpanRecord], Key | None],
    key_in_b: Callable[[SpanRecord], Key | None],
) -> tuple[CostChange[Key], ...]:
    """Sort the spans of two paths by a key; what differs most comes first.

    Args:
        a: the one critical path.
        b: the other.
        key_in_a: what a span of A is for.
        key_in_b: what a span of B is for.
    """
    in_a, in_b = _sums(a, key_in_a), _sums(b, key_in_b)
    found = (_change(key, in_a.get(key), in_b.get(key)) for key in {**in_a, **in_b})
    return tuple(sorted(found, key=lambda it: (-abs(it.difference), rank(it.what))))


def _sums(
    path: Iterable[SpanRecord], key_of: Callable[[SpanRecord], Key | None]
) -> dict[Key | None, _Times]:
    sums: dict[Key | None, _Times] = {}
    for span in path:
        times = sums.setdefault(key_of(span), {})
        times[span.category] = times.get(span.category, 0) + span.duration
    return sums


def _change(key: Key | None, a: _Times | None, b: _Times | None) -> CostChange[Key]:
    return CostChange(
        key,
        None if a is None else sum(a.values()),
        None if b is None else sum(b.values()),
        differing(a or {}, b or {}),
    )


def differing(a: Mapping[Category, Ns], b: Mapping[Category, Ns]) -> dict[Category, Ns]:
    """B's times less A's, in ns, in the order of causes; those that are alike are left out."""
    less = {cause: b.get(cause, 0) - a.get(cause, 0) for cause in Category}
    return {cause: time for cause, time in less.items() if time}


def used_causes(causes: Iterable[Mapping[Category, Ns]]) -> list[Category]:
    """The causes of which something differs, in order."""
    found = {cause for each in causes for cause in each}
    return [cause for cause in Category if cause in found]
