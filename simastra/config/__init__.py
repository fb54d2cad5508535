"""What the machine is: system, network, memory and process groups, validated before any simulation.

Layer: above units, errors and notices; knows no simulation and no other part of simastra.
"""

# .json_schema is deliberately absent: it loads more of pydantic, and only schemas need it.
from .base import ConfigModel
from .comm_groups import CommGroup, CommGroups
from .load import (
    load_comm_groups,
    load_custom_implementations,
    load_memory,
    load_network,
    load_system,
)
from .memory import MemoryConfig, MemoryType
from .network import NetworkConfig
from .parts import Part, PartOptions, read_options
from .system import CollectiveOptimization, SchedulingPolicy, SystemConfig

__all__ = [
    "CollectiveOptimization",
    "CommGroup",
    "CommGroups",
    "ConfigModel",
    "MemoryConfig",
    "MemoryType",
    "NetworkConfig",
    "Part",
    "PartOptions",
    "SchedulingPolicy",
    "SystemConfig",
    "load_comm_groups",
    "load_custom_implementations",
    "load_memory",
    "load_network",
    "load_system",
    "read_options",
]
