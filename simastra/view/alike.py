"""What is alike is shown once: the numbers of those that have one value."""

from collections.abc import Hashable, Iterable
from typing import TypeVar

Value = TypeVar("Value", bound=Hashable)


def alike(values: Iterable[Value], numbers: Iterable[int] | None = None) -> dict[Value, list[int]]:
    """For each value, the numbers of those that have it; values in order of the first.

    Args:
        values: one each.
        numbers: theirs, in the same order; None for 0, 1, 2 and so on.

    >>> alike(["compute", "wait", "compute"])
    {'compute': [0, 2], 'wait': [1]}
    """
    found: dict[Value, list[int]] = {}
    numbered = enumerate(values) if numbers is None else zip(numbers, values, strict=True)
    for number, value in numbered:
        found.setdefault(value, []).append(number)
    return found
