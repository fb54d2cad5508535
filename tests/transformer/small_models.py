"""Small models, and a machine to run their traces on."""

from collections.abc import Sequence

from simastra import NetworkConfig, Options, Simulation, SystemConfig
from simastra.dialect import DIALECTS
from simastra.transformer import Family, Generated, Model

GPT = Model("small", Family.GPT, 4, 64, 8, ffn=256, vocabulary=256, sequence=32)
LLAMA = Model("small", Family.LLAMA, 4, 64, 8, ffn=256, vocabulary=256, sequence=32, kv_heads=4)
MIXTURE = Model(
    "small", Family.LLAMA, 4, 64, 8, ffn=256, vocabulary=256, sequence=32, experts=4, top_k=2
)


def system(dimensions: int, **changed: object) -> SystemConfig:
    """A system that runs rings on every dimension."""
    rings = ["ring"] * dimensions
    return SystemConfig.model_validate(
        {
            "all_reduce_implementation": rings,
            "all_gather_implementation": rings,
            "reduce_scatter_implementation": rings,
            "all_to_all_implementation": rings,
            "preferred_dataset_splits": 1,
            "local_mem_bw": 50,
            **changed,
        }
    )


def network(counts: Sequence[int], bandwidth: float = 50, latency: float = 500) -> NetworkConfig:
    """A switch on each dimension."""
    dimensions = len(counts)
    return NetworkConfig(
        topology=["Switch"] * dimensions,
        npus_count=list(counts),
        bandwidth=[bandwidth] * dimensions,
        latency=[latency] * dimensions,
    )


def simulation(
    generated: Generated,
    config: NetworkConfig,
    *,
    dialect: str = "master",
    backend: str = "congestion-unaware",
    rendezvous: bool = False,
) -> Simulation:
    """The simulation of a generated workload."""
    options = Options(backend=backend, dialect=DIALECTS[dialect], rendezvous=rendezvous)
    return Simulation(
        generated.trace,
        system(config.dimensions),
        config,
        comm_groups=generated.comm_groups,
        options=options,
    )
