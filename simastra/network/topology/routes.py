"""Whether routes lead where they should: a topology of one's own is asked before it is believed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from simastra.units import NpuId

from .base import Hop, Topology, ending_at, wrong_route

_MOST_PAIRS = 4096
_MOST_HOPS = 20_000
_STRIDES = 7919, 104_729
"""Primes, larger than most networks' lines: pairs that are far from regular."""


def check_routes(topology: Topology) -> None:
    """Check the routes of a topology: all of them, or of a large one some thousands.

    >>> from simastra.network.topology import RingTopology
    >>> check_routes(RingTopology(8))

    Raises:
        InputError: if one doesn't lead to its end, isn't connected, passes a device that there
            isn't, or has another length than ``hop_count`` says; it names the topology's class and
            the route.
    """
    hops = 0
    for src, dst in _pairs(topology.npus):
        route = topology.hops(src, dst)
        _check_route(topology, src, dst, route)
        counted = topology.hop_count(src, dst)
        if counted != len(route):
            raise wrong_route(
                topology, src, dst, f"has {len(route)} links, and hop_count is {counted}"
            )
        hops += len(route)
        if hops > _MOST_HOPS:
            return


def _check_route(topology: Topology, src: NpuId, dst: NpuId, hops: Sequence[Hop]) -> None:
    """Check one route.

    Args:
        topology: whose it is.
        src: where it should begin.
        dst: where it should end.
        hops: the links that it takes.

    Raises:
        InputError: as `check_routes`.
    """
    at = src
    for hop in hops:
        if hop.src != at:
            raise wrong_route(
                topology, src, dst, f"goes on at device {hop.src}, but is at device {at}"
            )
        at = hop.dst
        if not 0 <= at < topology.devices:
            devices = f"there are devices 0 to {topology.devices - 1}"
            raise wrong_route(topology, src, dst, f"passes device {at}, but {devices}")
    if at != dst:
        raise wrong_route(topology, src, dst, ending_at([src, *(hop.dst for hop in hops)]))


def _pairs(npus: int) -> Iterator[tuple[NpuId, NpuId]]:
    if npus * (npus - 1) <= _MOST_PAIRS:
        yield from ((src, dst) for src in range(npus) for dst in range(npus) if src != dst)
        return
    yield from ((0, npus - 1), (npus - 1, 0), (0, npus // 2), (npus // 2, 0))
    for number in range(_MOST_PAIRS):
        src = number * _STRIDES[0] % npus
        yield src, (src + 1 + number * _STRIDES[1] % (npus - 1)) % npus
