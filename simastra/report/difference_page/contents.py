"""What is on the page, as data."""

from __future__ import annotations

from dataclasses import dataclass

from simastra.difference import Difference
from simastra.result import Result


@dataclass(frozen=True, slots=True)
class DifferenceContents:
    """What the page is made of.

    Attributes:
        difference: of the two runs.
        a: the result of A, with what its nodes did when.
        b: that of B.
        name_a: what A is called: a file, or the options that are its own.
        name_b: what B is called.
    """

    difference: Difference
    a: Result
    b: Result
    name_a: str
    name_b: str
