"""Read a linked trace: the JSON that Chakra's linker writes, or a host trace alone.

Every version of PyTorch's execution traces is taken: what an entry holds is looked for where any of
them has it. (docs/chakra.md 2.4.)
"""

import io
import json
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeGuard, TypeVar

from simastra.convert.json_stream import JsonArray
from simastra.errors import TraceError
from simastra.foreign import InputRole
from simastra.gc_policy import collector_paused
from simastra.notices import Notice
from simastra.trace.files import open_file
from simastra.trace.framing import inflate, inflated
from simastra.trace.recognising import recognising
from simastra.units import LATEST_TIME, NS_PER_MICROSECOND, Ns

from .header import process_number, read_metadata
from .kernel_arguments import NO_ARGUMENTS, kernel_arguments
from .operators import Arguments, Json, Operator, shown
from .recorded_waits import RecordedWait

_LARGEST_ID = 2**63 - 1
_LARGEST_MICROS = LATEST_TIME // NS_PER_MICROSECOND
_ATTRIBUTES = ("fw_parent", "seq_id", "scope", "fw_tid", "op_schema")
_NODES = "nodes"
_MOST_SHARED = 10_000
_T = TypeVar("_T", bound=Hashable)


@dataclass(frozen=True, slots=True)
class LinkedTrace:
    """What a linked trace holds.

    Attributes:
        source: the file.
        operators: in order of id.
        metadata: what Chakra's converter copies into GlobalMetadata.
        rank: of the process in the whole job, where the file tells it.
        world_size: how many processes the job has; 0 if the file doesn't tell.
        groups: JSON texts and values that tell process groups, beside the operators that do.
        linked_by: who linked it, if it says so: simastra, by better rules than Chakra's.
        has_host: whether it is made of a host trace, with or without a device trace.
        waits: of the host for the device, where the recording tells them.
        notices: what can't be known, by how it was recorded.
    """

    source: str
    operators: tuple[Operator, ...]
    metadata: dict[str, int | str]
    rank: int | None = None
    world_size: int = 0
    groups: tuple[Json, ...] = ()
    linked_by: str = ""
    has_host: bool = True
    waits: tuple[RecordedWait, ...] = ()
    notices: tuple[Notice, ...] = ()


def read_linked(path: Path | str, *, source: Path | str | None = None) -> LinkedTrace:
    """Read a linked trace, plain or gzip-compressed.

    Args:
        path: of the file.
        source: what messages call it; None for `path`.

    Raises:
        TraceError: the file can't be read, is no linked trace, or an entry is wrong.
    """
    called = path if source is None else source
    with open_file(path) as file, collector_paused():
        trace = _streamed(file, called)
        if trace is not None:
            return trace
        file.seek(0)
        data = inflate(file.read(), called)
    with recognising(called, InputRole.LINKED, start=data):
        return parse_linked(data, called)


def parse_linked(data: bytes, source: Path | str) -> LinkedTrace:
    """Decode the content of a linked trace.

    Raises:
        TraceError: it is no linked trace, or an entry is wrong.
    """
    document = _load(data, source)
    entries = document.get(_NODES)
    if not isinstance(entries, list):
        hint = "its key 'nodes', a list, is missing"
        if "traceEvents" in document:
            hint = "this is a device trace (Kineto); link it with its host trace: simastra link"
        raise TraceError(f"this is no linked PyTorch trace: {hint}", source=source)
    return _trace(entries, document, source)


def _streamed(file: io.BufferedIOBase, source: Path | str) -> LinkedTrace | None:
    """What `parse_linked` returns, though the document is never in memory as a whole.

    None where anything is wrong or unusual: the whole document is then asked what it is.
    """
    array = JsonArray(source, _NODES, decoder=json.JSONDecoder())
    try:
        entries = (element.value for element in array.read(inflated(file, source)))
        trace = _trace(entries, array.header, source)
    except TraceError:
        return None
    return trace if array.arrays == 1 else None


