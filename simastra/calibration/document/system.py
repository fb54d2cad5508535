"""Whose times a calibration file has: a system of GPUs, and links between two of them."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from simastra.calibration.priced import Knowledge
from simastra.calibration.section import CalibrationSection, Count, Name, NotNegative, Positive


class GpuSystem(CalibrationSection):
    """A system whose collectives are measured."""

    name: Name
    """Such as H100-SXM5."""

    generation: Name | None = None
    """Of its GPUs, such as hopper: systems of one generation resemble each other."""

    gpus_per_node: Count
    """GPUs that share a node: consecutive ones."""

    link_gb_s: Positive
    """Bandwidth of a GPU's links inside its node, in one direction, in GB/s of 10^9 bytes."""

    nic_gb_s: Positive | None = None
    """Bandwidth of a GPU's share of its node's network adapters, in one direction."""


class LinkClass(StrEnum):
    """What two NPUs are joined by."""

    NODE = "node"
    """Links inside a node."""
    NIC = "nic"
    """Network adapters of two nodes."""


class LinkSection(CalibrationSection):
    """A message between two NPUs: latency and bandwidth (α-β)."""

    link: Annotated[LinkClass, Field(strict=False)]
    """Which link."""

    latency_us: NotNegative
    """α: what the shortest message takes, in microseconds."""

    gb_s: Positive
    """β: bandwidth in one direction, in GB/s of 10^9 bytes."""

    situation: Annotated[Knowledge, Field(strict=False)] = Knowledge.DATASHEET
    """How it is known, hence how wide its band is if nothing else says it."""

    half_width: Positive | None = None
    """Half of its 90 % band, relative to its middle."""
