"""The rail-optimised network."""

from __future__ import annotations

from typing import Annotated

from simastra.errors import OptionError
from simastra.network_graph.model import NetworkGraph, RoutingChoice

from .clos import uplinks
from .parameters import Bandwidth, Count, Duration, Generator, MaybeRatio
from .parts import PORT_LATENCY, join, names, trunk
from .servers import (
    NIC_LATENCY,
    NIC_RATE,
    NVLINK_LATENCY,
    NVLINK_RATE,
    PCIE_RATE,
    Servers,
    nic_links,
    within_and_between,
)
from .values import check_count, check_size, link, ratio_of


def rail(
    servers: Annotated[Count, "number of servers"],
    *,
    npus: Annotated[Count, "NPUs of a server, and so the number of rails"] = 8,
    spines: Annotated[Count, "spines that join the rails; 0 for rails alone"] = 1,
    oversubscription: Annotated[
        MaybeRatio, "of a rail's leaf: its bandwidth down over that up (default: 1)"
    ] = None,
    nvlink_bandwidth: Annotated[
        Bandwidth, "of all NVLinks of an NPU to the NVSwitch, each way"
    ] = NVLINK_RATE,
    nvlink_latency: Annotated[Duration, "of each of those"] = NVLINK_LATENCY,
    pcie_bandwidth: Annotated[Bandwidth, "between an NPU and its NIC, each way"] = PCIE_RATE,
    nic_bandwidth: Annotated[Bandwidth, "of a NIC's port and of a leaf's ports up"] = NIC_RATE,
    nic_latency: Annotated[Duration, "between an NPU and its leaf"] = NIC_LATENCY,
    latency: Annotated[Duration, "between a leaf and a spine"] = PORT_LATENCY,
) -> NetworkGraph:
    """A rail-optimised network: NPUs of the same place in their servers share a leaf, their rail.

    So they are one switch away from each other, as those of a server are over NVLink. Spines join
    the rails; without any, the way to an NPU of another rail and another server leads through an
    NPU of one's own server or of the other one. (NVIDIA DGX SuperPOD reference architecture; W.
    Wang et al., Rail-only, arXiv:2307.12169.)

    >>> from simastra.network_graph.generators import rail
    >>> network = rail(servers=4)
    >>> [node.name for node in network.nodes if node.name.startswith("rail")][:2]
    ['rail.0', 'rail.1']

    Raises:
        OptionError: if the numbers make no such network; it names the one that doesn't fit.
    """
    if not check_count("spines", spines, 0) and oversubscription is not None:
        raise OptionError("oversubscription", "is for rails with spines above them")
    inside = Servers(check_count("servers", servers), check_count("npus", npus), npus)
    check_size("servers", servers * npus, 6 * servers * npus + 2 * npus * spines)
    pcie, port = nic_links(pcie_bandwidth, nic_bandwidth, nic_latency)
    nvlink = link(nvlink_bandwidth, nvlink_latency, "nvlink", option="nvlink-")
    assembly = inside.assembly(nvlink, pcie)
    rails = names("rail", npus)
    for number, leaf in enumerate(rails):
        join(assembly, (inside.nic(server, number) for server in range(servers)), [leaf], port)
    if spines:
        each = uplinks(servers, spines, ratio_of("oversubscription", oversubscription))
        up = trunk(link(nic_bandwidth, latency, "ib uplink"), each)
        join(assembly, rails, names("spine", spines), up)
    return assembly.graph(RoutingChoice("ecmp"))


RAIL = Generator(
    "rail-optimised: a leaf for each place in a server, servers with NVLink",
    "--servers 32 --spines 8",
    rail,
    within_and_between,
)
"""The entry of the table."""
