"""The k-ary fat tree."""

from __future__ import annotations

from typing import Annotated

from simastra.errors import OptionError
from simastra.network_graph.model import NetworkGraph

from .parameters import Bandwidth, Count, Duration, Generator
from .parts import PORT_LATENCY, RATE
from .three_tiers import ThreeTiers
from .values import check_count, check_size, link


def fat_tree(
    k: Annotated[Count, "ports of each switch, an even number"],
    *,
    bandwidth: Annotated[Bandwidth, "of each link, each way"] = RATE,
    latency: Annotated[Duration, "of each link"] = PORT_LATENCY,
) -> NetworkGraph:
    """A fat tree of switches with k ports each, and full bisection bandwidth.

    k pods have k/2 edge and k/2 aggregation switches each; (k/2)^2 core switches join the pods. All
    5k^2/4 switches are alike, and so are all links; k^3/4 NPUs hang on it. (M. Al-Fares et al., A
    Scalable, Commodity Data Center Network Architecture, SIGCOMM 2008.)

    >>> from simastra.network_graph.generators import fat_tree
    >>> network = fat_tree(k=8)
    >>> network.npus, network.devices - network.npus
    (128, 80)

    Raises:
        OptionError: if k is odd, or a quantity is none.
    """
    check_count("k", k, least=2)
    if k % 2:
        raise OptionError("k", f"must be even, half of the ports lead up; {k - 1} and {k + 1} are")
    check_size("k", k**3 // 4, 6 * k**3 // 4)
    half = k // 2
    tiers = ThreeTiers(k, half, half, half, half, words=("edge", "aggregation", "core"))
    return tiers.graph(link(bandwidth, latency, "host"), link(bandwidth, latency, "uplink"))


FAT_TREE = Generator("k-ary fat tree: three tiers of switches with k ports", "--k 8", fat_tree)
"""The entry of the table."""
