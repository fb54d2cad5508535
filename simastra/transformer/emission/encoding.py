"""Trace files of many NPUs that are alike but for groups and peers.

The nodes of a stage are encoded once. For each NPU only what is its own is put in: a process
group's name is the last thing that a node's record holds, so that it can be added to the bytes that
all have in common. The result is, to the byte, what `encode_nodes` makes of the NPU's nodes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from simastra.deferred import deferred
from simastra.trace import Annotations, Node, NodeType
from simastra.trace.framing import join_records, split_records
from simastra.units import NpuId

from .npus import NpuNodes, with_fields

if TYPE_CHECKING:
    from simastra.trace import protobuf
else:
    # google.protobuf would double the start-up time of who only plans.
    protobuf = deferred("simastra.trace.protobuf")


@dataclass(frozen=True, slots=True)
class _Template:
    """A stage's records: runs of framed records that all have, and payloads between them.

    Attributes:
        runs: framed records, one more than there are payloads.
        payloads: index of the node, and its record without what is an NPU's own.
    """

    runs: tuple[bytes, ...]
    payloads: tuple[tuple[int, bytes], ...]


class Encoder:
    """Encodes the traces of NPUs.

    Args:
        npus: makes their nodes.
        annotations: of each stage's traces.
    """

    def __init__(self, npus: NpuNodes, annotations: Sequence[Annotations]) -> None:
        self._npus = npus
        self._annotations = annotations
        self._templates: dict[int, _Template] = {}
        self._names: dict[str, bytes] = {}

    def content(self, npu: NpuId, source: Path | str) -> bytes:
        """Return the content of an NPU's trace file.

        Raises:
            TraceError: a node can't be written.
        """
        stage = self._npus.stage(npu)
        own = self._npus.own(npu)
        if stage not in self._templates:
            encoded = protobuf.encode_nodes(
                self._npus.shared(stage), source, self._annotations[stage]
            )
            self._templates[stage] = _template(encoded, set(own), source)
        template = self._templates[stage]
        if not own:
            return template.runs[0]  # one object for all that are alike
        names_only = self._npus.is_named_only
        named = {at for at, it in own.items() if it.pg_name and names_only(at, stage)}
        messages = self._messages({at: it for at, it in own.items() if at not in named}, source)
        content = bytearray(template.runs[0])
        for (index, payload), run in zip(template.payloads, template.runs[1:], strict=True):
            name = (own[index].pg_name or "") if index in named else ""
            record = payload + self._name(name, source) if name else messages[index]
            content += join_records((record,))
            content += run
        return bytes(content)

    def _messages(self, own: dict[int, Node], source: Path | str) -> dict[int, bytes]:
        return dict(zip(own, _payloads(tuple(own.values()), source), strict=True))

    def _name(self, name: str, source: Path | str) -> bytes:
        if name not in self._names:
            plain = Node(1, "", NodeType.COMM_COLL)
            without, with_name = _payloads((plain, with_fields(plain, {"pg_name": name})), source)
            assert with_name.startswith(without)  # protobuf messages are joined by appending
            self._names[name] = with_name[len(without) :]
        return self._names[name]


def _template(content: bytes, own: set[int], source: Path | str) -> _Template:
    """Take a file's content apart, at the nodes that are an NPU's own."""
    runs, payloads = [bytearray()], list[tuple[int, bytes]]()
    records = (record.payload for record in split_records(content, source))
    runs[0] += join_records((next(records),))  # the metadata
    for index, payload in enumerate(records):
        if index in own:
            payloads.append((index, payload))
            runs.append(bytearray())
        else:
            runs[-1] += join_records((payload,))
    return _Template(tuple(map(bytes, runs)), tuple(payloads))


def _payloads(nodes: tuple[Node, ...], source: Path | str) -> list[bytes]:
    content = protobuf.encode_nodes(nodes, source)
    return [record.payload for record in split_records(content, source)][1:]
