"""One server of NPUs on NVSwitches."""

from __future__ import annotations

from typing import Annotated

from simastra.network_graph.model import NetworkGraph, RoutingChoice

from .parameters import Bandwidth, Count, Duration, Generator
from .parts import npu, with_npus
from .servers import NVLINK_LATENCY, NVLINK_RATE, NVSWITCH
from .values import check_count, check_size, link


def hgx(
    npus: Annotated[Count, "number of NPUs"] = 8,
    *,
    nvswitches: Annotated[Count, "NVSwitches that messages choose between"] = 1,
    bandwidth: Annotated[Bandwidth, "of all NVLinks of an NPU, each way"] = NVLINK_RATE,
    latency: Annotated[Duration, "of each link"] = NVLINK_LATENCY,
) -> NetworkGraph:
    """One server of NPUs on NVSwitches, as HGX H100 is: the machine @hgx-h100:8 as a graph.

    The NVSwitches stand as one, since an NPU spreads each message over all of them. With several,
    each has an equal part of an NPU's bandwidth, and a message goes through one of them.

    >>> from simastra.network_graph.generators import hgx
    >>> [node.name for node in hgx(npus=2).nodes]
    ['npu.0', 'npu.1', 'nvswitch.0']

    Raises:
        OptionError: if a number is less than 1, or a quantity is none.
    """
    check_count("npus", npus, 2)
    check_size("nvswitches", npus, 2 * npus * check_count("nvswitches", nvswitches))
    whole = link(bandwidth, latency, "nvlink")
    part = link(whole.bytes_per_ns / nvswitches, latency, "nvlink")
    assembly = with_npus(npus)
    for switch in (f"nvswitch.{it}" for it in range(nvswitches)):
        assembly.add_node(switch, NVSWITCH)
        for rank in range(npus):
            assembly.add_link(npu(rank), switch, part)
    return assembly.graph(RoutingChoice("ecmp" if nvswitches > 1 else "shortest-path"))


HGX = Generator("one server of 8 NPUs on NVSwitches", "--npus 8", hgx)
"""The entry of the table."""
