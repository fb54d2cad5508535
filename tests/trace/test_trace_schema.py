"""The generated module says what schemas/et_def.proto says: neither is edited alone."""

import re
from pathlib import Path
from typing import NamedTuple

import pytest
from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
)

from simastra.trace import et_def_pb2

SCHEMA = Path(__file__).parents[2] / "schemas" / "et_def.proto"

BLOCK = re.compile(r"(message|enum) (\w+) \{((?:[^{}]|\{[^{}]*\})*)\}")
ONEOF = re.compile(r"oneof (\w+) \{([^{}]*)\}")
FIELD = re.compile(r"(?:(repeated|optional) )?(\w+) (\w+) = (\d+);")
VALUE = re.compile(r"(\w+) = (\d+);")


class Field(NamedTuple):
    number: int
    label: str
    type: str
    oneof: str | None


class Schema(NamedTuple):
    syntax: str
    package: str
    messages: dict[str, dict[str, Field]]
    enums: dict[str, dict[str, int]]


def parse(text: str) -> Schema:
    """Read the part of the proto language that our schema uses."""
    text = re.sub(r"//.*", "", text)
    blocks = BLOCK.findall(text)
    return Schema(
        re.findall(r'syntax = "(\w+)";', text)[0],
        re.findall(r"package (\w+);", text)[0],
        {name: parse_fields(body) for kind, name, body in blocks if kind == "message"},
        {name: parse_values(body) for kind, name, body in blocks if kind == "enum"},
    )


def parse_fields(body: str) -> dict[str, Field]:
    fields = {}
    for oneof, inner in [*ONEOF.findall(body), (None, ONEOF.sub("", body))]:
        for label, type_, name, number in FIELD.findall(inner):
            fields[name] = Field(int(number), label, type_, oneof)
    return fields


def parse_values(body: str) -> dict[str, int]:
    return {name: int(number) for name, number in VALUE.findall(body)}


def render(file: FileDescriptorProto) -> Schema:
    """Return the same, read off the descriptor that the generated module loads."""
    return Schema(
        file.syntax,
        file.package,
        {message.name: render_fields(message) for message in file.message_type},
        {enum.name: {v.name: v.number for v in enum.value} for enum in file.enum_type},
    )


def render_fields(message: DescriptorProto) -> dict[str, Field]:
    fields = {}
    for field in message.field:
        type_ = FieldDescriptorProto.Type.Name(field.type).removeprefix("TYPE_").lower()
        repeated = field.label == FieldDescriptorProto.LABEL_REPEATED
        oneof = (
            message.oneof_decl[field.oneof_index].name if field.HasField("oneof_index") else None
        )
        fields[field.name] = Field(
            field.number,
            "repeated" if repeated else "",
            field.type_name.rpartition(".")[2] or type_,
            oneof,
        )
    return fields


def loaded() -> Schema:
    return render(FileDescriptorProto.FromString(et_def_pb2.DESCRIPTOR.serialized_pb))


def test_the_generated_module_is_that_of_the_schema() -> None:
    assert parse(SCHEMA.read_text()) == loaded()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("uint64 duration_micros = 7", "uint64 duration_micros = 70"),
        ("uint64 duration_micros = 7", "int64 duration_micros = 7"),
        ("uint64 duration_micros = 7", "uint64 duration = 7"),
        ("repeated uint64 data_deps", "uint64 data_deps"),
        ("BARRIER = 9", "BARRIER = 10"),
        ("oneof value", "oneof worth"),
        ("package ChakraProtoMsg", "package Chakra"),
        ("message IOInfo {", "message Extra {\n}\nmessage IOInfo {"),
    ],
)
def test_an_edited_schema_differs_from_the_generated_module(before: str, after: str) -> None:
    text = SCHEMA.read_text()
    assert before in text
    assert parse(text.replace(before, after)) != loaded()


def test_the_stubs_name_every_field_and_enum_value() -> None:
    stubs = Path(et_def_pb2.__file__).with_suffix(".pyi").read_text()
    schema = parse(SCHEMA.read_text())
    for message, fields in schema.messages.items():
        assert f"class {message}(google.protobuf.message.Message)" in stubs
        for name, field in fields.items():
            constant = f"{name.upper()}_FIELD_NUMBER: builtins.int"
            assert constant in stubs, f"{message}.{name} = {field.number}"
    for values in schema.enums.values():
        for name, number in values.items():
            assert re.search(rf"^    {name}: .*# {number}$", stubs, re.MULTILINE)
