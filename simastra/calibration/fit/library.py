"""The reference library: public tables of collectives on other systems, compact in the package.

``python -m benchmarks.reference_library`` derives it; the file says from what, under which licence.
"""

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal

from pydantic import Field

from simastra.calibration.section import CalibrationSection
from simastra.trace import CollectiveType
from simastra.trace.nccl_tests import collective_named

from .points import LEAST_LINK_GB_S, Place, SystemHardware


class TableSource(CalibrationSection):
    """Where tables are from."""

    project: str
    """Who published them, with the revision."""

    licence: str
    """Under which."""

    file: str
    """From which file of ours they were derived."""

    sha256: str
    """Its hash."""


class SystemTables(CalibrationSection):
    """Times of one system."""

    name: str
    """By which systems differ."""

    generation: str
    """Of its GPUs."""

    link_gb_s: float
    """Bandwidth of a GPU's links in one direction, in GB/s of 10^9 bytes."""

    gpus_per_node: int
    """GPUs that share a node."""

    relates: bool
    """Whether it says anything of other systems: those on PCIe don't."""

    library: str
    """With what it was measured, such as NCCL 2.29.2."""

    campaign: str
    """Which of the source's tables."""

    bytes: Annotated[tuple[int, ...], Field(strict=False)]
    """Sizes as nccl-tests counts them."""

    us: dict[str, dict[str, Annotated[tuple[float, ...], Field(strict=False)]]]
    """Times in microseconds, by collective and number of NPUs."""

    @property
    def hardware(self) -> SystemHardware:
        """What a fit knows of it beside its measurements."""
        return SystemHardware(self.name, self.generation, self.link_gb_s)

    @property
    def rows(self) -> Mapping[Place, float]:
        """Its times."""
        return {
            Place(collective_named(name), int(npus), size): us
            for name, of_kind in self.us.items()
            for npus, times in of_kind.items()
            for size, us in zip(self.bytes, times, strict=True)
        }


class ReferenceLibrary(CalibrationSection):
    """All tables."""

    format: Literal["simastra-reference-library"]
    """What this file is."""

    version: str
    """Of its content."""

    sources: Annotated[tuple[TableSource, ...], Field(strict=False)]
    """Where it is from."""

    systems: Annotated[tuple[SystemTables, ...], Field(strict=False)]
    """By system."""

    def tables_for(
        self, hardware: SystemHardware, without: Collection[str] = ()
    ) -> Sequence[SystemTables]:
        """The tables that say something of a system.

        None do for a system on PCIe: its collectives take other ways.

        Args:
            hardware: the system.
            without: names of systems that are left out.
        """
        if hardware.link_gb_s < LEAST_LINK_GB_S:
            return ()
        return tuple(it for it in self.systems if it.relates and it.name not in without)


LIBRARY_FILE = "reference.json"

KINDS = (
    CollectiveType.ALL_REDUCE,
    CollectiveType.ALL_GATHER,
    CollectiveType.REDUCE_SCATTER,
    CollectiveType.ALL_TO_ALL,
)
"""Collectives that the library has of each system."""


@cache
def reference_library() -> ReferenceLibrary:
    """The library that comes with the package."""
    text = (files("simastra.calibration") / "library" / LIBRARY_FILE).read_text("utf-8")
    return ReferenceLibrary.model_validate_json(text)