def _trace(
    entries: Iterable[object], document: Mapping[str, object], source: Path | str
) -> LinkedTrace:
    """Decode the entries of the list ``nodes``, then the document around it."""
    shared = _Shared()
    decoded = [
        _operator(entry, position, source, shared)  # type: ignore[arg-type]  # JSON
        for position, entry in enumerate(entries)
    ]
    if not decoded:
        raise TraceError("the trace has no nodes, so there is nothing to convert", source=source)
    decoded.sort(key=lambda operator: operator.id)
    _check_ids(decoded, source)
    distributed = document.get("distributedInfo")
    distributed = distributed if isinstance(distributed, dict) else {}
    rank = process_number(distributed, "rank", source)
    world_size = process_number(distributed, "world_size", source)
    groups = distributed.get("pg_config")
    linked_by = document.get("linked_by")
    return LinkedTrace(
        str(source),
        tuple(decoded),
        read_metadata(document, source),  # type: ignore[arg-type]  # JSON
        rank,
        world_size or 0,
        () if groups is None else (groups,),
        linked_by if isinstance(linked_by, str) else "",
    )


class _Shared:
    """Objects of which one is enough for all entries that have such a one."""

    def __init__(self) -> None:
        self._known: dict[Hashable, Any] = {}

    def one(self, value: _T) -> _T:
        """That object, or one from before that is equal to it."""
        if len(self._known) > _MOST_SHARED:
            self._known.clear()
        known: _T = self._known.setdefault(value, value)
        return known

    def attributes(self, given: Iterable[tuple[str, int | str]]) -> dict[str, int | str]:
        """A dictionary of these."""
        key = tuple(given)
        known: dict[str, int | str] | None = self._known.get(key)
        if known is None:
            known = self._known[key] = dict(key)
        return known


def _load(data: bytes, source: Path | str) -> dict[str, Json]:
    wanted = "a linked PyTorch trace, as 'simastra link' writes it, is wanted"
    try:
        document: Json = json.loads(data)
    except json.JSONDecodeError as error:
        raise TraceError(
            f"line {error.lineno}, column {error.colno}: this is not JSON ({error.msg}); {wanted}",
            source=source,
        ) from error
    except UnicodeDecodeError as error:
        raise TraceError(
            f"this is not JSON, nor any text; {wanted}", source=source, offset=error.start
        ) from error
    except (RecursionError, ValueError) as error:  # nested too deep; a number of 5000 digits
        raise TraceError(f"this JSON can't be read ({error}); {wanted}", source=source) from error
    if not isinstance(document, dict):
        raise TraceError(f"the file is JSON, but no object; {wanted}", source=source)
    return document


def _check_ids(operators: Iterable[Operator], source: Path | str) -> None:
    previous: int | None = None
    for operator in operators:
        if operator.id == previous:
            raise TraceError(
                "two nodes have this id; ids must differ within a trace",
                source=source,
                node=previous,
            )
        previous = operator.id


