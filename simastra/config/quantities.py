"""Types of fields that are quantities with units, as simastra's own files have them: ``50GB/s``.

ASTRA-sim's files have plain numbers, which its own readers understand; for these see `plain`.
"""

from fractions import Fraction
from typing import Annotated, TypeAlias

from pydantic import BeforeValidator, WithJsonSchema

from simastra.quantities import BANDWIDTH, COMPUTE_RATE, DURATION, SIZE, QuantityError, QuantityKind

from .messages import problem, show


def _reader(kind: QuantityKind) -> BeforeValidator:
    def read(value: object) -> Fraction:
        if isinstance(value, Fraction):
            return value
        if not isinstance(value, str):
            raise problem(
                f"must be {kind.what} with its unit, such as {kind.examples}, not {show(value)}"
            )
        try:
            return kind.read(value)
        except QuantityError as error:
            raise problem(str(error)) from None

    return BeforeValidator(read)


_TEXT = WithJsonSchema({"type": "string"})

Size: TypeAlias = Annotated[Fraction, _reader(SIZE), _TEXT]
"""A size with its unit; its value is in bytes."""

Duration: TypeAlias = Annotated[Fraction, _reader(DURATION), _TEXT]
"""A duration with its unit; its value is in nanoseconds."""

Bandwidth: TypeAlias = Annotated[Fraction, _reader(BANDWIDTH), _TEXT]
"""A bandwidth with its unit; its value is in bytes per nanosecond."""

ComputeRate: TypeAlias = Annotated[Fraction, _reader(COMPUTE_RATE), _TEXT]
"""A rate of operations with its unit; its value is in operations a second."""
