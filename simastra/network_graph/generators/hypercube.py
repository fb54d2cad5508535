"""The hypercube."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, cast

from simastra.errors import OptionError
from simastra.network_graph.model import NetworkGraph, RoutingChoice

from .parameters import Bandwidth, Count, Duration, Generator
from .parts import PORT_LATENCY, RATE, npu, with_npus
from .values import check_count, check_size, link


def hypercube(
    npus: Annotated[Count, "number of NPUs, a power of two"],
    *,
    bandwidth: Annotated[Bandwidth, "of each link, each way"] = RATE,
    latency: Annotated[Duration, "of each link"] = PORT_LATENCY,
) -> NetworkGraph:
    """A hypercube: NPUs are linked whose ranks differ in one binary digit.

    Messages go along one dimension after the other, that of the last digit first.

    >>> from simastra.network_graph.generators import hypercube
    >>> len(hypercube(16).out_links[0])
    4

    Raises:
        OptionError: if the number is no power of two, or a quantity is none.
    """
    check_count("npus", npus, 2)
    if npus & (npus - 1):
        below = 1 << (npus.bit_length() - 1)
        problem = f"must be a power of two, such as {below:,} or {2 * below:,}, not {npus:,}"
        raise OptionError("npus", problem)
    dimensions = npus.bit_length() - 1
    check_size("npus", npus, npus * dimensions)
    assembly = with_npus(npus)
    for dimension in range(dimensions):
        along = link(bandwidth, latency, dimension=dimension)
        for rank in range(npus):
            assembly.add_link(npu(rank), npu(rank ^ (1 << dimension)), along, both_ways=False)
    return assembly.graph(RoutingChoice("dimension-order"))


def _logical(arguments: Mapping[str, object]) -> tuple[int, ...]:
    return (2,) * (cast("int", arguments["npus"]).bit_length() - 1)


HYPERCUBE = Generator(
    "hypercube: ranks that differ in one binary digit", "--npus 64", hypercube, _logical
)
"""The entry of the table."""
