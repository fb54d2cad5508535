"""What the machine is: system, network, memory and process groups, validated before any simulation.

Layer: above units, errors and notices; knows no simulation and no other part of simastra.

system, network, memory, comm_groups    a model each, for the file of that name
graph          networks that are graphs, as files spell them
parts          topologies and backends that a network file names, with options of their own
load           files -> models
network_yaml, custom_yaml, yaml_file, json_file    texts -> mappings
flat_yaml      usual YAML, without PyYAML; yaml_scalars: what a scalar is
lines, json_places    where a mistake is
text_file      files -> texts

and what the models are made of:

base           ConfigModel: made, checked and copied; one error with all mistakes
keys           keys as they are written, and the fields that they mean
fields         types of fields; quantities: with units; converted: what takes more than it keeps
mistakes       what is wrong, one by one; messages, json_mistakes: in which words
model_notices  what is allowed, but probably not meant
meanings       what fields mean; documented, described: for `help()`
json_schema    for editors
shown          in a notebook
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
from .parts import AlgorithmPart, Part, PartOptions, read_options
from .system import CollectiveOptimization, SchedulingPolicy, SystemConfig

__all__ = [
    "AlgorithmPart",
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
