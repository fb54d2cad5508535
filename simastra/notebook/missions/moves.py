"""Reading what a player answers; what isn't allowed is refused with the reason."""

from collections.abc import Iterable, Mapping, Sequence
from numbers import Integral, Real
from typing import TypeVar

from simastra.suggestions import unknown_name

_T = TypeVar("_T")


class ForbiddenMoveError(Exception):
    """An answer that the mission's rules don't allow; its text says why, without a full stop."""


def whole(answer: object, what: str, low: int, high: int) -> int:
    """A whole number from `low` to `high`.

    Raises:
        ForbiddenMoveError: it is something else.
    """
    if isinstance(answer, bool) or not isinstance(answer, Integral):
        raise ForbiddenMoveError(f"{what} is {answer!r}; a whole number is wanted")
    if not low <= int(answer) <= high:
        raise ForbiddenMoveError(f"{what} is {answer}; {low} to {high} are possible")
    return int(answer)


def number(answer: object, what: str, low: float, high: float) -> float:
    """A number from `low` to `high`.

    Raises:
        ForbiddenMoveError: it is something else.
    """
    if isinstance(answer, bool) or not isinstance(answer, Real):
        raise ForbiddenMoveError(f"{what} is {answer!r}; a number is wanted")
    if not low <= float(answer) <= high:
        raise ForbiddenMoveError(f"{what} is {answer}; {low:,} to {high:,} are possible")
    return float(answer)


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
    raise ForbiddenMoveError(f"{what} is {answer!r}; possible are {told}")


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
        raise ForbiddenMoveError(f"{what} is {answer!r}; a list is wanted")
    if parts is not None and len(answer) != parts:
        raise ForbiddenMoveError(f"{what} has {len(answer)} parts; {parts} are wanted")
    return tuple(answer)