class _Entry:
    """One entry of the list ``nodes``; looks values up and says what is wrong with them."""

    __slots__ = ("_attributes", "_entry", "_source", "id")

    def __init__(self, entry: Json, position: int, source: Path | str) -> None:
        self._source = source
        if not isinstance(entry, dict):
            raise TraceError(
                f"nodes[{position}] is {shown(entry)}; an object is wanted", source=source
            )
        self._entry = entry
        self._attributes: dict[str, Json] = {}
        number = entry.get("id")
        if not _is_id(number):
            raise TraceError(
                f"nodes[{position}]: id is {shown(number)}; a whole number, 0 or more, is wanted",
                source=source,
            )
        self.id: int = number
        self._attributes = self._pairs(entry.get("attrs"))

    def value(self, name: str) -> Json:
        """A value, of the entry itself or else among its ``attrs``; None if it is absent."""
        value = self._entry.get(name)
        return self._attributes.get(name) if value is None else value

    def text(self, name: str) -> str:
        """A text; "" if it is absent."""
        value = self.value(name)
        if value is None:
            return ""
        return value if isinstance(value, str) else str(value)

    def whole(self, name: str, default: int = 0) -> int:
        """A whole number."""
        value = self.value(name)
        if value is None:
            return default
        if isinstance(value, str) and value.lstrip("-").isdecimal() and len(value) < len("9" * 19):
            value = int(value)
        if type(value) is not int or abs(value) > _LARGEST_ID:
            raise self._wrong(name, value, "a whole number of 64 bits")
        return value

    def reference(self, name: str) -> int | None:
        """The id of another node; None if it is absent."""
        value = self.value(name)
        if value is not None and not _is_id(value):
            raise self._wrong(name, value, "the id of a node")
        return value

    def references(self, name: str) -> tuple[int, ...]:
        """Ids of other nodes."""
        value = self.value(name)
        items = [] if value is None else value if isinstance(value, list) else [value]
        return tuple(item if _is_id(item) else self._no_id(name, item) for item in items)

    def micros(self, name: str) -> float | None:
        """A time or duration in microseconds; None if it is absent."""
        value = self.value(name)
        if value is None:
            return None
        number = value if isinstance(value, int | float) and not isinstance(value, bool) else -1
        if not 0 <= number <= _LARGEST_MICROS:  # which NaN isn't either
            raise self._wrong(name, value, f"a number of microseconds from 0 to {_LARGEST_MICROS}")
        return number

    def arguments(self, name: str) -> Arguments:
        """Inputs or outputs, in either of the two forms that PyTorch has had."""
        value = self._entry.get(f"{name}s")
        if isinstance(value, dict):
            parts = [value.get(part) for part in ("values", "shapes", "types")]
        else:  # schema 1.0.1
            parts = [value, self._entry.get(f"{name}_shapes"), self._entry.get(f"{name}_types")]
        return Arguments(*(part if isinstance(part, list) else [] for part in parts))

    def members(self, name: str) -> dict[str, Json]:
        """An object; empty if it is absent."""
        value = self._entry.get(name)
        if value is not None and not isinstance(value, dict):
            raise self._wrong(name, value, "an object")
        return value or {}

    def _pairs(self, attributes: Json) -> dict[str, Json]:
        if attributes is None:
            return {}
        pairs: dict[str, Json] = {}
        for attribute in attributes if isinstance(attributes, list) else [attributes]:
            name = attribute.get("name") if isinstance(attribute, dict) else None
            if not isinstance(attribute, dict) or not isinstance(name, str):
                raise self._wrong("attrs", attributes, "a list of objects with name and value")
            pairs[name] = attribute.get("value")
        return pairs

    def _no_id(self, name: str, item: Json) -> int:
        raise self._wrong(name, item, "ids of nodes")

    def _wrong(self, name: str, value: Json, wanted: str) -> TraceError:
        return TraceError(
            f"{name} is {shown(value)}; {wanted} is wanted", source=self._source, node=self.id
        )


def _is_id(value: Json) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LARGEST_ID


def _operator(item: Json, position: int, source: Path | str, shared: _Shared) -> Operator:
    entry = _Entry(item, position, source)
    category = entry.text("cat")
    start = entry.micros("device_ts") if category else None
    start = entry.micros("ts") if start is None else start
    duration = _ns(entry.micros("inclusive_dur"))
    exclusive = entry.micros("exclusive_dur")
    parent = entry.reference("ctrl_deps")
    return Operator(
        id=entry.id,
        name=shared.one(entry.text("name")),
        parent=entry.reference("parent") if parent is None else parent,
        tid=entry.whole("tid"),
        rf_id=entry.whole("rf_id"),
        start=None if start is None else _ns(start),
        duration=duration or _ns(exclusive),
        exclusive_micros=exclusive or 0,
        category=shared.one(category),
        stream=entry.whole("stream"),
        inputs=shared.one(entry.arguments("input")),
        outputs=shared.one(entry.arguments("output")),
        attributes=shared.attributes(
            (name, entry.text(name) if name == "op_schema" else entry.whole(name))
            for name in _ATTRIBUTES
        ),
        pg_name=shared.one(entry.text("pg_name")),
        inter_thread_dep=entry.reference("inter_thread_dep"),
        sync_deps=entry.references("sync_dep"),
        wait=_ns(entry.micros("wait_dur")),
        kernel=shared.one(kernel_arguments(entry.members("communication")))
        if category
        else NO_ARGUMENTS,
    )


def _ns(micros: float | None) -> Ns:
    return 0 if micros is None else round(micros * NS_PER_MICROSECOND)
