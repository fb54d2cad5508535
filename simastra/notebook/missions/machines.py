"""Small machines for missions: a network of one dimension, and NPUs of one algorithm."""

from simastra import NetworkConfig, SystemConfig


def network(topology: str, npus: int, *, bandwidth: float, latency: float) -> NetworkConfig:
    """A network of one dimension; bandwidth in GB/s of 2^30 bytes, latency of a link in ns."""
    return NetworkConfig(
        topology=[topology], npus_count=[npus], bandwidth=[bandwidth], latency=[latency]
    )


def system(
    algorithm: str, *, dimensions: int = 1, chunks: int = 1, memory_bandwidth: float = 0
) -> SystemConfig:
    """NPUs that use one algorithm for whatever sums up, and send all-to-alls directly.

    Args:
        algorithm: for each dimension.
        dimensions: how many there are.
        chunks: into how many a collective is cut; as many of them are under way at once as may be.
        memory_bandwidth: of local memory, for reductions, in GB/s; 0 for free ones.
    """
    names = [algorithm] * dimensions
    return SystemConfig(
        all_reduce_implementation=names,
        all_gather_implementation=names,
        reduce_scatter_implementation=names,
        all_to_all_implementation=["direct"] * dimensions,
        preferred_dataset_splits=chunks,
        local_mem_bw=memory_bandwidth,
    )
