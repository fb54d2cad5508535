"""Tells files that are another with other NPUs and process groups in them, without decoding them.

So are most of a large training step's, one for each NPU. What a file would hold if it were another
with other names is put together from that one's bytes, and compared with what it holds: a name is
decoded once a file, at the first node that has it. See `simastra.trace.renamed`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from simastra.trace.annotations import Annotations
from simastra.trace.attribute_bytes import decode_attribute
from simastra.trace.canonical import CanonicalDecoder, Unusual, varint
from simastra.trace.decoding import DecodedTrace, Form, form_of
from simastra.trace.framing import framed_record, join_records, payload_of
from simastra.trace.nodes import Node
from simastra.trace.renamed import NodeTemplate
from simastra.units import NpuId

_MOST_BASES = 32
"""So many files are remembered; and after so many in a row that are none with other names, further
ones aren't looked at."""

_ATTRIBUTE = 0x52  # what stands before each, and its length: see `canonical`
_NPUS, _GROUP = frozenset({"comm_src", "comm_dst"}), "pg_name"


class _NamingRecord(NamedTuple):
    """A record that names NPUs or a group.

    Attributes:
        attributes: those that do, each with what stands before it.
        between: what stands before, between and behind these.
    """

    attributes: tuple[bytes, ...]
    between: tuple[bytes, ...]


@dataclass(frozen=True)
class _Base:
    """A file that was decoded."""

    data: bytes
    decoded: DecodedTrace
    template: NodeTemplate

    @property
    def annotations(self) -> Annotations:
        return self.decoded.annotations

    @cached_property
    def start(self) -> bytes:
        """Its first record, which is the metadata."""
        return framed_record(self.data, 0) or b""

    @cached_property
    def pieces(self) -> Sequence[bytes | _NamingRecord] | None:
        """What it consists of behind that; None if a record is laid out in an unusual way."""
        try:
            return list(self._pieces())
        except (Unusual, IndexError, ValueError):
            return None

    def _pieces(self) -> Iterator[bytes | _NamingRecord]:
        canonical = CanonicalDecoder(decode_attribute)
        at = since = len(self.start)
        for node in self.template.nodes:
            record = framed_record(self.data, at)
            if record is None:
                raise Unusual
            if _names(node):
                if since < at:
                    yield self.data[since:at]
                yield _naming_record(payload_of(record), canonical)
                since = at + len(record)
            at += len(record)
        if at != len(self.data):
            raise Unusual
        if since < at:
            yield self.data[since:at]


class RenamedFiles:
    """Knows files that have been decoded, and tells others by them."""

    def __init__(self) -> None:
        self._bases: deque[_Base] = deque(maxlen=_MOST_BASES)
        self._missed = 0

    def decoded(self, data: bytes) -> DecodedTrace | None:
        """What is in a file of that content; None if it isn't one before with other names."""
        if self._missed > _MOST_BASES or form_of(data) is not Form.PROTOBUF:
            return None
        for base in self._bases:
            names = _Names()
            if base.pieces is not None and data.startswith(base.start) and names.fit(base, data):
                self._missed = 0
                if base is not self._bases[0]:  # the next is probably like this one
                    self._bases.remove(base)
                    self._bases.appendleft(base)
                return DecodedTrace(names.renamed(base.template), base.annotations)
        self._missed += 1
        return None

    def learn(self, data: bytes, decoded: DecodedTrace) -> None:
        """Remember a file of that content, in which that is."""
        if self._missed <= _MOST_BASES and form_of(data) is Form.PROTOBUF:
            self._bases.appendleft(_Base(data, decoded, NodeTemplate(tuple(decoded.nodes))))


