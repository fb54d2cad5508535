"""What a JSON Schema allows, in words."""

import json
from collections.abc import Callable, Iterator

from simastra.config.json_schema import JsonSchema

from .prose import code

Linked = Callable[[JsonSchema], str]
"""What is said of an object with keys of its own: a link to where they are listed."""

_TYPES = {
    "integer": "whole number",
    "number": "number",
    "string": "text",
    "boolean": "`true` or `false`",
    "null": "nothing",
    "array": "list",
    "object": "mapping",
}
_BOUNDS = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<"}
_WORDS = (63, 64)  # bits of the largest whole numbers, with a sign and without
_LONG = 48  # characters of a pattern that still says something


def resolved(schema: JsonSchema, parts: JsonSchema) -> JsonSchema:
    """A schema with what it refers to among `parts` in place."""
    name = schema.get("$ref", "").rpartition("/")[2]
    return {**parts[name], **schema, "$ref": ""} if name in parts else schema


def choices(schema: JsonSchema) -> list[JsonSchema]:
    """What the value may be one of; the schema itself, if it is of one kind."""
    beside = {key: it for key, it in schema.items() if key not in ("anyOf", "oneOf")}
    found: list[JsonSchema] = schema.get("anyOf") or schema.get("oneOf") or []
    if not found or "properties" in beside:
        return [schema]
    return found


def allowed(schema: JsonSchema, parts: JsonSchema, linked: Linked) -> str:
    """What a value may be: "whole number, ≥ 1", "one of `a` and `b`", "list of numbers"."""
    options = [resolved(it, parts) for it in choices(resolved(schema, parts))]
    named = any("enum" in it for it in options)
    words = (_kind(it, parts, linked) for it in options if not (named and "pattern" in it))
    return " or ".join(dict.fromkeys(words))


def default(schema: JsonSchema) -> str:
    """The default as code; nothing, if there is none or it is empty."""
    value = schema.get("default")
    return "" if value in (None, "", [], {}) else code(json.dumps(value, ensure_ascii=False))


def _kind(schema: JsonSchema, parts: JsonSchema, linked: Linked) -> str:
    if "const" in schema:
        return code(str(schema["const"]))
    if "enum" in schema:
        return "one of " + ", ".join(code(_value(it)) for it in schema["enum"])
    if schema.get("properties"):
        return linked(schema)
    types = schema.get("type", [])
    names = [types] if isinstance(types, str) else types
    return " or ".join(_of_type(name, schema, parts, linked) for name in names) or "any value"


def _of_type(name: str, schema: JsonSchema, parts: JsonSchema, linked: Linked) -> str:
    items, values = schema.get("items"), schema.get("additionalProperties")
    if name == "array" and items:
        return f"list, each {allowed(items, parts, linked)}"
    if name == "object" and isinstance(values, dict):
        return f"mapping of names, each to {allowed(values, parts, linked)}"
    return ", ".join([_TYPES[name], *_limits(name, schema)])


def _limits(name: str, schema: JsonSchema) -> Iterator[str]:
    if name in ("integer", "number"):
        yield from (
            f"{sign} {_number(schema[key])}" for key, sign in _BOUNDS.items() if key in schema
        )
    pattern = schema.get("pattern", "")
    if name == "string" and 0 < len(pattern) < _LONG:
        yield f"such that {code(pattern)}"


def _number(value: float) -> str:
    """A bound; that of a machine's word as people know it."""
    power = value.bit_length() if isinstance(value, int) else 0
    return f"2^{power} - 1" if power in _WORDS and value == 2**power - 1 else f"{value:g}"


def _value(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
