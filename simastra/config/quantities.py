"""Types of fields that are quantities with units, such as ``50GB/s`` (docs/units.md).

simastra's own files have them with their units. ASTRA-sim's have plain numbers, whose unit its
readers know: `GIB_PER_SECOND` and its neighbours take a unit in Python, and refuse it in a file,
which ASTRA-sim would misread, with the number that is right there.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, TypeAlias, get_args

from pydantic import BaseModel, BeforeValidator, ValidationInfo, WithJsonSchema

from simastra.deferred import deferred

from .base import read_from_file
from .converted import Converted
from .fields import Amount, Whole
from .messages import problem, show

if TYPE_CHECKING:
    from simastra import quantities
else:  # most configurations have plain numbers
    quantities = deferred("simastra.quantities")

_Kind: TypeAlias = "Callable[[], quantities.QuantityKind]"


def _reader(kind: _Kind) -> BeforeValidator:
    def read(value: object) -> Fraction:
        if isinstance(value, Fraction):
            return value
        if not isinstance(value, str):
            raise problem(
                f"must be {kind().what} with its unit, such as {kind().examples}, not {show(value)}"
            )
        try:
            return kind().read(value)
        except quantities.QuantityError as error:
            raise problem(str(error)) from None

    return BeforeValidator(read)


_TEXT = WithJsonSchema({"type": "string"})

Size: TypeAlias = Annotated[Fraction, _reader(lambda: quantities.SIZE), _TEXT]
"""A size with its unit; its value is in bytes."""

Duration: TypeAlias = Annotated[Fraction, _reader(lambda: quantities.DURATION), _TEXT]
"""A duration with its unit; its value is in nanoseconds."""

Bandwidth: TypeAlias = Annotated[Fraction, _reader(lambda: quantities.BANDWIDTH), _TEXT]
"""A bandwidth with its unit; its value is in bytes per nanosecond."""

ComputeRate: TypeAlias = Annotated[Fraction, _reader(lambda: quantities.COMPUTE_RATE), _TEXT]
"""A rate of operations with its unit; its value is in operations a second."""


@dataclass(frozen=True, kw_only=True)
class NumberIn(BeforeValidator):
    """Before the validator of a plain number: what it counts, for who has a quantity with a unit.

    Attributes:
        kind: of quantities.
        unit: of the number.
    """

    kind: _Kind
    unit: str

    def plain(self, text: str) -> float:
        """The number that a quantity is in this unit: whole, where it is.

        Raises:
            QuantityError: if it isn't one of this kind.
        """
        return _number(self.kind().read(text) / self.kind().units[self.unit])


def number_in(model: type[BaseModel], field: str) -> NumberIn | None:
    """What the numbers of a field count, or of its list; None for a field without a unit."""
    about = model.model_fields.get(field)
    return None if about is None else _counted(about.annotation, about.metadata)


def _counted(annotation: object, metadata: Iterable[object] = ()) -> NumberIn | None:
    found = next((it for it in metadata if isinstance(it, NumberIn)), None)
    if found is None:
        inner = (_counted(it, getattr(it, "__metadata__", ())) for it in get_args(annotation))
        found = next((it for it in inner if it is not None), None)
    return found


def _plain(kind: _Kind, unit: str, shown: str) -> NumberIn:
    """Of a number in a unit: takes others in Python, and says in a file what they are in that one.

    Args:
        kind: of quantities.
        unit: of the number.
        shown: the unit in words, for a message.
    """

    def read(value: object, info: ValidationInfo) -> object:
        if not isinstance(value, str):
            return value
        try:
            number = _number(kind().read(value) / kind().units[unit])
        except quantities.QuantityError as error:
            if read_from_file(info):
                return value  # the field's own validator says that a number is wanted
            raise problem(str(error)) from None
        if not read_from_file(info):
            return number
        raise problem(
            f"is {show(value)}, but ASTRA-sim reads a plain number here, in {shown}: write {number}"
            + _if_binary(kind, value, unit, number)
        )

    return NumberIn(read, kind=kind, unit=unit)


def _if_binary(kind: _Kind, text: str, unit: str, number: float) -> str:
    """What else may have been meant: many say GB of ASTRA-sim's 2^30 bytes."""
    other = _number(kind().read(text.replace("GB", "GiB")) / kind().units[unit])
    return f", or {other} if 2^30 bytes are meant by GB" if "i" in unit and other != number else ""


def _number(value: Fraction) -> float:
    """As a file would have it: whole, where it is."""
    return int(value) if value.denominator == 1 else float(value)


GIB_PER_SECOND = _plain(lambda: quantities.BANDWIDTH, "GiB/s", "GB/s of 2^30 bytes")
"""Before the validator of a number of a network file's GB/s."""

GB_PER_SECOND = _plain(lambda: quantities.BANDWIDTH, "GB/s", "GB/s of 10^9 bytes")
"""Before the validator of a number of GB/s of memory."""

NANOSECONDS = _plain(lambda: quantities.DURATION, "ns", "ns")
"""Before the validator of a number of nanoseconds."""

TFLOPS = _plain(lambda: quantities.COMPUTE_RATE, "TFLOP/s", "TFLOPS")
"""Before the validator of a number of TFLOPS."""


def either(kind: _Kind, unit: str) -> NumberIn:
    """Before the validator of a number in a unit, in files that only simastra reads: with one, too.

    Args:
        kind: of quantities.
        unit: of the number.
    """

    def read(value: object) -> object:
        if not isinstance(value, str):
            return value
        try:
            return counted.plain(value)
        except quantities.QuantityError as error:
            raise problem(str(error)) from None

    counted = NumberIn(read, kind=kind, unit=unit)
    return counted


Capacity: TypeAlias = Converted[
    int | str,
    Annotated[
        Whole,
        either(lambda: quantities.SIZE, "B"),
        WithJsonSchema({"type": ["integer", "string"], "minimum": 0}),
    ],
]
"""A number of bytes, or a size with its unit: in files, too, since ASTRA-sim doesn't read it."""

WholeNanoseconds: TypeAlias = Converted[float | str, Annotated[Whole, NANOSECONDS]]
"""A number of ns that is cut to a whole one; in Python, also a duration with its unit."""

FractionalNanoseconds: TypeAlias = Converted[float | str, Annotated[Amount, NANOSECONDS]]
"""A number of ns, also with a fraction; in Python, also a duration with its unit."""
