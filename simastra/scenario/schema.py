"""The JSON Schema of a scenario's file, for editors: completion, documentation, checking."""

from __future__ import annotations

from typing import Any

from simastra.config.json_schema import JsonSchema, sections_schema

from .config import ScenarioConfig
from .section import ScenarioSection


def scenario_schema() -> JsonSchema:
    """The schema, with what the keys mean."""
    schema = sections_schema(ScenarioConfig, ScenarioSection)
    for part in (schema, *schema["$defs"].values()):
        for about in part.get("properties", {}).values():
            if about.get("default", "") is None or isinstance(about.get("default"), dict):
                about.pop("default")  # the latter is spelled otherwise in a file
    _let_select(schema)
    return {**schema, "title": "Scenario"}


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
