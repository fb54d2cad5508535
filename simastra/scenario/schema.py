"""The JSON Schema of a scenario's file, for editors: completion, documentation, checking."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from simastra.config.json_schema import JsonSchema
from simastra.config.meanings import meanings

from .config import ScenarioConfig
from .section import Section

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def scenario_schema() -> JsonSchema:
    """The schema, with what the keys mean."""
    schema = ScenarioConfig.model_json_schema(by_alias=True)
    told = {model.__name__: meanings(model) for model in _sections(Section)}
    parts: dict[str, JsonSchema] = {ScenarioConfig.__name__: schema, **schema["$defs"]}
    for name, part in parts.items():
        part.pop("title", None)
        part.pop("description", None)  # docstrings speak to programmers
        for key, about in part.get("properties", {}).items():
            about.pop("title", None)
            meaning = told.get(name, {}).get(key.replace("-", "_"))
            if meaning:
                about["description"] = meaning
            if about.get("default", "") is None or isinstance(about.get("default"), dict):
                about.pop("default")  # the latter is spelled otherwise in a file
    _let_select(schema)
    return {"$schema": _DIALECT, **schema, "title": "Scenario"}


def _let_select(schema: JsonSchema) -> None:
    """Let the section of NPUs be a mapping, too, whose keys select them."""
    entries: dict[str, Any] = schema["properties"]["npus"]
    inner = schema["$defs"]["NpuEntry"]
    properties = {key: it for key, it in inner["properties"].items() if key != "npus"}
    mapping = {
        "type": "object",
        "additionalProperties": {
            "type": "object",
            "properties": properties,
            "additionalProperties": False,
        },
    }
    of_list = {key: entries.pop(key) for key in ("items", "type") if key in entries}
    entries["anyOf"] = [of_list, mapping]


def _sections(model: type[Section]) -> Iterator[type[Section]]:
    for each in model.__subclasses__():
        yield each
        yield from _sections(each)
