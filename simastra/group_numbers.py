"""Numbers of process groups, which names begin with (behaviour 1.6)."""

import re

_LEADING_NUMBER = re.compile(r"\s*\+?0*([0-9]{1,10})(?![0-9])", re.ASCII)
_LARGEST_GROUP = 2**31 - 1  # ASTRA-sim reads an int


def group_number(name: str) -> int | None:
    """Return the number that a group's name begins with, as ASTRA-sim reads it; None for none.

    >>> group_number("1"), group_number("01"), group_number("2.0"), group_number("tp")
    (1, 1, 2, None)
    """
    match = _LEADING_NUMBER.match(name)
    if match is None or int(match[1]) > _LARGEST_GROUP:
        return None
    return int(match[1])
