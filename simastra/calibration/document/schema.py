"""JSON Schema of a calibration file, for editors: completion, documentation, checking."""

from collections.abc import Iterator
from typing import Any, TypeAlias

from simastra.calibration.section import Section
from simastra.config.meanings import meanings

from .file import FORMAT, VERSION, CalibrationFile

JsonSchema: TypeAlias = dict[str, Any]
"""A JSON Schema as json.dumps takes it."""

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def calibration_schema() -> JsonSchema:
    """The schema, with what the keys mean."""
    schema = CalibrationFile.model_json_schema()
    told = {model.__name__: meanings(model) for model in _sections(Section)}
    parts: dict[str, JsonSchema] = {CalibrationFile.__name__: schema, **schema["$defs"]}
    for name, part in parts.items():
        part.pop("title", None)
        part.pop("description", None)  # docstrings speak to programmers
        for key, about in part.get("properties", {}).items():
            about.pop("title", None)
            if key in told.get(name, {}):
                about["description"] = told[name][key]
    for key, value in (("format", FORMAT), ("version", VERSION)):
        schema["properties"][key] |= {"const": value}
        schema["properties"][key].pop("default", None)
    required = ["format", "version", *schema["required"]]
    return {"$schema": _DIALECT, **schema, "required": required, "title": "Calibration file"}


def _sections(model: type[Section]) -> Iterator[type[Section]]:
    for each in model.__subclasses__():
        yield each
        yield from _sections(each)
