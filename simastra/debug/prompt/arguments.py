"""The words that follow a command, taken one after the other."""

from __future__ import annotations

import re
import shlex

from simastra.debug.command_error import CommandError
from simastra.quantities import DURATION, QuantityError
from simastra.units import Ns

_SEPARATORS = re.compile(r"(?<=[0-9])[_,]")  # between the digits of a large number


class Words:
    """The rest of a command line.

    Args:
        line: what follows the command. Quotation marks keep words together, as in a shell.

    Raises:
        CommandError: if a quotation mark has no partner.
    """

    def __init__(self, line: str) -> None:
        try:
            self._words = shlex.split(line)
        except ValueError as error:
            raise CommandError(f"{line!r} can't be read: {str(error).lower()}") from None

    def __bool__(self) -> bool:
        return bool(self._words)

    def take(self, what: str) -> str:
        """The next word, which is to be `what`."""
        if not self._words:
            raise CommandError(f"{what} is missing")
        return self._words.pop(0)

    def take_if(self, *words: str) -> str | None:
        """The next word, if it is one of `words`."""
        return self._words.pop(0) if self._words and self._words[0] in words else None

    def take_number(self, what: str) -> int:
        """The next word as a whole number."""
        return whole_number(self.take(what), what)

    def take_numbers(self, what: str) -> list[int]:
        """All that is left, as whole numbers."""
        numbers = [whole_number(word, what) for word in self._words]
        self._words.clear()
        return numbers

    def take_time(self) -> Ns:
        """The next word as a simulated time."""
        return time_of(self.take("a time, such as 5000 or 5us,"))

    def end(self) -> None:
        """Nothing may be left."""
        if self._words:
            raise CommandError(f"{' '.join(self._words)!r} is too much: nothing may follow there")


def whole_number(word: str, what: str) -> int:
    """Read a whole number, which is to be `what`.

    Raises:
        CommandError: if it isn't one.
    """
    if not re.fullmatch(r"[0-9]{1,18}", word):
        longest = " of 18 digits at most" if re.fullmatch(r"[0-9]+", word) else ""
        raise CommandError(f"{what} is a whole number{longest}, not {word!r}")
    return int(word)


def time_of(word: str) -> Ns:
    """Read a simulated time: in ns, or with its unit behind it.

    >>> time_of("117,780"), time_of("5us"), time_of("1.5ms")
    (117780, 5000, 1500000)

    Raises:
        CommandError: if it isn't one.
    """
    try:
        return round(DURATION.read(_SEPARATORS.sub("", word), bare="ns"))
    except QuantityError:
        problem = f"a time is a number of ns, or such as 5us, 1.5ms or 2s, not {word!r}"
        raise CommandError(problem) from None
