"""simastra: a simulator of distributed machine learning with ASTRA-sim's cycles.

>>> from simastra import MiB, NetworkConfig, Simulation, SystemConfig, TraceBuilder
>>> et = TraceBuilder()
>>> _ = et.all_reduce("All-Reduce", size=1 * MiB)
>>> system = SystemConfig(
...     all_reduce_implementation=["ring"], preferred_dataset_splits=4, local_mem_bw=50
... )
>>> network = NetworkConfig(topology=["Ring"], npus_count=[8], bandwidth=[50], latency=[500])
>>> Simulation(et, system, network).run().makespan
117780
"""

from simastra.config import CommGroups, MemoryConfig, NetworkConfig, SystemConfig
from simastra.errors import (
    ConfigError,
    DeadlockError,
    InputError,
    OptionError,
    SimastraError,
    TraceError,
)
from simastra.notices import Notice
from simastra.result import Result
from simastra.simulation import Options, Simulation, Tables
from simastra.trace import CollectiveType, Node, NodeType, Trace, TraceBuilder
from simastra.units import GiB, KiB, MiB

__all__ = [
    "CollectiveType",
    "CommGroups",
    "ConfigError",
    "DeadlockError",
    "GiB",
    "InputError",
    "KiB",
    "MemoryConfig",
    "MiB",
    "NetworkConfig",
    "Node",
    "NodeType",
    "Notice",
    "OptionError",
    "Options",
    "Result",
    "SimastraError",
    "Simulation",
    "SystemConfig",
    "Tables",
    "Trace",
    "TraceBuilder",
    "TraceError",
]
