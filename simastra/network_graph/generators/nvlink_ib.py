"""Servers with NVLink inside and InfiniBand between them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from simastra.errors import OptionError
from simastra.network_graph.model import NetworkGraph, RoutingChoice

from .clos import uplinks
from .parameters import Bandwidth, Count, Duration, Generator, MaybeCount, MaybeRatio
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


def nvlink_ib(
    servers: Annotated[Count, "number of servers"],
    *,
    npus: Annotated[Count, "NPUs of a server"] = 8,
    nics: Annotated[MaybeCount, "NICs of a server (default: one for each NPU)"] = None,
    leafs: Annotated[Count, "leafs, among which the servers are shared out"] = 1,
    spines: Annotated[MaybeCount, "spines (default: 1; with one leaf none)"] = None,
    oversubscription: Annotated[
        MaybeRatio, "of a leaf: its bandwidth down over that up (default: 1)"
    ] = None,
    nvlink_bandwidth: Annotated[
        Bandwidth, "of all NVLinks of an NPU to the NVSwitch, each way"
    ] = NVLINK_RATE,
    nvlink_latency: Annotated[Duration, "of each of those"] = NVLINK_LATENCY,
    pcie_bandwidth: Annotated[Bandwidth, "between an NPU and a NIC, each way"] = PCIE_RATE,
    nic_bandwidth: Annotated[Bandwidth, "of a NIC's port and of a leaf's ports up"] = NIC_RATE,
    nic_latency: Annotated[Duration, "between an NPU and a leaf"] = NIC_LATENCY,
    latency: Annotated[Duration, "between a leaf and a spine"] = PORT_LATENCY,
) -> NetworkGraph:
    """Servers with an NVSwitch inside, and NICs to a leaf-spine network of InfiniBand.

    All of a server's NICs lead to the same leaf. NPUs share NICs, or have several, evenly.

    >>> from simastra.network_graph.generators import nvlink_ib
    >>> nvlink_ib(servers=4).npus
    32

    Raises:
        OptionError: if the numbers make no such network; it names the one that doesn't fit.
    """
    for name, value in (("servers", servers), ("npus", npus), ("leafs", leafs)):
        check_count(name, value)
    inside = Servers(servers, npus, check_count("nics", npus if nics is None else nics))
    _check_leafs(servers, leafs, {"spines": spines, "oversubscription": oversubscription})
    above = check_count("spines", 1 if spines is None else spines)
    of_server = npus + max(npus, inside.nics) + inside.nics
    check_size("servers", servers * npus, 2 * (servers * of_server + leafs * above))
    pcie, port = nic_links(pcie_bandwidth, nic_bandwidth, nic_latency)
    nvlink = link(nvlink_bandwidth, nvlink_latency, "nvlink", option="nvlink-")
    assembly = inside.assembly(nvlink, pcie)
    for server in range(servers):
        leaf = f"leaf.{server * leafs // servers}"
        join(assembly, (inside.nic(server, it) for it in range(inside.nics)), [leaf], port)
    if leafs > 1:
        ratio = ratio_of("oversubscription", oversubscription)
        each = uplinks(servers // leafs * inside.nics, above, ratio)
        up = trunk(link(nic_bandwidth, latency, "ib uplink"), each)
        join(assembly, names("leaf", leafs), names("spine", above), up)
    return assembly.graph(RoutingChoice("ecmp"))


def _check_leafs(servers: int, leafs: int, above: Mapping[str, object]) -> None:
    """Check how many leafs there are, given options about what is above them."""
    if servers % leafs:
        raise OptionError("leafs", f"must share out {servers} servers evenly; {leafs} don't")
    for name, given in above.items():
        if leafs == 1 and given is not None:
            raise OptionError(name, "is for several leafs; one has nothing above it")


NVLINK_IB = Generator(
    "servers with NVLink inside and InfiniBand between them",
    "--servers 16 --leafs 4 --spines 2",
    nvlink_ib,
    within_and_between,
)
"""The entry of the table."""
