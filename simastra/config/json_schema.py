"""JSON Schemas of the configuration files, for editors: completion, documentation, checking.

They describe files as they should be. Some files load that a schema refuses, with a notice or
because a value is written in another way (a fraction for a whole number, a prefix without a list).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from pydantic.json_schema import GenerateJsonSchema

from .base import ConfigModel
from .documented import StrictSection
from .graph.keys import GraphKeys, LinkKeys, Loopback, NodeKeys
from .meanings import meanings
from .memory import MemoryConfig, MemoryType
from .network import NetworkConfig
from .parts import PartOptions
from .system import SystemConfig

JsonSchema: TypeAlias = dict[str, Any]
"""A JSON Schema as json.dumps takes it."""

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_ALGORITHM_KEYS = (
    "all-reduce-implementation",
    "reduce-scatter-implementation",
    "all-gather-implementation",
    "all-to-all-implementation",
)
_ROOTED_KEYS = (
    "broadcast-implementation",
    "reduce-implementation",
    "gather-implementation",
    "scatter-implementation",
)


@dataclass(frozen=True, slots=True)
class SchemaNames:
    """Names that a file may use and that layers above this one define.

    Attributes:
        topologies: names of topologies, as in a network file.
        algorithms: regular expressions of algorithm names, such as "ring" and "direct[0-9]*".
        topology_options: of topologies that take any.
        backend_options: of network backends that take any.
        routers: names of routers of graphs, with their options; None for those that take none.
        algorithm_options: of algorithms that take any.
        trees: regular expressions of names of trees, for collectives with a root.
        tree_options: of trees that take any.
    """

    topologies: tuple[str, ...]
    algorithms: tuple[str, ...]
    topology_options: Mapping[str, type[PartOptions]] = field(default_factory=dict)
    backend_options: Mapping[str, type[PartOptions]] = field(default_factory=dict)
    routers: Mapping[str, type[PartOptions] | None] = field(default_factory=dict)
    algorithm_options: Mapping[str, type[PartOptions]] = field(default_factory=dict)
    trees: tuple[str, ...] = ("binomial", "linear")
    tree_options: Mapping[str, type[PartOptions]] = field(default_factory=dict)


def json_schemas(names: SchemaNames) -> dict[str, JsonSchema]:
    """Make the schema of each configuration file.

    Returns:
        file name of a schema (such as "system.schema.json") to the schema.
    """
    return {
        "system.schema.json": _system(names),
        "network.schema.json": _network(names),
        "memory.schema.json": _memory(),
        "comm-groups.schema.json": _comm_groups(),
    }


class _Untitled(GenerateJsonSchema):
    """Leaves out pydantic's titles: they only repeat the keys."""

    def field_title_should_be_set(self, schema: object) -> bool:
        return False


def model_schema(model: type[ConfigModel], title: str) -> JsonSchema:
    """The schema of a file that a model describes, with what its fields mean."""
    schema = model.model_json_schema(by_alias=True, schema_generator=_Untitled)
    properties = schema["properties"]
    for property_schema in properties.values():
        _as_in_a_file(property_schema)
    for name, meaning in meanings(model).items():
        key = model.model_fields[name].alias or name
        properties[key] = dict(sorted({**properties[key], "description": meaning}.items()))
    for key, name in model.other_spellings.items():
        spelling = model.model_fields[name].alias
        properties[key] = {
            **properties[spelling],
            "description": f"another spelling of {spelling}",
            "deprecated": True,
        }
    for key in model.no_effect_keys:
        properties[key] = {
            "description": "read by no version of ASTRA-sim, nor by simastra",
            "deprecated": True,
        }
    for part in (schema, *schema.get("$defs", {}).values()):
        part.pop("description", None)  # docstrings speak to programmers
        part.pop("title", None)
    return {"$schema": _DIALECT, **schema, "title": title}


def sections_schema(root: type[StrictSection], sections: type[StrictSection]) -> JsonSchema:
    """The schema of a file that consists of sections, with what the keys mean.

    Args:
        root: the whole file.
        sections: what all of its sections derive from.
    """
    schema = root.model_json_schema()
    told = {model.__name__: meanings(model) for model in _derived(sections)}
    parts: dict[str, JsonSchema] = {root.__name__: schema, **schema["$defs"]}
    for name, part in parts.items():
        part.pop("title", None)
        part.pop("description", None)  # docstrings speak to programmers
        for key, about in part.get("properties", {}).items():
            about.pop("title", None)
            meaning = told.get(name, {}).get(key.replace("-", "_"))
            if meaning:
                about["description"] = meaning
    return {"$schema": _DIALECT, **schema}


def _derived(model: type[StrictSection]) -> Iterator[type[StrictSection]]:
    for each in model.__subclasses__():
        yield each
        yield from _derived(each)


