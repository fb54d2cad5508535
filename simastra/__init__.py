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

from typing import TYPE_CHECKING

from simastra.deferred import deferred_names, imported

if TYPE_CHECKING:
    from simastra.config import CommGroups, MemoryConfig, NetworkConfig, SystemConfig
    from simastra.errors import (
        ConfigError,
        DeadlockError,
        InputError,
        OptionError,
        SimastraError,
        TraceError,
    )
    from simastra.machines import MachineConfig, machine
    from simastra.notices import Notice, SimastraWarning
    from simastra.result import Result
    from simastra.simulation import Options, Run, Simulation, Tables, Variant, run_all
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
    "MachineConfig",
    "MemoryConfig",
    "MiB",
    "NetworkConfig",
    "Node",
    "NodeType",
    "Notice",
    "OptionError",
    "Options",
    "Result",
    "Run",
    "SimastraError",
    "SimastraWarning",
    "Simulation",
    "SystemConfig",
    "Tables",
    "Trace",
    "TraceBuilder",
    "TraceError",
    "Variant",
    "machine",
    "run_all",
]

_HOMES = {
    "config": ("CommGroups", "MemoryConfig", "NetworkConfig", "SystemConfig"),
    "errors": (
        "ConfigError",
        "DeadlockError",
        "InputError",
        "OptionError",
        "SimastraError",
        "TraceError",
    ),
    "machines": ("MachineConfig", "machine"),
    "notices": ("Notice", "SimastraWarning"),
    "result": ("Result",),
    "simulation": ("Options", "Run", "Simulation", "Tables", "Variant", "run_all"),
    "trace": ("CollectiveType", "Node", "NodeType", "Trace", "TraceBuilder"),
    "units": ("GiB", "KiB", "MiB"),
}
if not TYPE_CHECKING:  # which would let any name pass otherwise
    _named = deferred_names(__name__, _HOMES)

    def __getattr__(name: str) -> object:
        """Import a public name, or a package, when it is asked for: no command needs all."""
        return imported(f"{__name__}.{name}") if name in _HOMES else _named(name)
