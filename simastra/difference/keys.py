"""What spans of two critical paths have in common: the node, collective or link that they are for.

Two runs may have other NPUs, nodes and links. What is equal here is the same thing in both.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import TypeAlias, TypeVar

from simastra.engine import Category
from simastra.explain import SpanRecord
from simastra.units import Bytes, NpuId
from simastra.view.devices import DeviceNames
from simastra.view.ends import device_words
from simastra.view.phrases import size_words
from simastra.view.table import Cell
from simastra.workload.kind_of_work import KindOfWork


@dataclass(frozen=True, slots=True)
class NodeKey:
    """An ET node of one NPU.

    Attributes:
        npu: whose node it is; None where a span is nobody's, such as waiting at a link for a
            message before.
        node: its id.
        name: its name.
    """

    npu: NpuId | None
    node: int
    name: str

    def __str__(self) -> str:
        whose = "" if self.npu is None else f"{device_words(self.npu)}, "
        return f"{whose}node {self.node} ({self.name})" if self.name else f"{whose}node {self.node}"


@dataclass(frozen=True, slots=True)
class CollectiveKey:
    """The collectives that are alike, of all NPUs.

    Attributes:
        name: of their nodes.
        collective: what is communicated, such as "ALL_REDUCE".
        size: bytes, as their nodes give them.
        group: number of the process group; 0 for an NPU's usual one.
    """

    name: str
    collective: str
    size: Bytes
    group: int

    def __str__(self) -> str:
        group = f", group {self.group}" if self.group else ""
        return f"{self.name} ({self.collective} of {size_words(self.size)}{group})"


@dataclass(frozen=True, slots=True)
class LinkKey:
    """A link, by the names of its ends: a switch of one machine is no NPU of the other.

    Attributes:
        src: the device at its sending end, such as "NPU 3".
        dst: the one at its receiving end.
    """

    src: str
    dst: str

    def __str__(self) -> str:
        return f"link {self.src} to {self.dst}"


AnyKey: TypeAlias = Category | KindOfWork | NodeKey | CollectiveKey | LinkKey
Key = TypeVar("Key", bound=AnyKey)
Key_co = TypeVar("Key_co", bound=AnyKey, covariant=True)


def node_of(span: SpanRecord) -> NodeKey | None:
    """The node that a span is for."""
    return None if span.node is None else NodeKey(span.npu, span.node, span.name or "")


def collective_of(span: SpanRecord) -> CollectiveKey | None:
    """The collectives that a span is for."""
    if span.collective is None:
        return None
    return CollectiveKey(span.name or "", span.collective, span.size or 0, span.group or 0)


def link_of(span: SpanRecord, names: DeviceNames) -> LinkKey | None:
    """The link that a span is spent on, of a machine with devices of those names."""
    if span.link is None:
        return None
    src, dst = span.link
    return LinkKey(names[src], names[dst])


def rank(key: AnyKey | None) -> tuple[object, ...]:
    """What keys of one kind are sorted by, whichever run they come from."""
    if key is None:
        return (False,)
    if isinstance(key, Category | KindOfWork):
        return (True, list[object](type(key)).index(key))
    return (True, *((part is not None, part) for part in astuple(key)))


def plain_cells(key: AnyKey) -> tuple[Cell, ...]:
    """A key in a row of plain values."""
    return (key.value,) if isinstance(key, Category | KindOfWork) else astuple(key)


def shown_cells(key: AnyKey) -> tuple[Cell, ...]:
    """A key in a row for people, who take ids for names, not for numbers."""
    match key:
        case NodeKey(npu, node, name):
            return None if npu is None else str(npu), str(node), name
        case CollectiveKey(name, collective, size, group):
            return name, collective, size, str(group)
        case _:
            return plain_cells(key)
