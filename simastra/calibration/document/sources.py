"""Where a calibration is from, and what came of its fit."""

from typing import Annotated

from pydantic import Field

from simastra.calibration.section import CalibrationSection, Name, NotNegative

_Rows = Annotated[int, Field(ge=0)]


class Source(CalibrationSection):
    """A file of measurements."""

    file: Name
    """Its name, without folders."""

    sha256: Name
    """Hash of its content, in hexadecimal digits."""

    tool: Name
    """What measured, such as nccl-tests."""

    library: str | None = None
    """What was measured, such as NCCL 2.29.2, where the file says it."""

    rows: _Rows
    """Measurements in it that count."""

    dropped: _Rows = 0
    """Measurements in it that don't, each for a reason that was told."""

    licence: str | None = None
    """Under which it is published, if it is."""


class FitSection(CalibrationSection):
    """What came of the fit."""

    library: str | None = None
    """Version of the reference library that took part; null if none did."""

    mape: dict[str, NotNegative] = Field(default_factory=dict)
    """By collective: mean of |calibrated - measured| / measured over what was fitted."""
