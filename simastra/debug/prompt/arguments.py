"""Numbers and times as they are typed."""

from __future__ import annotations

import re

from simastra.debug.command_error import CommandError
from simastra.quantities import DURATION, QuantityError
from simastra.units import Ns

_SEPARATORS = re.compile(r"(?<=[0-9])[_,]")  # between the digits of a large number


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
