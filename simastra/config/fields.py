"""Types of configuration fields: what a number, a switch or a list may look like in a file.

All of them are stricter than pydantic (no text for a number, no bool for an integer, nothing
infinite) and, where ASTRA-sim's JSON library truncates a fraction, as lenient as ASTRA-sim.
(Behaviour 1.2.)
"""

import math
from collections.abc import Sequence
from numbers import Integral, Rational, Real
from pathlib import Path
from typing import Annotated, TypeAlias

from pydantic import BeforeValidator, Field, PlainSerializer, Strict, WithJsonSchema

from .converted import Converted
from .messages import problem, show

LARGEST_NUMBER = 2**63 - 1
"""Above it ASTRA-sim's integers overflow."""

SMALLEST_RATE = 1e-9
"""Smallest rate that isn't 0: below it a transfer time may leave the range of a float."""

_LEFT_OPEN = frozenset({"tbd", "todo", "tba", "?", "n/a", "xxx"})
"""What authors of files write for a number that they don't know yet, some of ASTRA-sim's too."""

MOST_DIMENSIONS = 64
"""More dimensions than any network has: 2**64 NPUs at the least."""


def _number(value: object, wanted: str) -> int | float:
    number: int | float
    match value:
        case bool():
            raise problem(f"must be {wanted}, not {show(value)}")
        case Integral():
            number = int(value)
        case Real() if not isinstance(value, Rational):  # float and NumPy's kinds, not Fraction
            number = float(value)
        case str() if value.strip().lower() in _LEFT_OPEN:
            text = f"is {show(value)}: the file's author left it open; write {wanted}"
            raise problem(text)
        case _:
            raise problem(f"must be {wanted}, not {show(value)}")
    if not abs(number) <= LARGEST_NUMBER:  # true for NaN as well
        limit = f"at most {LARGEST_NUMBER}" if number > LARGEST_NUMBER else wanted
        raise problem(f"must be {limit}, not {show(number)}")
    return number


def whole(value: object) -> int:
    """Read a whole number; a fraction is cut off, as ASTRA-sim does.

    A negative fraction goes to the whole number below, so that it isn't mistaken for 0.
    """
    return math.floor(_number(value, "a whole number"))


def exactly_whole(value: object) -> int:
    """Read a whole number where a fraction makes no sense: a count of NPUs, an NPU's id."""
    number = _number(value, "a whole number")
    if number != int(number):
        raise problem(f"must be a whole number, not {show(value)}")
    return int(number)


def finite(value: object) -> float:
    """Read a finite number."""
    return float(_number(value, "a finite number")) + 0.0  # + 0.0 makes -0.0 an ordinary 0.0


def rate(value: object) -> float:
    """Read a rate: a finite number that is 0 or large enough to divide by."""
    number = finite(value)
    if 0 < number < SMALLEST_RATE:
        raise problem(f"is too small: {show(number)} is below {SMALLEST_RATE}")
    return number


def _flag(value: object) -> bool:
    if isinstance(value, int | float) and value in (0, 1):
        return bool(value)
    raise problem(f"must be 0, 1, false or true, not {show(value)}")


def _as_number(flag: bool) -> int:  # noqa: FBT001 (pydantic passes the field's value)
    return int(flag)


def _per_dimension(value: object) -> list[object]:
    if not isinstance(value, Sequence) or isinstance(value, str | bytes):
        raise problem(f"must be a list with one entry per dimension, not {show(value)}")
    if len(value) > MOST_DIMENSIONS:
        raise problem(f"has {len(value)} dimensions; at most {MOST_DIMENSIONS} are possible")
    return list(value)


def _one_prefix(value: object) -> str:
    match value:
        case (str() as prefix) | [str() as prefix] if prefix:
            return prefix
        case _:
            given = f"a list of {len(value)}" if isinstance(value, list) else show(value)
            raise problem(
                f'must be a list of exactly one ET prefix, as in ["et/ring"], not {given}'
            )


def _file_path(value: object) -> Path:
    if isinstance(value, Path) or (isinstance(value, str) and value):
        return Path(value)
    raise problem(f"must be the path of a file, not {show(value)}")


# The limits stand before the validators that run first: only then JSON Schemas show them.
Whole: TypeAlias = Annotated[int, Field(ge=0), BeforeValidator(whole)]
Count: TypeAlias = Annotated[int, Field(ge=1), BeforeValidator(whole)]
Amount: TypeAlias = Annotated[float, Field(ge=0), BeforeValidator(finite)]
Rate: TypeAlias = Annotated[float, Field(ge=0), BeforeValidator(rate)]
TextField: TypeAlias = Annotated[str, Strict()]
PerDimension = BeforeValidator(_per_dimension)
Flag: TypeAlias = Annotated[
    bool,
    BeforeValidator(_flag),
    # Written as 0 or 1: ASTRA-sim takes a JSON false for true.
    PlainSerializer(_as_number, return_type=int, when_used="json"),
    WithJsonSchema({"enum": [0, 1, False, True]}),
]

_FilePath: TypeAlias = Annotated[Path, BeforeValidator(_file_path)]
OptionalFilePath: TypeAlias = Converted[str | Path | None, _FilePath | None]

_Prefix: TypeAlias = Annotated[
    str,
    BeforeValidator(_one_prefix),
    PlainSerializer(lambda prefix: [prefix], return_type=list[str], when_used="json"),
    WithJsonSchema(
        {
            "type": "array",
            "items": {"type": "string", "minLength": 1},
            "minItems": 1,
            "maxItems": 1,
        }
    ),
]
OptionalPrefix: TypeAlias = Converted[str | Sequence[str] | None, _Prefix | None]
