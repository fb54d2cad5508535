"""A rough time for a collective, for messages to people: latency and bandwidth, no queues."""

from math import prod

from simastra.config import NetworkConfig, SystemConfig
from simastra.trace import CollectiveType, Node
from simastra.units import Bytes, Ns


def collective_estimate(node: Node, system: SystemConfig, network: NetworkConfig) -> Ns:
    """About how long a collective ET node takes as a ring on each dimension it involves.

    0 where the node isn't a collective or has no size. The alpha-beta model: each step pays the
    endpoint delay and a latency, each byte the bandwidth (Hockney, 1994).
    """
    if node.comm_type is None or not node.comm_size:
        return 0
    total = 0.0
    size: Bytes = node.comm_size
    for dimension, npus in enumerate(network.npus_count):
        if node.involved_dim is not None and not prod(node.involved_dim[dimension : dimension + 1]):
            continue
        steps, sent = _steps_and_bytes(node.comm_type, size, npus)
        per_step = network.latency[dimension] + system.endpoint_delay
        total += steps * per_step + sent / network.bytes_per_ns[dimension]
    return int(total)


def _steps_and_bytes(collective: CollectiveType, size: Bytes, npus: int) -> tuple[int, float]:
    match collective:
        case CollectiveType.ALL_REDUCE:
            return 2 * (npus - 1), 2 * size * (npus - 1) / npus
        case CollectiveType.ALL_GATHER:
            return npus - 1, size * (npus - 1)
        case _:
            return npus - 1, size * (npus - 1) / npus
