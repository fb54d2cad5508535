"""Types of fields of what is asked for: as on the command line, and as in a file."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, TypeAlias

from pydantic import BeforeValidator, Field, WithJsonSchema

from simastra.config.converted import Converted
from simastra.config.fields import Rate, exactly_whole
from simastra.config.messages import problem, show
from simastra.config.quantities import either
from simastra.deferred import deferred

if TYPE_CHECKING:
    from simastra import quantities
else:  # most numbers have no unit
    quantities = deferred("simastra.quantities")

_NumberOrText = WithJsonSchema({"type": ["number", "string"]})
_Exactly = BeforeValidator(exactly_whole)

Number: TypeAlias = Annotated[int, _Exactly]
"""A whole number."""

_Size: TypeAlias = Annotated[
    int,
    Field(ge=0),
    _Exactly,
    either(lambda: quantities.SIZE, "B"),
    WithJsonSchema({"type": ["integer", "string"]}),
]

Size: TypeAlias = Converted[int | str, _Size]
"""A whole number of bytes, or a size with its unit."""

Micros: TypeAlias = Converted[
    int | str,
    Annotated[
        int,
        Field(ge=0),
        _Exactly,
        either(lambda: quantities.DURATION, "us"),
        WithJsonSchema({"type": ["integer", "string"]}),
    ],
]
"""A whole number of microseconds, or a duration with its unit."""

Teraflops: TypeAlias = Converted[
    float | str, Annotated[Rate, either(lambda: quantities.COMPUTE_RATE, "TFLOPS"), _NumberOrText]
]
"""TFLOPS, or a rate of operations with its unit."""

GigabytesPerSecond: TypeAlias = Converted[
    float | str, Annotated[Rate, either(lambda: quantities.BANDWIDTH, "GB/s"), _NumberOrText]
]
"""GB/s of 10^9 bytes, or a bandwidth with its unit."""


def _listed(value: object) -> object:
    """One for a list of one; and a text with commas, as on the command line."""
    if isinstance(value, str):
        return [_number(part) for part in value.split(",")]
    return list(value) if isinstance(value, Sequence) else [value]


def _number(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdigit() else text


Sizes: TypeAlias = Converted[
    int | str | Sequence[int | str],
    Annotated[
        tuple[_Size, ...],
        Field(min_length=1),
        BeforeValidator(_listed),
        WithJsonSchema({"type": ["integer", "string", "array"]}),
    ],
]
"""One or more of them."""

Counts: TypeAlias = Converted[
    Sequence[int] | str | None,
    Annotated[tuple[Annotated[int, Field(ge=1), _Exactly], ...], BeforeValidator(_listed)] | None,
]
"""Whole numbers, 1 or more."""


def axes_in(text: str) -> tuple[str, ...]:
    """Names of axes in a text, with dashes or commas between."""
    return tuple(text.lower().replace(",", "-").split("-"))


def _axes(value: object) -> tuple[str, ...]:
    match value:
        case str():
            return axes_in(value)
        case [*words] if all(isinstance(word, str) for word in words):
            return tuple(str(word).lower() for word in words)
        case _:
            raise problem(f"must be names such as tp-cp-ep-dp-pp, not {show(value)}")


AxisOrder: TypeAlias = Converted[
    str | Sequence[str] | None,
    Annotated[
        tuple[str, ...], BeforeValidator(_axes), WithJsonSchema({"type": ["string", "array"]})
    ]
    | None,
]
"""Names of axes of parallelism, with dashes between."""
