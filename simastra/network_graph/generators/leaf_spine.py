"""Two tiers of switches: leafs and spines."""

from __future__ import annotations

from dataclasses import dataclass

from simastra.network_graph.model import LinkAttributes, NetworkGraph, RoutingChoice

from .parts import join, names, npu, trunk, with_npus
from .values import check_size


@dataclass(frozen=True, slots=True)
class LeafSpine:
    """Numbers of a folded Clos network of two tiers.

    Attributes:
        leafs: number of leafs.
        npus: NPUs of a leaf.
        spines: number of spines; each leaf is linked to each.
        trunk: links of a leaf to each spine.
    """

    leafs: int
    npus: int
    spines: int
    trunk: int = 1

    def graph(self, host: LinkAttributes, uplink: LinkAttributes) -> NetworkGraph:
        """The network.

        Args:
            host: a link between an NPU and a leaf.
            uplink: one between switches.

        Raises:
            OptionError: if it is far larger than anybody builds.
        """
        npus = self.leafs * self.npus
        check_size("spines", npus, 2 * (npus + self.leafs * self.spines))
        assembly = with_npus(npus)
        leafs = names("leaf", self.leafs)
        for rank in range(npus):
            assembly.add_link(npu(rank), leafs[rank // self.npus], host)
        join(assembly, leafs, names("spine", self.spines), trunk(uplink, self.trunk))
        return assembly.graph(RoutingChoice("ecmp"))
