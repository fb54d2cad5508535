"""Servers: NPUs on NVSwitches, and their NICs. What they are linked to, others add.

The numbers are those of the machine hgx-h100, which says where they are from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import cast

from simastra.errors import OptionError
from simastra.network_graph.assembling import GraphAssembly
from simastra.network_graph.model import LinkAttributes

from .parts import npu, with_npus
from .values import link

NVLINK_RATE, NVLINK_LATENCY = "450GB/s", "936.25ns"
"""Of all NVLinks of an NPU to the NVSwitches, each way: hgx-h100."""

NIC_RATE, NIC_LATENCY = "400Gb/s", "2us"
"""Of NDR InfiniBand: hgx-h100. The latency is that of the way from an NPU to its leaf."""

PCIE_RATE = "63GB/s"
"""Of PCIe 5.0 with 16 lanes: 32 GT/s each, 128 of 130 bits."""

NVSWITCH, NIC = "nvswitch", "nic"
"""Kinds of devices."""


@dataclass(frozen=True, slots=True)
class Servers:
    """Servers that are alike, each with its NPUs on one NVSwitch, and with NICs.

    Attributes:
        count: of servers.
        npus: of each.
        nics: of each; NPUs share them, or have several, evenly.
    """

    count: int
    npus: int
    nics: int

    def __post_init__(self) -> None:
        if self.nics % self.npus and self.npus % self.nics:
            raise OptionError(
                "nics", f"must be a multiple or a divisor of {self.npus} NPUs, not {self.nics}"
            )

    def assembly(self, nvlink: LinkAttributes, pcie: LinkAttributes) -> GraphAssembly:
        """Servers that aren't linked to each other as yet.

        Args:
            nvlink: between an NPU and the NVSwitch.
            pcie: between an NPU and a NIC.
        """
        assembly = with_npus(self.count * self.npus)
        for rank in range(self.count * self.npus):
            switch = f"server.{rank // self.npus}.nvswitch"
            if self.npus > 1:
                assembly.add_node(switch, NVSWITCH)
                assembly.add_link(npu(rank), switch, nvlink)
        for server in range(self.count):
            for number in range(max(self.nics, self.npus)):
                nic = self.nic(server, number * self.nics // max(self.nics, self.npus))
                rank = server * self.npus + number * self.npus // max(self.nics, self.npus)
                assembly.add_node(nic, NIC)
                assembly.add_link(npu(rank), nic, pcie)
        return assembly

    def nic(self, server: int, number: int) -> str:
        """The name of a NIC."""
        return f"server.{server}.nic.{number}"


def nic_links(
    pcie_bandwidth: str | float, nic_bandwidth: str | float, nic_latency: str | float
) -> tuple[LinkAttributes, LinkAttributes]:
    """The link between an NPU and a NIC, and that between the NIC and its leaf.

    Each has half of the latency. So NPUs that share a NIC still have the shorter way over NVLink.

    Raises:
        OptionError: if one of them is no such quantity.
    """
    port = link(nic_bandwidth, nic_latency, "ib", option="nic-")
    half = replace(port, latency=port.latency / 2)
    pcie = link(pcie_bandwidth, half.latency, "pcie", option="pcie-")
    return pcie, half


def within_and_between(arguments: Mapping[str, object]) -> tuple[int, ...]:
    """The logical dimensions of servers: through the NPUs of one, then from server to server.

    Args:
        arguments: of a generator, with `npus` of a server and the number of `servers`.
    """
    sizes = (cast("int", arguments["npus"]), cast("int", arguments["servers"]))
    return tuple(it for it in sizes if it > 1) or (1,)
