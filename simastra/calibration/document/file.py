"""All of a calibration file."""

from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from simastra.calibration.compute.section import ComputeSection
from simastra.calibration.section import CalibrationSection
from simastra.config.messages import problem
from simastra.suggestions import unknown_name
from simastra.trace.nccl_tests import collective_names

from .collectives import CollectiveSection
from .sources import FitSection, Source
from .system import GpuSystem, LinkSection

FORMAT: Final = "simastra-calibration"
VERSION: Final = 1


class CalibrationFile(CalibrationSection):
    """What was measured of a system, as a grid of times with bands."""

    format: Literal["simastra-calibration"] = FORMAT
    """What this file is."""

    version: Literal[1] = VERSION
    """Of the format."""

    system: GpuSystem
    """Whose times they are."""

    sources: Annotated[tuple[Source, ...], Field(strict=False)] = ()
    """What they were measured with."""

    collectives: dict[str, CollectiveSection]
    """By name, such as all-reduce."""

    p2p: Annotated[tuple[LinkSection, ...], Field(strict=False)] = ()
    """Messages between two NPUs, by what joins them."""

    compute: ComputeSection | None = None
    """How long computations take."""

    fit: FitSection = Field(default_factory=FitSection)
    """What came of the fit."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        known = collective_names()
        for name in self.collectives:
            if name not in known:
                raise problem(unknown_name("collective", name, known), key="collectives")
        links = [it.link for it in self.p2p]
        if len(set(links)) < len(links):
            raise problem("has two entries of the same link", key="p2p")
        return self
