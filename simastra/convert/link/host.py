"""The host side of a recording: PyTorch's execution trace, its operators in order of id.

(docs/chakra.md 2.4.)
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from simastra.convert.json_stream import Element, JsonArray, Members
from simastra.convert.link.schemas import Schema, schema_named
from simastra.errors import TraceError
from simastra.foreign import InputRole
from simastra.gc_policy import collector_paused
from simastra.trace.recognising import recognising

_ARRAY = "nodes"
_FOREIGN = {
    "traceEvents": "this is a device trace (Kineto, with 'traceEvents'); name the host trace, "
    "PyTorch's execution trace, first and the device trace second",
    "workload_graph": "this is a converted trace in JSON; the host trace is PyTorch's own",
}
_ROOT = "[pytorch|profiler|execution_"


@dataclass(frozen=True, slots=True)
class HostOp:
    """One node of the host trace.

    Attributes:
        id: its id.
        parent: id of the node within which it ran; its own for the process.
        name: of the operator.
        rf_id: "record function id", by which the device trace names it, if known.
        sequence: autograd's sequence number, if it has one.
        tid: number of its thread.
        json: the node itself, in UTF-8; the rest is decoded when it is written again.
    """

    id: int
    parent: int
    name: str
    rf_id: int | None
    sequence: int | None
    tid: int
    json: bytes

    @property
    def is_root(self) -> bool:
        """Whether it stands for the process or a thread: no operator, and never on the device."""
        return self.name.startswith(_ROOT)


@dataclass(frozen=True, slots=True)
class HostTrace:
    """A host trace.

    Attributes:
        source: its path.
        schema: how its nodes are written.
        header: what it says beside its nodes.
        ops: its nodes by ascending id.
    """

    source: Path | str
    schema: Schema
    header: Members
    ops: tuple[HostOp, ...]

    @property
    def process(self) -> int | None:
        """Id of the recorded process, if the trace says so."""
        pid = self.header.get("pid")
        return pid if isinstance(pid, int) else None

    @property
    def operators(self) -> list[HostOp]:
        """The nodes without those for the process and its threads."""
        return [op for op in self.ops if not op.is_root]


@collector_paused()
def load_host(path: Path | str) -> HostTrace:
    """Read a host trace, plain or gzip, of any schema in `SCHEMAS`.

    Raises:
        TraceError: it can't be read, isn't a host trace, or a node makes no sense.
    """
    with recognising(path, InputRole.HOST, unless=_FOREIGN.values()):
        return _load(path)


def _load(path: Path | str) -> HostTrace:
    array = JsonArray(path, _ARRAY, _FOREIGN)
    names: dict[str, str] = {}
    ops = [_read(element, array, names) for element in _with_schema(array)]
    ops.sort(key=lambda op: op.id)
    for first, second in pairwise(ops):
        if first.id == second.id:
            raise TraceError(
                f"two nodes have this id: {first.name!r} and {second.name!r}",
                source=path,
                node=first.id,
            )
    header = array.header
    return HostTrace(path, _schema(array), header, tuple(ops))


def _with_schema(array: JsonArray) -> Iterator[Element]:
    """The nodes, from when the schema is known: keys have no order, and it may follow the nodes."""
    for element in array:
        if "schema" not in array.header:
            for _ in array:  # a second reading, to the end, collects the header
                pass
            _schema(array)
        yield element


def _schema(array: JsonArray) -> Schema:
    if "schema" not in array.header:
        raise TraceError("there is no 'schema'; this is no PyTorch trace", source=array.path)
    return schema_named(array.header["schema"], array.path)


def _read(element: Element, array: JsonArray, names: dict[str, str]) -> HostOp:
    node = element.value
    if not isinstance(node, dict):
        raise TraceError(f"a node must be an object, not {node!r:.40}", source=array.path)
    layout = _schema(array).layout
    id_, name = _number(node, "id", array.path), node.get("name")
    if not isinstance(name, str):
        raise TraceError(f"'name' must be a string, not {name!r}", source=array.path, node=id_)
    if "cat" in node:
        raise TraceError(
            f"{name!r} ran on the device: this trace is linked already", source=array.path, node=id_
        )
    attributes = layout.attributes(node)
    sequence = _optional(attributes, "seq_id")
    return HostOp(
        id=id_,
        parent=_number(node, layout.parent, array.path, id_),
        name=names.setdefault(name, name),
        rf_id=_optional(attributes, "rf_id"),
        sequence=None if sequence is None or sequence < 0 else sequence,
        tid=_optional(attributes, "tid") or 0,
        json=element.text.encode(),
    )


def _number(node: Members, key: str, path: Path | str, id_: int | None = None) -> int:
    value = node.get(key)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        name = "" if id_ is not None else f"{node.get('name')!r:.60}: "
        raise TraceError(
            f"{name}{key!r} must be a whole number from 0 up, not {value!r:.40}",
            source=path,
            node=id_,
        )
    return value


def _optional(attributes: Members, key: str) -> int | None:
    value = attributes.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
