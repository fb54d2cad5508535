"""What to say when a name isn't known."""

from collections.abc import Iterable
from difflib import get_close_matches


def unknown_name(kind: str, name: str, known: Iterable[str]) -> str:
    """Say that `name` isn't a known `kind`, and which one was probably meant.

    >>> unknown_name("topology", "ring", ["Ring", "Switch"])
    "unknown topology 'ring'; did you mean 'Ring'?"
    >>> unknown_name("topology", "Torus9", ["Ring", "Switch"])
    "unknown topology 'Torus9'; known are Ring, Switch"
    """
    names = list(known)
    by_folded = {candidate.casefold(): candidate for candidate in names}
    close = get_close_matches(name.casefold(), by_folded, n=1)
    if close:
        return f"unknown {kind} {name!r}; did you mean {by_folded[close[0]]!r}?"
    return f"unknown {kind} {name!r}; known are {', '.join(names)}"
