"""One entry of a linked trace's list ``nodes``, decoded."""

from collections.abc import Hashable, Iterable
from pathlib import Path
from typing import Any, TypeGuard, TypeVar

from simastra.errors import TraceError
from simastra.units import LATEST_TIME, NS_PER_MICROSECOND, Ns

from .kernel_arguments import NO_ARGUMENTS, kernel_arguments
from .operators import Arguments, Json, Operator, shown

_LARGEST_ID = 2**63 - 1
_LARGEST_MICROS = LATEST_TIME // NS_PER_MICROSECOND
_ATTRIBUTES = ("fw_parent", "seq_id", "scope", "fw_tid", "op_schema")
_MOST_SHARED = 10_000
_T = TypeVar("_T", bound=Hashable)


class Shared:
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


def operator_of(item: Json, position: int, source: Path | str, shared: Shared) -> Operator:
    """Return the operator that an entry is.

    Args:
        item: the entry.
        position: its place in the list.
        source: the file, for messages.
        shared: of all entries of the trace.

    Raises:
        TraceError: the entry is wrong.
    """
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
