"""What several generators are put together from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from simastra.network_graph.assembling import GraphAssembly
from simastra.network_graph.model import NPU, LinkAttributes

RATE = "400Gb/s"
"""Of a port of a switched network: NDR InfiniBand, as in the machine hgx-h100."""

PORT_LATENCY = "500ns"
"""Of a link of a switched network and the device that it leads to: assumed."""


def npu(rank: int) -> str:
    """The name of an NPU."""
    return f"npu.{rank}"


def names(stem: str, count: int) -> list[str]:
    """The names of so many devices of one sort."""
    return [f"{stem}.{it}" for it in range(count)]


def with_npus(count: int) -> GraphAssembly:
    """A graph of so many NPUs, by their ranks, and nothing else as yet."""
    assembly = GraphAssembly()
    for rank in range(count):
        assembly.add_node(npu(rank), NPU)
    return assembly


def join(
    assembly: GraphAssembly,
    lower: Iterable[str],
    upper: Iterable[str],
    attributes: LinkAttributes,
) -> None:
    """Link each of some devices with each of others, both ways."""
    above = list(upper)
    for device in lower:
        for other in above:
            assembly.add_link(device, other, attributes)


def trunk(attributes: LinkAttributes, links: int) -> LinkAttributes:
    """So many links side by side as one, whose bandwidth is the sum of theirs."""
    return replace(attributes, bytes_per_ns=attributes.bytes_per_ns * links)
