"""What is alike is shown once: the numbers of those that have one value."""

from collections.abc import Hashable, Iterable
from typing import TypeVar

Value = TypeVar("Value", bound=Hashable)


def alike(values: Iterable[Value]) -> dict[Value, list[int]]:
    """For each value, the numbers of those that have it, from 0; values in order of the first.

    >>> alike(["compute", "wait", "compute"])
    {'compute': [0, 2], 'wait': [1]}
    """
    numbers: dict[Value, list[int]] = {}
    for number, value in enumerate(values):
        numbers.setdefault(value, []).append(number)
    return numbers
