"""The schemas of PyTorch's execution traces: one table says how each is read and written again.

Chakra's converter reads 1.0.2 and up, and refuses some labels whose nodes it could read: what is
linked carries the nearest label that it takes. (docs/chakra.md 2.4 and 2.5.)
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from simastra.convert.json_stream import Members
from simastra.errors import TraceError
from simastra.suggestions import unknown_name


@dataclass(frozen=True, slots=True)
class SchemaLayout:
    """Where a node's parts stand.

    Attributes:
        parent: key of the parent's id.
        attributes: a node's attributes, name to value.
        modern: a node in the layout of 1.0.2 and up. The node given may be changed.
    """

    parent: str
    attributes: Callable[[Members], Members]
    modern: Callable[[Members], Members]


@dataclass(frozen=True, slots=True)
class Schema:
    """One schema.

    Attributes:
        name: as the trace has it.
        layout: of its nodes.
        written_as: the schema under which its linked nodes are written.
    """

    name: str
    layout: SchemaLayout
    written_as: str


_FLAT_ATTRIBUTES = MappingProxyType(
    {
        "rf_id": "uint64",
        "fw_parent": "uint64",
        "seq_id": "int64",
        "scope": "uint64",
        "tid": "uint64",
        "fw_tid": "uint64",
        "op_schema": "string",
    }
)
"""Members of a flat node that became attributes, and their types."""


def _attributes_of_flat(node: Members) -> Members:
    return node


def _modern_from_flat(node: Members) -> Members:
    sides = {
        f"{side}s": {
            "values": node.get(f"{side}s", []),
            "shapes": node.get(f"{side}_shapes", []),
            "types": node.get(f"{side}_types", []),
        }
        for side in ("input", "output")
    }
    attributes = [
        {"name": name, "type": type_, "value": node[name]}
        for name, type_ in _FLAT_ATTRIBUTES.items()
        if name in node
    ]
    # Converters look for the roots by their later names.
    name = str(node["name"]).replace("|execution_graph|", "|execution_trace|")
    return {
        "id": node["id"],
        "name": name,
        "ctrl_deps": node["parent"],
        **sides,
        "attrs": attributes,
    }


def _attributes_of_list(node: Members) -> Members:
    listed = node.get("attrs")
    if not isinstance(listed, list):
        return {}
    return {
        attribute["name"]: attribute.get("value")
        for attribute in listed
        if isinstance(attribute, dict) and isinstance(attribute.get("name"), str)
    }


def _as_it_is(node: Members) -> Members:
    return node


_FLAT = SchemaLayout("parent", _attributes_of_flat, _modern_from_flat)
_LISTED = SchemaLayout("ctrl_deps", _attributes_of_list, _as_it_is)

_ALL = (
    Schema("1.0.1", _FLAT, "1.0.2-chakra.0.0.4"),
    Schema("1.0.2-chakra.0.0.4", _LISTED, "1.0.2-chakra.0.0.4"),
    Schema("1.0.3-chakra.0.0.4", _LISTED, "1.0.3-chakra.0.0.4"),
    # Adds a kernel's backend and file, which 1.1.0 has too; the label itself nobody takes.
    Schema("1.0.4-chakra.0.0.4", _LISTED, "1.1.0-chakra.0.0.4"),
    Schema("1.1.0-chakra.0.0.4", _LISTED, "1.1.0-chakra.0.0.4"),
    Schema("1.1.1-chakra.0.0.4", _LISTED, "1.1.1-chakra.0.0.4"),
    # Chakra lists this label and then can't read it.
    Schema("1.1.1-chakra.1.0.0", _LISTED, "1.1.1-chakra.0.0.4"),
)

SCHEMAS: Mapping[str, Schema] = MappingProxyType({schema.name: schema for schema in _ALL})
"""Schemas by name, oldest first. A new one is one line."""


def schema_named(name: object, source: Path | str) -> Schema:
    """Return the schema that a trace says it has.

    A later release than the table knows, of the same major version, is taken for the newest in it:
    PyTorch has only added members since 1.0.2.

    Raises:
        TraceError: it is none of these.
    """
    if not isinstance(name, str):
        raise TraceError(f"'schema' must be a string, not {name!r:.40}", source=source)
    if name in SCHEMAS:
        return SCHEMAS[name]
    newest = _ALL[-1]
    if _is_later(name, newest.name):
        return Schema(name, newest.layout, newest.written_as)
    raise TraceError(unknown_name("schema", name, SCHEMAS), source=source)


def _is_later(name: str, newest: str) -> bool:
    ours, theirs = _version(newest), _version(name)
    return ours is not None and theirs is not None and theirs[0] == ours[0] and theirs > ours


def _version(name: str) -> tuple[int, int, int] | None:
    match = re.fullmatch(r"(\d{1,4})\.(\d{1,4})\.(\d{1,4})-chakra\..*", name)
    return (int(match[1]), int(match[2]), int(match[3])) if match else None
