"""Many names in one, the other way round: npu.0 to npu.3 are ``npu[0:4]``.

A pattern is what a name with slices says: the parts of a name between its dots, of which some are
numbers, each with the range that it runs through. Of several, the last runs fastest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import TypeVar

from simastra.config.yaml_scalars import is_number

_Item = TypeVar("_Item")
_Step = TypeVar("_Step")

_NUMBER = re.compile(r"0|[1-9][0-9]{0,8}")


@dataclass(frozen=True, slots=True)
class Pattern:
    """Names that go on regularly.

    Attributes:
        parts: of the names, between their dots; None where there is a number.
        ranges: what the numbers run through, in order.
    """

    parts: tuple[str | None, ...]
    ranges: tuple[range, ...]

    @classmethod
    def of(cls, name: str) -> Pattern:
        """The pattern of one name alone.

        >>> Pattern.of("pod.1.leaf.0").parts
        ('pod', None, 'leaf', None)
        """
        first, *others = name.split(".")
        numbers = [_NUMBER.fullmatch(it) is not None for it in others]
        parts = [None if is_number else it for it, is_number in zip(others, numbers, strict=True)]
        ranges = (
            range(int(it), int(it) + 1) for it, yes in zip(others, numbers, strict=True) if yes
        )
        return cls((first, *parts), tuple(ranges))

    @property
    def count(self) -> int:
        """How many names there are."""
        return prod(map(len, self.ranges))

    def __str__(self) -> str:
        """As a file has it.

        >>> str(Pattern(("npu", None), (range(0, 16, 4),)))
        'npu[0:16:4]'
        """
        ranges = iter(self.ranges)
        text = self.parts[0] or ""
        for part in self.parts[1:]:
            text += _slice(next(ranges)) if part is None else f".{part}"
        return text

    @property
    def written(self) -> str | int:
        """Its text, or what our reader of YAML reads as that: it takes 0.1 for a number, and 12."""
        text = str(self)
        if _NUMBER.fullmatch(text):
            return int(text)
        if self.ranges and is_number(text):
            stem, _, number = text.rpartition(".")
            return f"{stem}[{number}]"
        return text

    def step_to(self, other: Pattern) -> Increment | None:
        """How `other` goes on where this one ends; None if it doesn't."""
        if self.parts != other.parts:
            return None
        pairs = zip(self.ranges, other.ranges, strict=True)
        places = [place for place, (here, there) in enumerate(pairs) if here != there]
        if len(places) != 1:
            return None
        place = places[0]
        here, there = self.ranges[place], other.ranges[place]
        is_slowest = all(len(it) == 1 for it in self.ranges[: place + 1])
        if not is_slowest or len(there) != 1 or there[0] < here[0]:
            return None
        return Increment(place, there[0] - here[0])

    def going_on(self, step: Increment, count: int) -> Pattern:
        """This pattern and those that follow it by a step, `count` in all."""
        first = self.ranges[step.place][0]
        ranges = list(self.ranges)
        ranges[step.place] = range(first, first + count * step.by, step.by)
        return replace(self, ranges=tuple(ranges))


@dataclass(frozen=True, slots=True)
class Increment:
    """From a pattern to the next.

    Attributes:
        place: of the number that grows, among the numbers.
        by: how much it grows.
    """

    place: int
    by: int


def in_runs(
    items: Sequence[_Item],
    step: Callable[[_Item, _Item], _Step | None],
    going_on: Callable[[_Item, _Step, int], _Item],
) -> list[_Item]:
    """Join items that go on regularly, and what they are joined to, until none goes on.

    Args:
        items: in an order that stays.
        step: from an item to the next; None if they can't be joined.
        going_on: joins an item and those that follow it by a step, so many in all.
    """
    before = list(items)
    while len(after := list(_joined(before, step, going_on))) < len(before):
        before = after
    return before


def _joined(
    items: Sequence[_Item],
    step: Callable[[_Item, _Item], _Step | None],
    going_on: Callable[[_Item, _Step, int], _Item],
) -> Iterator[_Item]:
    at = 0
    while at < len(items):
        first = at
        by = step(items[at], items[at + 1]) if at + 1 < len(items) else None
        at += 1
        if by is None:
            yield items[first]
            continue
        while at < len(items) and step(items[at - 1], items[at]) == by:
            at += 1
        yield going_on(items[first], by, at - first)


def joined_patterns(patterns: Sequence[Pattern]) -> list[Pattern]:
    """Few patterns that have the names of many, in their order.

    >>> names = ["a.0.b.0", "a.0.b.1", "a.1.b.0", "a.1.b.1", "c"]
    >>> [str(it) for it in joined_patterns([Pattern.of(name) for name in names])]
    ['a[0:2].b[0:2]', 'c']
    """
    return in_runs(patterns, Pattern.step_to, Pattern.going_on)


def _slice(numbers: range) -> str:
    """A range as names have it: behind its last number, ends are round."""
    if len(numbers) == 1:
        return f".{numbers[0]}"
    end = -(-(numbers[-1] + 1) // numbers.step) * numbers.step
    return f"[{numbers[0]}:{end}]" if numbers.step == 1 else f"[{numbers[0]}:{end}:{numbers.step}]"
