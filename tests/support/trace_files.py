"""Trace files by protobuf alone: what the package reads and writes in quicker ways."""

from collections.abc import Iterable
from pathlib import Path

from simastra import Node
from simastra.trace import et_def_pb2
from simastra.trace.decoding import decode_records
from simastra.trace.files import read_file, write_file
from simastra.trace.framing import inflate, split_records
from simastra.trace.protobuf import Messages, encode_nodes, parse_messages, serialize_messages


def decode_nodes(data: bytes, source: Path | str) -> tuple[Node, ...]:
    """The nodes in a trace file's content, plain or gzip-compressed, in file order."""
    return decode_records(split_records(inflate(data, source), source), source).nodes


def read_nodes(path: Path | str) -> tuple[Node, ...]:
    """The nodes of one trace file."""
    return decode_nodes(read_file(path), path)


def write_nodes(path: Path | str, nodes: Iterable[Node]) -> None:
    """Write one uncompressed trace file."""
    write_file(path, encode_nodes(nodes, path))


def read_messages(path: Path | str) -> Messages:
    """A trace file's protobuf messages."""
    return parse_messages(inflate(read_file(path), path), path)


def write_messages(
    path: Path | str, metadata: et_def_pb2.GlobalMetadata, nodes: Iterable[et_def_pb2.Node]
) -> None:
    """Write protobuf messages as one uncompressed trace file."""
    write_file(path, serialize_messages(metadata, nodes, path))