class _Names:
    """What a file names in place of what its base does, as far as it has been read."""

    def __init__(self) -> None:
        self._npus: dict[NpuId, NpuId] = {}
        self._groups: dict[str, str] = {}
        self._attributes: dict[bytes, bytes] = {}
        """Attributes by those in the base."""

    def renamed(self, template: NodeTemplate) -> Sequence[Node]:
        """The nodes of the file."""
        npus = tuple(map(self._npus.__getitem__, template.npus))
        return template.renamed(npus, tuple(map(self._groups.__getitem__, template.groups)))

    def fit(self, base: _Base, data: bytes) -> bool:
        """Whether a file is the base with some names."""
        at = len(base.start)
        for piece in base.pieces or ():
            if isinstance(piece, bytes):
                record = piece
            else:
                try:
                    record = self._expected(piece)
                except KeyError:  # it is the first to name one of them
                    record = framed_record(data, at) or b""
                    if not self._learn(piece, payload_of(record) if record else b""):
                        return False
            if not data.startswith(record, at):
                return False
            at += len(record)
        return at == len(data)

    def _expected(self, piece: _NamingRecord) -> bytes:
        """The record that a file with these names has.

        Raises:
            KeyError: one isn't known yet.
        """
        first, *others = piece.between
        payload = first
        for name, between in zip(piece.attributes, others, strict=True):
            payload += self._attributes[name] + between
        size = len(payload)
        # Of one byte the length is itself; longer ones are rarer.
        return bytes((size,)) + payload if size < _SHORT else join_records((payload,))

    def _learn(self, piece: _NamingRecord, payload: bytes) -> bool:
        """Learn names from a record; whether it is the base's with names."""
        at = 0
        for name, between in zip((b"", *piece.attributes), piece.between, strict=True):
            if name:
                found = _attribute_at(payload, at)
                if found is None or not self._are_called(name, found):
                    return False
                at += len(found)
            if not payload.startswith(between, at):
                return False
            at += len(between)
        return at == len(payload)

    def _are_called(self, name: bytes, found: bytes) -> bool:
        """Note an attribute that stands in place of another; whether that fits what is known."""
        if self._attributes.setdefault(name, found) != found:
            return False
        before, after = _told(name), _told(found)
        if before is None or after is None or before[0] != after[0]:
            return False
        (_, old), (_, new) = before, after
        if isinstance(old, int) and isinstance(new, int):
            return self._npus.setdefault(old, new) == new
        if isinstance(old, str) and isinstance(new, str):
            return bool(new) and self._groups.setdefault(old, new) == new
        return False


_SHORT = 0x80


def _names(node: Node) -> bool:
    return node.comm_src is not None or node.comm_dst is not None or bool(node.pg_name)


def _naming_record(payload: bytes, canonical: CanonicalDecoder) -> _NamingRecord:
    """A record's payload, taken apart.

    Raises:
        Unusual: it is laid out in an unusual way.
    """
    if canonical.node(payload) is None:
        raise Unusual
    attributes: list[bytes] = []
    between: list[bytes] = []
    names: list[str] = []
    at, since = canonical.attributes_at, 0
    while at < len(payload):
        found = _attribute_at(payload, at)
        if found is None:
            raise Unusual
        told = _told(found)
        if told is not None and told[1] != "":
            names.append(told[0])
            attributes.append(found)
            between.append(payload[since:at])
            since = at + len(found)
        at += len(found)
    if len(set(names)) != len(names):
        raise Unusual
    return _NamingRecord(tuple(attributes), (*between, payload[since:]))


def _attribute_at(payload: bytes, at: int) -> bytes | None:
    """The attribute at a place, with what stands before it; None if there is none."""
    try:
        if payload[at] != _ATTRIBUTE:
            return None
        length, start = varint(payload, at + 1)
    except (Unusual, IndexError):
        return None
    stop = start + length
    return payload[at:stop] if stop <= len(payload) else None


def _told(attribute: bytes) -> tuple[str, NpuId | str] | None:
    """The name of an attribute that names an NPU or a group, and what it names; None for others."""
    try:
        decoded = decode_attribute(attribute[varint(attribute, 1)[1] :])
    except (Unusual, IndexError, ValueError):
        return None
    match decoded:
        case (str(name), int(npu)) if name in _NPUS:
            return name, npu
        case (str(name), str(group)) if name == _GROUP:
            return name, group
        case _:
            return None
