"""The JSON Schema of a study's file, for editors: completion, documentation, checking."""

from collections.abc import Mapping
from typing import Any

from simastra.config import ConfigModel
from simastra.config.json_schema import JsonSchema, model_schema
from simastra.config.quantities import number_in
from simastra.convert.generate.requests.table import REQUESTS
from simastra.sweep.columns import COLUMNS
from simastra.sweep.dataset.own_fields import WALL

from .axes import AXIS_KEYS
from .measured import ALIASES, MEASURED, TEXTS
from .mode_choice import MODES
from .model import StudyConfig
from .objectives import Goal
from .option_keys import OptionKeys
from .roots import KIND, MODELS, ROOTS

_INLINE = ("system", "network", "memory", "comm-groups")
_OF_PART = ("type", "properties", "additionalProperties")
_TEXT: JsonSchema = {"type": "string"}


def study_schema(files: Mapping[str, JsonSchema]) -> JsonSchema:
    """Make it.

    Args:
        files: the schemas of configuration files, by their names.
    """
    schema = model_schema(StudyConfig, "Study")
    properties = schema["properties"]
    for name in _INLINE:
        _describe(properties, name, {"anyOf": [_TEXT, _inline(files[f"{name}.schema.json"], name)]})
    scenario = {key: it for key, it in files["scenario.schema.json"].items() if key in _OF_PART}
    schema["$defs"] = {**schema.get("$defs", {}), **files["scenario.schema.json"]["$defs"]}
    _describe(properties, "scenario", {"anyOf": [_TEXT, scenario]})
    _describe(properties, "generate", {"oneOf": [_generate(it) for it in REQUESTS]})
    _describe(properties, "options", _part(OptionKeys))
    _describe(properties, "axes", _axes())
    of_text = {"type": "object", "additionalProperties": {"type": ["string", "number"]}}
    _describe(properties, "columns", of_text)
    _describe(properties, "objectives", _objectives())
    _describe(properties, "mode", {"anyOf": [{"enum": ["grid"]}, *map(_mode, MODES)]})
    return schema


def _describe(properties: dict[str, Any], name: str, schema: JsonSchema) -> None:
    """What a key may have, with its description and nothing else of what it had."""
    properties[name] = {"description": properties[name]["description"], **schema}


def _inline(schema: JsonSchema, name: str) -> JsonSchema:
    """What a file may have, of which axes may bring some."""
    left_out = ("$schema", "title", "required", "oneOf", "if", "then")
    inline = {key: it for key, it in schema.items() if key not in left_out}
    if "properties" in inline:
        inline["properties"] = _with_units(inline["properties"], MODELS[name])
    return inline


def _with_units(properties: JsonSchema, model: type[ConfigModel]) -> JsonSchema:
    """Quantities as studies may have them: with units too."""
    keys = model.file_keys()
    return {
        key: _or_text(it) if number_in(model, keys[key]) is not None else it
        for key, it in properties.items()
    }


def _or_text(schema: JsonSchema) -> JsonSchema:
    if "items" in schema:
        return {**schema, "items": {"anyOf": [schema["items"], _TEXT]}}
    about = {key: it for key, it in schema.items() if key in ("description", "default")}
    return {**about, "anyOf": [{k: it for k, it in schema.items() if k not in about}, _TEXT]}


def _part(model: type[ConfigModel]) -> JsonSchema:
    schema = model_schema(model, "")
    return {key: it for key, it in schema.items() if key not in ("$schema", "title")}


def _generate(kind: str) -> JsonSchema:
    schema = _part(REQUESTS[kind])
    schema["properties"] = {KIND: {"const": kind}, **schema["properties"]}
    schema["required"] = [KIND]
    return schema


def _axes() -> JsonSchema:
    roots = "|".join(ROOTS)
    values: JsonSchema = {"type": "array", "minItems": 1}
    ends: JsonSchema = {"type": "array", "minItems": 2, "maxItems": 2}
    path: JsonSchema = {"type": "string", "pattern": rf"^({roots})([.\[].*)?$"}
    told: JsonSchema = {
        "key": path,
        "keys": {"type": "array", "items": path, "minItems": 1},
        "values": values,
        "linear": ends,
        "log": ends,
        "points": {"type": "integer", "minimum": 1},
        "step": {"type": "number", "exclusiveMinimum": 0},
        "factor": {"type": "number", "exclusiveMinimum": 1},
        "whole": {"type": "boolean"},
    }
    described = {key: {"description": AXIS_KEYS[key], **it} for key, it in told.items()}
    mapping = {"type": "object", "properties": described, "additionalProperties": False}
    return {
        "type": "object",
        "minProperties": 1,
        "additionalProperties": {"anyOf": [values, mapping]},
    }


def _objectives() -> JsonSchema:
    goal = {"enum": [it.value for it in Goal]}
    columns = [name for name in MEASURED if name not in TEXTS]
    told = {name: {"description": _meaning(name), **goal} for name in (*ALIASES, *columns)}
    return {"type": "object", "properties": told, "additionalProperties": goal}


def _meaning(name: str) -> str:
    column = ALIASES.get(name, name)
    if column != name:
        return f"the same as {column}"
    field = WALL if column == WALL.name else COLUMNS[column]
    return f"{field.meaning}, in {field.unit}" if field.unit in ("ns", "s", "B") else field.meaning


def _mode(name: str) -> JsonSchema:
    told = {"description": f"settings of the mode {name}", **_part(MODES[name])}
    return {
        "type": "object",
        "properties": {name: told},
        "required": [name],
        "additionalProperties": False,
    }
