"""How wrong values and keys are worded for a person.

Validators raise what ``problem`` makes; ``simastra.config.base`` turns it into a ConfigError.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, TypeVar

from pydantic_core import InitErrorDetails, PydanticCustomError, ValidationError

from simastra.deferred import deferred

if TYPE_CHECKING:
    import difflib
else:  # for files with keys that there aren't
    difflib = deferred("difflib")

_Given = TypeVar("_Given")
_Kept = TypeVar("_Kept")

MOST_ALIKE = 10
"""Mistakes of one kind that are told one by one, such as unknown keys."""

_LONGEST_TEXT = 60
_LONGEST_INT_BITS = 128
_MOST_LISTED_KEYS = 8


def problem(text: str, *, key: str | None = None) -> PydanticCustomError:
    """Make the exception that a validator raises: ``text`` says what is wrong and what is right.

    ``key`` names the key concerned where pydantic can't know it (a check of several keys).
    """
    return PydanticCustomError("simastra", "{problem}", {"problem": text, "key": key})


def each_right(given: Iterable[_Given], check: Callable[[_Given], _Kept]) -> tuple[_Kept, ...]:
    """Check each of several values, as validators do.

    Raises:
        ValidationError: what the first of the wrong ones make `check` raise, and how many more
            there are: telling each of very many takes a minute.
    """
    right: list[_Kept] = []
    wrong: list[InitErrorDetails] = []
    more = 0
    for it in given:
        try:
            right.append(check(it))
        except PydanticCustomError as error:
            if len(wrong) < MOST_ALIKE:
                wrong.append(InitErrorDetails(type=error, input=it))
            else:
                more += 1
    if more:
        wrong.append(InitErrorDetails(type=problem(f"{more:,} more are wrong"), input=None))
    if wrong:
        raise ValidationError.from_exception_data("values", wrong)
    return tuple(right)


def show(value: object) -> str:
    """Show a wrong value as its file would spell it, on one line, whatever it is.

    Never recurses into the value, so depth and size don't matter.

    >>> show(True), show("tbd"), show([1, 2])
    ('true', "'tbd'", 'a list')
    """
    match value:
        case None:
            shown = "null"
        case bool():
            shown = "true" if value else "false"
        case str():
            shown = repr(value if len(value) <= _LONGEST_TEXT else value[:_LONGEST_TEXT] + "...")
        case int() if value.bit_length() > _LONGEST_INT_BITS:
            shown = f"a number of {value.bit_length()} bits"  # Python refuses to print long ones
        case int() | float():
            shown = repr(value)
        case list() | tuple():
            shown = "a list"
        case Mapping():
            shown = "an object"
        case _:
            shown = f"a Python {type(value).__name__}"
    return shown


def show_key(key: object) -> str:
    """Show a key: bare if that is legible, otherwise quoted and shortened."""
    if isinstance(key, str) and key.isprintable() and 0 < len(key) <= _LONGEST_TEXT:
        return key
    return show(key)


def unknown_key(key: object, known: Iterable[str]) -> str:
    """Word an unknown key, with the known one that looks most like it.

    >>> unknown_key("endpoint-dely", ["endpoint-delay", "peak-perf"])
    "unknown key 'endpoint-dely'; did you mean 'endpoint-delay'?"
    """
    text = f"unknown key {show(key)}"
    known = tuple(known)
    if close := closest(key, known):
        return f"{text}; did you mean '{close}'?"
    if len(known) > _MOST_LISTED_KEYS:
        return f"{text}, and no key of this file looks like it"
    return f"{text}; the keys are {', '.join(known)}"


def closest(key: object, known: Iterable[str]) -> str | None:
    """The known key that an unknown one looks most like; None if none does, or it is known."""
    known = tuple(known)
    if not isinstance(key, str) or len(key) > _LONGEST_TEXT or key in known:
        return None  # the search is quadratic in length
    return next(iter(difflib.get_close_matches(key, known, n=1)), None)
