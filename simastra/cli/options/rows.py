"""How many rows of a long table are printed: the type of ``--top``."""

import argparse

from simastra.quick_dataclass import dataclass

from .parser import whole_number

_ALL = "all"


@dataclass(frozen=True, slots=True)
class Rows:
    """How many rows there are at most; None for all."""

    most: int | None

    def __str__(self) -> str:
        return _ALL if self.most is None else str(self.most)


DEFAULT_ROWS = Rows(20)


def rows(word: str) -> Rows:
    """The type of an option whose value is a number of rows, or "all".

    Raises:
        argparse.ArgumentTypeError: if it is neither.
    """
    if word.lower() == _ALL:
        return Rows(None)
    try:
        most = whole_number(word)
    except argparse.ArgumentTypeError:
        most = 0
    if most < 1:
        raise argparse.ArgumentTypeError(f"must be a whole number from 1 on, or all, not {word!r}")
    return Rows(most)
