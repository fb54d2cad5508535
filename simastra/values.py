"""Values that Python code gives: whole numbers of any type, members of an enumeration by value."""

from collections.abc import Iterable, Mapping
from enum import Enum
from operator import index
from typing import Any, TypeVar

from simastra.errors import OptionError

_Member = TypeVar("_Member", bound=Enum)


def whole(option: str, value: object) -> int:
    """Return a whole number as an int: NumPy's too, and anything else that Python can index with.

    Raises:
        OptionError: it is a truth value, a float, or no number at all.
    """
    if not isinstance(value, bool):
        try:
            return index(value)  # type: ignore[arg-type]  # the question
        except TypeError:
            pass
    raise OptionError(option, f"is {value!r}; a whole number is wanted")


def member(option: str, value: object, kind: type[_Member]) -> _Member:
    """Return a member of an enumeration, which may be given by its value.

    Raises:
        OptionError: there is no such member.
    """
    if not isinstance(value, bool):
        try:
            return kind(value)
        except ValueError:
            pass
    wanted = [repr(each.value) for each in kind]
    listed = f"{', '.join(wanted[:-1])} or {wanted[-1]}"
    raise OptionError(option, f"is {value!r}; {listed} is wanted")


def settle(
    part: object,
    *,
    numbers: Iterable[str] = (),
    members: Mapping[str, type[Enum]] | None = None,
    prefix: str = "",
) -> None:
    """Give fields of a frozen dataclass, just made, the types that they say; None stays.

    Args:
        part: the object.
        numbers: names of its fields that hold a whole number.
        members: its fields that hold a member of an enumeration, with that.
        prefix: of the options' names in messages.

    Raises:
        OptionError: as of `whole` and `member`.
    """
    settled: dict[str, Any] = {}
    for name in numbers:
        value = getattr(part, name)
        settled[name] = None if value is None else whole(_option(prefix, name), value)
    for name, kind in (members or {}).items():
        settled[name] = member(_option(prefix, name), getattr(part, name), kind)
    for name, value in settled.items():
        object.__setattr__(part, name, value)  # frozen, and not yet anybody's


def _option(prefix: str, name: str) -> str:
    return prefix + name.replace("_", "-")
