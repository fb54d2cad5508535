"""Trace files anew, with all in them that has not been changed, attributes of other tools too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from simastra.trace.annotations import ANNOTATED, NOT_ANNOTATED, Annotations
from simastra.trace.attributes import ATTRIBUTES
from simastra.trace.contents import read_messages
from simastra.trace.et_def_pb2 import GlobalMetadata
from simastra.trace.et_def_pb2 import Node as Message
from simastra.trace.files import read_file, trace_path
from simastra.trace.nodes import Node
from simastra.trace.protobuf import (
    annotate,
    encode_node,
    encode_nodes,
    log_edits,
    serialize_messages,
)
from simastra.trace.trace import Trace


@dataclass(frozen=True, slots=True)
class _Original:
    """A trace file as it was read.

    Attributes:
        metadata: its first record.
        nodes: the others, each as it was read and as it is in the file, by id.
        annotations: what the metadata says of the step.
    """

    metadata: GlobalMetadata
    nodes: Mapping[int, tuple[Node, Message]]
    annotations: Annotations


def rewritten(prefix: Path | str, trace: Trace, loaded: Trace) -> Iterator[tuple[Path, bytes]]:
    """Give the name and the content of ``<prefix>.<npu>.et`` for each NPU of an edited trace.

    A trace in which nothing was changed has the very bytes that were read. Elsewhere a node that is
    the same has the record that it had; one that has changed keeps attributes that simastra doesn't
    know; and metadata are kept, with what was done added to them.

    Args:
        prefix: what the names begin with.
        trace: what is written; its sources tell which file each NPU's nodes are of.
        loaded: what it was made of, as it was loaded.

    Raises:
        TraceError: a node can't be written, or a file can't be read again.
    """
    # Of NPUs that share a file with others, as ranks do, the first has what is in it.
    files = {source: npu for npu, source in reversed([*enumerate(loaded.sources)])}
    known: dict[tuple[int, str, Annotations], bytes] = {}
    for npu, (nodes, source) in enumerate(zip(trace.npus, trace.sources, strict=True)):
        path = trace_path(prefix, npu)
        said = trace.annotations[npu] if trace.annotations else NOT_ANNOTATED
        was = files.get(source)
        key = id(nodes), "" if was is None else str(id(loaded.npus[was])), said
        if key not in known:
            if was is None:
                known[key] = encode_nodes(nodes, path, said, trace.edits)
            elif not trace.edits and nodes is loaded.npus[was]:
                known[key] = read_file(source)
            else:
                original = _original(source, loaded, was)
                known[key] = _content(nodes, path, said, trace.edits, original)
        yield path, known[key]


def _original(source: str, loaded: Trace, npu: int) -> _Original:
    messages = read_messages(source)
    nodes = zip(loaded.npus[npu], messages.nodes, strict=True)
    said = loaded.annotations[npu] if loaded.annotations else NOT_ANNOTATED
    return _Original(messages.metadata, {it.id: (it, message) for it, message in nodes}, said)


def _content(
    nodes: Sequence[Node],
    path: Path,
    said: Annotations,
    edits: tuple[str, ...],
    original: _Original,
) -> bytes:
    metadata = GlobalMetadata()
    metadata.CopyFrom(original.metadata)
    if said != original.annotations:
        kept = [it for it in metadata.attr if it.name not in ANNOTATED]
        del metadata.attr[:]
        metadata.attr.extend(kept)
        annotate(metadata, said)
    log_edits(metadata, edits)
    return serialize_messages(metadata, (_message(it, path, original) for it in nodes), path)


def _message(node: Node, path: Path, original: _Original) -> Message:
    """The record of a node; what is known of it from the file is kept."""
    before = original.nodes.get(node.id)
    is_same = before is not None and node == before[0]
    if not is_same and node.duration_nanos == node.duration:
        node = replace(node, duration_nanos=None)  # whole microseconds say as much
    if before is None or (before[0].name, before[0].type) != (node.name, node.type):
        return encode_node(node, path)
    was, message = before
    return message if node is was or node == was else _patched(node, was, message, path)


def _patched(node: Node, was: Node, message: Message, path: Path) -> Message:
    """A record in which only that has changed that differs between two nodes."""
    fresh, made = encode_node(node, path), Message()
    made.CopyFrom(message)
    for field in ("data_deps", "ctrl_deps"):
        if getattr(node, field) != getattr(was, field):
            made.ClearField(field)
            getattr(made, field).extend(getattr(fresh, field))
    made.duration_micros = fresh.duration_micros
    if node.metadata != was.metadata:
        made.inputs.values = node.metadata
    changed = {name for name in ATTRIBUTES if getattr(node, name) != getattr(was, name)}
    if node.exact_duration != was.exact_duration:
        changed.add("duration_nanos")
    if changed:
        values = {it.name: it for it in fresh.attr if it.name in changed}
        kept = [values.pop(it.name, None) if it.name in changed else it for it in made.attr]
        attributes = [it for it in kept if it is not None] + list(values.values())
        copies = [type(it).FromString(it.SerializeToString()) for it in attributes]
        del made.attr[:]
        made.attr.extend(copies)
    return made
