"""What the table of algorithms has of each name."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from simastra.quick_dataclass import dataclass

from .algorithm import Algorithm

if TYPE_CHECKING:
    from .options import AlgorithmOptions

FindOptions: TypeAlias = "Callable[[], type[AlgorithmOptions]]"
"""Finds the model of what a system file may tell an algorithm, once it is told something."""


@dataclass(frozen=True, slots=True)
class AlgorithmEntry:
    """One name of the table.

    Attributes:
        plain: the algorithm of that name.
        with_window: makes it from a number after the name, as in ``direct4``; None where the name
            takes none.
        find_options: of what the system file may tell it; None if it takes no options.
        number_means: what that number is, in words.
    """

    plain: Algorithm
    with_window: Callable[[int], Algorithm] | None = None
    find_options: FindOptions | None = None
    number_means: str = "a window"
