"""Systems by name: what their datasheets say, for measurements that are of one of them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from simastra.errors import OptionError
from simastra.suggestions import unknown_name

from .document import GpuSystem


class _Datasheet(NamedTuple):
    """A row of the table: bandwidths in one direction, in GB/s of 10^9 bytes."""

    title: str
    generation: str
    gpus_per_node: int
    link: float
    nic: float


_DATASHEETS: Mapping[str, _Datasheet] = MappingProxyType(
    {
        "v100": _Datasheet("V100-SXM2", "volta", 8, 150, 12.5),
        "a100": _Datasheet("A100-SXM4", "ampere", 8, 300, 25),
        "h100": _Datasheet("H100-SXM5", "hopper", 8, 450, 50),
        "h200": _Datasheet("H200-SXM5", "hopper", 8, 450, 50),
        "h20": _Datasheet("H20-SXM5", "hopper", 8, 450, 50),
        "h800": _Datasheet("H800-SXM5", "hopper", 8, 200, 50),
        "b200": _Datasheet("B200-SXM", "blackwell", 8, 900, 50),
        "b300": _Datasheet("B300-SXM", "blackwell", 8, 900, 100),
        "gb200": _Datasheet("GB200-NVL72", "blackwell", 72, 900, 50),
        "gb300": _Datasheet("GB300-NVL72", "blackwell", 72, 900, 100),
        "l40s": _Datasheet("L40S-PCIe", "ada", 8, 32, 25),
        "rtx-pro-6000": _Datasheet("RTX-PRO-6000-PCIe", "blackwell-pcie", 8, 64, 50),
        "mi300x": _Datasheet("MI300X", "cdna3", 8, 448, 50),
        "mi325x": _Datasheet("MI325X", "cdna3", 8, 448, 50),
        "mi355x": _Datasheet("MI355X", "cdna4", 8, 537.6, 50),
    }
)
"""NVLink, Infinity Fabric or PCIe inside a node; of adapters, a GPU's share as vendors' reference
designs have it. Whoever has others says so by options."""


def system_names() -> tuple[str, ...]:
    """Names that `system_named` knows."""
    return tuple(_DATASHEETS)


def system_named(name: str) -> GpuSystem:
    """A system by name, such as ``h100``.

    Raises:
        OptionError: there is none of that name.
    """
    sheet = _DATASHEETS.get(name.casefold().replace("_", "-").removesuffix("-sxm"))
    if sheet is None:
        raise OptionError("system", unknown_name("system", name, _DATASHEETS))
    return GpuSystem(
        name=sheet.title,
        generation=sheet.generation,
        gpus_per_node=sheet.gpus_per_node,
        link_gb_s=sheet.link,
        nic_gb_s=sheet.nic,
    )


def name_of(title: str) -> str:
    """The name of the system that a file calls so; the title itself for any other.

    >>> name_of("H100-SXM5")
    'h100'
    """
    return next((name for name, it in _DATASHEETS.items() if it.title == title), title)
