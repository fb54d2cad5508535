"""The words of a text file with their places, and the reading of numbers among them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .text_error import TextError
from .workload import LayerSlot

_LARGEST = 2**63 - 1  # a size is written as int64
_SHOWN_LETTERS = 40  # of a wrong word, in an error message


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the file: what stands between white space.

    Attributes:
        text: the word.
        place: where it begins.
        source: the file's name.
    """

    text: str
    place: LayerSlot
    source: str

    def error(self, problem: str) -> TextError:
        """The error that this word is wrong."""
        return TextError(
            problem, source=self.source, line=self.place.line, column=self.place.column
        )

    @property
    def shown(self) -> str:
        """The word in quotes, cut short if it is long."""
        cut = len(self.text) > _SHOWN_LETTERS
        return repr(self.text[:_SHOWN_LETTERS]) + ("..." if cut else "")


def lines_of(text: str, source: str) -> Iterator[list[Word]]:
    """Yield the words of each line that has any; lines end with a newline, and blank ones count."""
    for number, line in enumerate(text.split("\n"), start=1):
        words = [
            Word(match[0], LayerSlot(number, match.start() + 1), source)
            for match in re.finditer(r"\S+", line)
        ]
        if words:
            yield words


def whole_number(word: Word, what: str) -> int:
    """Return a word as a number.

    Raises:
        TextError: it is no whole number from 0 to 2**63 - 1; `what` says what it stands for.
    """
    # The length comes first: Python refuses to read a number of thousands of digits.
    digits = len(word.text) <= len(str(_LARGEST)) and re.fullmatch(r"[0-9]+", word.text)
    if not digits or int(word.text) > _LARGEST:
        raise word.error(f"{what} is {word.shown}; a whole number from 0 to {_LARGEST} is wanted")
    return int(word.text)