def _as_in_a_file(property_schema: JsonSchema) -> None:
    """Take away what only Python code writes: None, and False for 0."""
    match property_schema:
        case {"anyOf": [present, {"type": "null"}], "default": None}:
            del property_schema["anyOf"], property_schema["default"]
            property_schema.update(present)
        case {"type": "boolean"}:  # takes nothing else, not even 0 and 1
            pass
        case {"default": bool(default)}:
            # An editor may fill in the default, and ASTRA-sim takes a JSON false for true.
            property_schema["default"] = int(default)
        case _:
            pass


def _system(names: SchemaNames) -> JsonSchema:
    schema = model_schema(SystemConfig, "System file")
    told = [_told(name, model) for name, model in names.algorithm_options.items()]
    for key in _ALGORITHM_KEYS:
        schema["properties"][key]["items"] = _algorithm(names.algorithms, told)
    told = [_told(name, model) for name, model in names.tree_options.items()]
    for key in _ROOTED_KEYS:
        schema["properties"][key] |= {"items": _algorithm(names.trees, told), "maxItems": 1}
    return schema


def _algorithm(patterns: tuple[str, ...], told: Sequence[JsonSchema]) -> JsonSchema:
    """Whole names for completion, then the patterns for names with a number in them."""
    # The name that a pattern starts with is worth offering if it is a name itself.
    starts = {pattern: re.split(r"\W", pattern)[0] for pattern in patterns}
    offered = [start for pattern, start in starts.items() if re.fullmatch(pattern, start)]
    anywhere = "|".join(f"(?:{pattern})" for pattern in patterns)
    plain = {"type": "string", "pattern": f"^(?:{anywhere})$"}
    return {"anyOf": [{"enum": offered}, plain, *told]}


def _network(names: SchemaNames) -> JsonSchema:
    schema = model_schema(NetworkConfig, "Network file")
    properties = schema["properties"]
    plain = {"enum": list(names.topologies)}
    told = [_told(name, model) for name, model in names.topology_options.items()]
    properties["topology"]["items"] = {"anyOf": [plain, *told]} if told else plain
    backends = {
        name: {"description": f"options of the backend {name}", **_options(model)}
        for name, model in names.backend_options.items()
    }
    if backends:
        properties["backend_options"] |= {"properties": backends, "additionalProperties": False}
    else:
        del properties["backend_options"]
    of_dimensions = ("topology", "npus_count", "bandwidth", "latency")
    for key in of_dimensions:
        del properties[key]["default"]
    del properties["graph"]["default"]
    properties["graph"] |= _graph(names)
    beside = {"not": {"anyOf": [{"required": ["bandwidth"]}, {"required": ["latency"]}]}}
    either = [{"required": list(of_dimensions)}, {"required": ["graph"], **beside}]
    return {**schema, "oneOf": either}


def _graph(names: SchemaNames) -> JsonSchema:
    schema = _part_of_graph(GraphKeys)
    properties = schema["properties"]
    if names.routers:
        told = [_told(name, model) for name, model in names.routers.items() if model is not None]
        del properties["routing"]["type"]
        properties["routing"]["anyOf"] = [{"enum": list(names.routers)}, *told]
    properties["nodes"]["items"] = _part_of_graph(NodeKeys)
    properties["links"]["items"] = _part_of_graph(LinkKeys)
    properties["loopback"] |= _part_of_graph(Loopback)
    return schema


def _part_of_graph(model: type[ConfigModel]) -> JsonSchema:
    """Without what only Python code writes, and without defaults, which editors would fill in."""
    schema = model_schema(model, "")
    for about in schema["properties"].values():
        about.pop("default", None)
    return {key: it for key, it in schema.items() if key not in ("$schema", "title")}


def _told(name: str, model: type[PartOptions]) -> JsonSchema:
    """A topology with options."""
    schema = _options(model)
    schema["properties"] = {"name": {"const": name}, **schema["properties"]}
    schema["required"] = ["name", *schema.get("required", ())]
    return schema


def _options(model: type[PartOptions]) -> JsonSchema:
    schema = model_schema(model, "")
    del schema["$schema"], schema["title"]
    return schema


def _memory() -> JsonSchema:
    schema = model_schema(MemoryConfig, "Remote-memory file")
    del schema["properties"]["memory-type"]["default"]  # only Python code may leave it out
    per_node = {"const": MemoryType.PER_NODE_MEMORY_EXPANSION.value}
    at_least_one = {"minimum": 1}
    return {
        **schema,
        "required": ["memory-type"],
        "if": {"properties": {"memory-type": per_node}},
        "then": {
            "required": ["num-nodes", "num-npus-per-node"],
            "properties": {"num-nodes": at_least_one, "num-npus-per-node": at_least_one},
        },
    }


def _comm_groups() -> JsonSchema:
    return {
        "$schema": _DIALECT,
        "title": "Communicator-group file",
        "type": "object",
        "additionalProperties": {
            "description": "NPU ids of a group's members, in the order of their positions",
            "type": "array",
            "items": {"type": "integer", "minimum": 0},
            "minItems": 1,
            "uniqueItems": True,
        },
        "propertyNames": {"minLength": 1},
    }
