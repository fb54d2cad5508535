"""The hybrid cube mesh of eight V100 in a DGX-1."""

from __future__ import annotations

from typing import Annotated

from simastra.network_graph.model import NetworkGraph

from .parameters import Bandwidth, Duration, Generator
from .parts import npu, trunk, with_npus
from .values import link

_RATE = "25GB/s"
"""Of an NVLink 2, each way: NVIDIA Tesla V100 GPU Architecture (white paper)."""

_LATENCY = "1.9us"
"""NCCL, src/graph/tuning.cc, hwLat of Ring/LL128 over NVLink, as in the machine dgx-a100, where two
links share it."""

_SINGLE = ((0, 1), (0, 2), (1, 3), (2, 6), (3, 7), (4, 5), (4, 6), (5, 7))
_DOUBLE = ((0, 3), (0, 4), (1, 2), (1, 5), (2, 3), (4, 7), (5, 6), (6, 7))
"""Pairs with one NVLink and with two, as nvidia-smi topo shows a DGX-1 with V100."""


def dgx1_cube(
    *,
    bandwidth: Annotated[Bandwidth, "of one NVLink, each way"] = _RATE,
    latency: Annotated[Duration, "of each link"] = _LATENCY,
) -> NetworkGraph:
    """The hybrid cube mesh of a DGX-1: eight V100, six NVLinks each, four neighbours.

    Two NVLinks between the same two are one link, a trunk of twice the bandwidth. The way to those
    that aren't neighbours leads through another NPU.

    >>> from simastra.network_graph.generators import dgx1_cube
    >>> sum(link.bytes_per_ns for link in dgx1_cube().out_links[0])
    150.0

    Raises:
        OptionError: if a quantity is none.
    """
    nvlink = link(bandwidth, latency, "nvlink")
    assembly = with_npus(8)
    links = {**dict.fromkeys(_SINGLE, 1), **dict.fromkeys(_DOUBLE, 2)}
    for one, other in sorted(links):
        assembly.add_link(npu(one), npu(other), trunk(nvlink, links[one, other]))
    return assembly.graph()


DGX1_CUBE = Generator("DGX-1 with V100: hybrid cube mesh of 8 NPUs", "--latency 1us", dgx1_cube)
"""The entry of the table."""
