"""What all sections of a scenario are made of: strict models, and types of their fields."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Annotated, Any, TypeAlias

from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema

from simastra.config.documented import StrictSection
from simastra.config.messages import problem, show
from simastra.quantities import DURATION, QuantityError
from simastra.units import LATEST_TIME, Ns

_SLOWEST, _FASTEST = Fraction(1, 10**6), Fraction(10**6)
_RATIO = re.compile(r"[+-]?([0-9]+\s*/\s*[0-9]+|([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?)")
_LONGEST = 200  # characters


class ScenarioSection(StrictSection):
    """Part of a scenario; keys have dashes there."""

    model_config = ConfigDict(
        populate_by_name=True, alias_generator=lambda name: name.replace("_", "-")
    )


def read_time(value: object) -> Ns:
    """A time or a duration: a whole number of ns, or with its unit."""
    match value:
        case bool():
            number = None
        case int():
            number = Fraction(value)
        case float() if value.is_integer():
            number = Fraction(value)
        case str():
            try:
                number = DURATION.read(value)
            except QuantityError as error:
                raise problem(str(error)) from None
        case _:
            number = None
    if number is None or number.denominator != 1 or number < 0:
        raise problem(
            f"must be whole nanoseconds, 0 or more, such as 1500, 500ns or 2ms, not {show(value)}"
        )
    if number > LATEST_TIME:
        raise problem("must be before simulated time ends, at 2^63 - 1 ns")
    return int(number)


def read_ratio(value: object) -> Fraction:
    """A ratio, exactly as written: 0.9 is nine tenths; a text may be a fraction, such as 1/3."""
    if isinstance(value, Fraction):
        ratio: Fraction | None = value
    else:
        ratio = exactly(value) if isinstance(value, int | float | str) else None
    if ratio is None or isinstance(value, bool) or not _SLOWEST <= ratio <= _FASTEST:
        wanted = f"a ratio from {float(_SLOWEST):g} to {float(_FASTEST):g}, such as 0.9 or 1/3"
        raise problem(f"must be {wanted}, not {show(value)}")
    return ratio


def exactly(value: float | str) -> Fraction | None:
    """A number exactly as it is written, or its text, which may be a fraction; None for none.

    An exponent has at most 3 digits: nobody is to wait for numbers of a billion.
    """
    try:
        text = str(value).strip()
    except ValueError:  # too many digits
        return None
    if len(text) > _LONGEST or not _RATIO.fullmatch(text):
        return None
    try:
        return Fraction("".join(text.split()))
    except ZeroDivisionError:
        return None


def listed(value: object) -> object:
    """What is given as a list, as the tuple that a section keeps; one entry stands for itself."""
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return tuple(value)
    raise problem(f"must be a list, each entry on a line with a dash, not {show(value)}")


Time: TypeAlias = Annotated[
    Ns,
    BeforeValidator(read_time),
    WithJsonSchema({"type": ["integer", "string"], "minimum": 0}),
]
"""In ns."""

Speed: TypeAlias = Annotated[
    Fraction,
    BeforeValidator(read_ratio),
    WithJsonSchema({"type": ["number", "string"], "exclusiveMinimum": 0}),
]
"""A part of the usual speed, or a multiple of it."""

Seed: TypeAlias = Annotated[int, Field(ge=0, le=2**63 - 1)]

Listed: Any = BeforeValidator(listed)
"""Before the validator of a tuple that is a list in the file."""
