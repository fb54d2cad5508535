"""Operator: one entry of a linked trace, decoded; all else in the conversion works with it.

(docs/chakra.md 2.4, 2.5.)
"""

import json
import marshal
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from simastra.legible import beginning
from simastra.units import Bytes, Ns

from .kernel_arguments import NO_ARGUMENTS, KernelArguments

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
"""A value as the JSON file holds it."""

PROCESS_ROOTS = frozenset(
    f"[pytorch|profiler|{trace}|process]" for trace in ("execution_trace", "execution_graph")
)
THREAD_ROOTS = frozenset(
    f"[pytorch|profiler|{trace}|thread]" for trace in ("execution_trace", "execution_graph")
)
GROUPS_MARK = "process_group:init"
"""Part of the name of the entry that tells the process groups."""

_PACKING = 2  # later versions of marshal write equal lists in different ways
_SHOWN_LETTERS = 40
_TENSOR_FIELDS = 6  # tensor id, storage id, offset, elements, bytes of an element, device
_STORAGE, _ELEMENTS, _ELEMENT_BYTES = 1, 3, 4


class Arguments:
    """What an operator takes or gives, as PyTorch recorded it.

    It is kept packed, and unpacked whenever somebody looks: the lists take more memory than all
    else of a trace, and of most operators nobody wants them.

    Args:
        values: one for each argument; a tensor is a list of six (docs/chakra.md 2.4).
        shapes: likewise.
        types: names of their types, such as ``GenericList[Tensor(float)]``.
    """

    __slots__ = ("_packed",)

    def __init__(self, values: list[Json], shapes: list[Json], types: list[Json]) -> None:
        self._packed = marshal.dumps((values, shapes, types), _PACKING)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Arguments) and self._packed == other._packed

    def __hash__(self) -> int:
        return hash(self._packed)

    @property
    def values(self) -> list[Json]:
        """One for each argument."""
        return self._unpacked()[0]

    @property
    def shapes(self) -> list[Json]:
        """Likewise."""
        return self._unpacked()[1]

    @property
    def types(self) -> list[Json]:
        """Names of their types."""
        return self._unpacked()[2]

    def _unpacked(self) -> tuple[list[Json], list[Json], list[Json]]:
        told: tuple[list[Json], list[Json], list[Json]] = marshal.loads(self._packed)  # our own
        return told


NO_VALUES = Arguments([], [], [])
"""Of what takes or gives nothing, or nothing of its own."""


@dataclass(frozen=True, slots=True)
class Operator:
    """An operator of the host, or a kernel or copy of the device.

    Attributes:
        id: its number in the linked trace.
        name: as PyTorch, or the device, calls it.
        parent: the operator that called or launched it.
        tid: thread of the host; a kernel has its launcher's.
        rf_id: number of the call in order of time.
        start: when it began, in ns, or None if it was not linked. Of a kernel: when it was
            launched, or when it began on the device; linkers differ.
        duration: from its beginning to its end.
        exclusive_micros: microseconds without the operators that it called, as the file says.
        category: Kineto's, of what runs on the device: "kernel", "gpu_memcpy" or "gpu_memset";
            "" for the host's.
        stream: of the device.
        inputs: what it takes; a kernel has its launcher's.
        outputs: what it gives.
        attributes: the further ones of the file, which are passed on.
        pg_name: process group that the linker found, "" if none.
        inter_thread_dep: operator of another thread that Chakra's linker found to come before.
        sync_deps: operators that must have ended before this one begins, as a linker found.
        wait: part of the duration that passed in synchronisation with the device.
        kernel: what a communication kernel's own arguments say.
    """

    id: int
    name: str
    parent: int | None
    tid: int
    rf_id: int
    start: Ns | None
    duration: Ns
    exclusive_micros: float
    category: str
    stream: int
    inputs: Arguments
    outputs: Arguments
    attributes: dict[str, int | str]
    pg_name: str
    inter_thread_dep: int | None
    sync_deps: tuple[int, ...]
    wait: Ns
    kernel: KernelArguments = NO_ARGUMENTS

    @property
    def on_device(self) -> bool:
        """Whether it is a kernel or a copy."""
        return bool(self.category)

    @property
    def end(self) -> Ns | None:
        """When it ended, if that is known."""
        return None if self.start is None else self.start + self.duration

    def ended_before(self, other: "Operator") -> bool:
        """Whether it is known to have ended when another one began."""
        return self.end is not None and other.start is not None and self.end <= other.start

    @property
    def is_root(self) -> bool:
        """Whether it stands for the process or a thread, and so does nothing itself."""
        return self.name in PROCESS_ROOTS or self.name in THREAD_ROOTS

    @property
    def tells_groups(self) -> bool:
        """Whether it only tells the process groups."""
        return GROUPS_MARK in self.name


def tensors(value: Json) -> Iterator[list[Json]]:
    """Yield the tensors in an argument, however deep its lists are.

    >>> [tensor[3] for tensor in tensors([[7, 8, 0, 100, 4, "cpu"], [[9, 8, 0, 50, 4, "cpu"]]])]
    [100, 50]
    """
    pending = [value]
    while pending:
        item = pending.pop()
        if not isinstance(item, list):
            continue
        if _is_tensor(item):
            yield item
        else:
            pending += reversed(item)


def _is_tensor(item: list[Json]) -> bool:
    return (
        len(item) == _TENSOR_FIELDS
        and isinstance(item[-1], str)
        and all(type(field) is int and field >= 0 for field in item[:-1])
    )


def has_tensors(value: Json) -> bool:
    """Return whether there is any tensor in an argument, an empty one for instance."""
    return next(tensors(value), None) is not None


def size_of(value: Json) -> Bytes:
    """Return the bytes of all tensors in an argument.

    >>> size_of([[7, 8, 0, 100, 4, "cpu"], [9, 8, 0, 50, 4, "cpu"]])
    600
    """
    return sum(
        _whole(tensor[_ELEMENTS]) * _whole(tensor[_ELEMENT_BYTES]) for tensor in tensors(value)
    )


def storages(operator: Operator) -> frozenset[int]:
    """Return the numbers of the storages that an operator reads or writes."""
    found = {
        _whole(tensor[_STORAGE])
        for arguments in (operator.inputs, operator.outputs)
        for tensor in tensors(arguments.values)
    }
    return frozenset(found - {0})  # 0 stands for none


def _whole(field: Json) -> int:
    return field if isinstance(field, int) else 0


def shown(value: Json) -> str:
    """Return a value for a message, shortened."""
    try:
        text = json.dumps(value, default=float)  # a recording's fractions are Decimal
    except (RecursionError, ValueError):  # nested too deep; a number of 5000 digits
        return f"a {type(value).__name__} that is too large to show"
    return beginning(text, _SHOWN_LETTERS)
