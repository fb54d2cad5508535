"""Reading what a player answers; what isn't allowed is refused with the reason."""

from collections.abc import Iterable, Mapping, Sequence
from math import inf
from numbers import Integral, Real
from reprlib import Repr
from typing import TypeVar

from simastra.suggestions import unknown_name

_T = TypeVar("_T")

_SHORT = Repr()  # an answer may be anything, of any length
_SHORT.maxstring = _SHORT.maxlong = _SHORT.maxother = 60


class ForbiddenMoveError(Exception):
    """An answer that the mission's rules don't allow; its text says why, without a full stop."""


def whole(answer: object, what: str, low: int, high: int) -> int:
    """A whole number from `low` to `high`.

    Raises:
        ForbiddenMoveError: it is something else.
    """
    if isinstance(answer, bool) or not isinstance(answer, Integral):
        raise ForbiddenMoveError(f"{what} is {_told(answer)}; a whole number is wanted")
    value = int(answer)
    if not low <= value <= high:
        raise ForbiddenMoveError(f"{what} is {_told(value)}; {low} to {high} are possible")
    return value


def number(answer: object, what: str, low: float, high: float) -> float:
    """A number from `low` to `high`.

    Raises:
        ForbiddenMoveError: it is something else.
    """
    if isinstance(answer, bool) or not isinstance(answer, Real):
        raise ForbiddenMoveError(f"{what} is {_told(answer)}; a number is wanted")
    try:
        value = float(answer)
    except OverflowError:
        value = inf
    if not low <= value <= high:
        raise ForbiddenMoveError(f"{what} is {_told(answer)}; {low:,} to {high:,} are possible")
    return value


def one_of(answer: object, what: str, choices: Iterable[_T]) -> _T:
    """One of several texts or numbers.

    Raises:
        ForbiddenMoveError: it is none of them.
    """
    known = list(choices)
    if type(answer) is not bool and isinstance(answer, str | Real):
        for it in known:
            if it == answer:
                return it
    if isinstance(answer, str) and all(isinstance(it, str) for it in known):
        raise ForbiddenMoveError(unknown_name(what, answer, map(str, known)))
    told = ", ".join(map(repr, known))
    raise ForbiddenMoveError(f"{what} is {_told(answer)}; possible are {told}")


def keyed(answer: object, keys: Sequence[_T], *, all_of_them: bool = False) -> dict[_T, object]:
    """A mapping by some of `keys`, or by all of them.

    Raises:
        ForbiddenMoveError: it is something else, has a further key, or lacks one that is needed.
    """
    told = ", ".join(map(repr, keys))
    if not isinstance(answer, Mapping):
        raise ForbiddenMoveError(f"a dict is wanted, by {told}")
    read = {one_of(key, "key", keys): value for key, value in answer.items()}
    missing = [key for key in keys if key not in read]
    if all_of_them and missing:
        raise ForbiddenMoveError(f"{missing[0]!r} is missing; wanted are {told}")
    return read


def listed(answer: object, what: str, parts: int | None = None) -> tuple[object, ...]:
    """A list or tuple, of a certain length if one is given.

    Raises:
        ForbiddenMoveError: it is something else.
    """
    if isinstance(answer, str | bytes) or not isinstance(answer, Sequence):
        raise ForbiddenMoveError(f"{what} is {_told(answer)}; a list is wanted")
    listed = tuple(answer)  # what is counted is what is used, whatever the answer says of itself
    if parts is not None and len(listed) != parts:
        raise ForbiddenMoveError(f"{what} has {len(listed)} parts; {parts} are wanted")
    return listed


def _told(answer: object) -> str:
    """An answer as it is written, cut short where it is long."""
    return _SHORT.repr(answer)
