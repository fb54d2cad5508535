"""A network that is a graph, and what was simulated on it."""

from simastra.config import NetworkConfig
from simastra.simulation import Options, Simulation
from simastra.trace import CollectiveType

from .machines import one_collective, system
from .recorded_runs import Run, recorded


def four_and_six() -> NetworkConfig:
    """Four NPUs on a switch, six in a ring whose first is linked to that switch."""
    links = [
        {"from": "npu[0:4]", "to": "switch.a", "bandwidth": 400, "latency": 300, "kind": "nvlink"},
        {"ring": "npu[4:10]", "bandwidth": 50, "latency": 500},
        {"from": "npu[4]", "to": "switch.a", "bandwidth": 25, "latency": 700, "kind": "ib"},
    ]
    return NetworkConfig.parse({"graph": {"links": links}})


def on_four_and_six(backend: str = "congestion-aware") -> Simulation:
    """An all-reduce among the ten."""
    options = Options(backend=backend)
    return Simulation(
        one_collective(CollectiveType.ALL_REDUCE), system(), four_and_six(), options=options
    )


def run_on_four_and_six() -> Run:
    """The same when it has run."""
    return recorded(on_four_and_six())
