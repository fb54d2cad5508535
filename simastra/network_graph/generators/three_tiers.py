"""Three tiers of switches: pods of leafs and spines, and cores that join the pods."""

from __future__ import annotations

from dataclasses import dataclass

from simastra.network_graph.model import LinkAttributes, NetworkGraph, RoutingChoice

from .parts import join, npu, trunk, with_npus


@dataclass(frozen=True, slots=True)
class ThreeTiers:
    """Numbers of a folded Clos network of three tiers.

    The i-th spine of each pod is linked to the i-th group of cores. There are no more links between
    two tiers than NPUs, whose number is checked where it is asked for.

    Attributes:
        pods: number of pods.
        leafs: leafs of a pod.
        npus: NPUs of a leaf.
        spines: spines of a pod; each leaf is linked to each.
        cores: cores of a group.
        trunk: links of a spine to each core of its group.
        words: names of a leaf, a spine and a core.
    """

    pods: int
    leafs: int
    npus: int
    spines: int
    cores: int
    trunk: int = 1
    words: tuple[str, str, str] = ("leaf", "spine", "core")

    def graph(self, host: LinkAttributes, uplink: LinkAttributes) -> NetworkGraph:
        """The network.

        Args:
            host: a link between an NPU and a leaf.
            uplink: one between switches.
        """
        leaf, spine, core = self.words
        npus = self.pods * self.leafs * self.npus
        assembly = with_npus(npus)
        leafs = [f"pod.{pod}.{leaf}.{it}" for pod in range(self.pods) for it in range(self.leafs)]
        for number, name in enumerate(leafs):
            for rank in range(number * self.npus, (number + 1) * self.npus):
                assembly.add_link(npu(rank), name, host)
        spines = [
            [f"pod.{pod}.{spine}.{it}" for it in range(self.spines)] for pod in range(self.pods)
        ]
        for pod, above in enumerate(spines):
            join(assembly, leafs[pod * self.leafs : (pod + 1) * self.leafs], above, uplink)
        for above in spines:
            for number, name in enumerate(above):
                first = number * self.cores
                group = [f"{core}.{it}" for it in range(first, first + self.cores)]
                join(assembly, [name], group, trunk(uplink, self.trunk))
        return assembly.graph(RoutingChoice("ecmp"))
