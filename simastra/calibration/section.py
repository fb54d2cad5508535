"""What all sections of a calibration file are made of: strict models, and types of their fields."""

from typing import Annotated, TypeAlias

from pydantic import Field

from simastra.config.documented import StrictSection


class CalibrationSection(StrictSection):
    """Part of a calibration file."""


_LARGEST = 1e15
"""Microseconds of thirty years; what is computed with less stays a float."""

_SMALLEST = 1e-9

Positive: TypeAlias = Annotated[float, Field(ge=_SMALLEST, le=_LARGEST)]
NotNegative: TypeAlias = Annotated[float, Field(ge=0, le=_LARGEST)]
Count: TypeAlias = Annotated[int, Field(ge=1, le=2**63 - 1)]
Name: TypeAlias = Annotated[str, Field(min_length=1)]
Numbers: TypeAlias = Annotated[tuple[Positive, ...], Field(strict=False, min_length=1)]
"""A list in the file."""
