"""What a kernel's own arguments say of its communication, as PyTorch gives them to Kineto.

A kernel within a CUDA graph has nothing else to tell it: no operator of the host asked for it when
the graph ran.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from simastra.units import Bytes, NpuId

_ELEMENT_BYTES = MappingProxyType(
    # PyTorch's scalar types, in lower case.
    dict.fromkeys(("byte", "char", "bool", "quint8", "qint8"), 1)
    | dict.fromkeys(("short", "half", "bfloat16", "uint16"), 2)
    | dict.fromkeys(("int", "float", "uint32", "qint32", "complexhalf"), 4)
    | dict.fromkeys(("long", "double", "uint64", "complexfloat"), 8)
    | {"complexdouble": 16}
)
_FLOAT8 = "float8_"  # whatever its exponent and mantissa: one byte
_LARGEST_COUNT = 2**62
_LARGEST_GROUP = 2**20
_NUMBERS = re.compile(r"\[\s*\d{1,9}(\s*,\s*\d{1,9})*\s*\]", re.ASCII)


@dataclass(frozen=True, slots=True)
class KernelArguments:
    """A kernel's arguments; what isn't said is empty, or None.

    Attributes:
        collective: its name, such as ``allreduce`` or ``all_to_allv``.
        in_size: bytes that go in.
        out_size: bytes that come out.
        group_size: how many take part.
        ranks: who they are, where all are named.
        splits: rows that go to, and come from, each other rank, where the program said how many;
            empty for equal parts, None if they are shortened.
        peer: rank, in the whole job, of the other side of a message.
    """

    collective: str = ""
    in_size: Bytes | None = None
    out_size: Bytes | None = None
    group_size: int = 0
    ranks: tuple[NpuId, ...] = ()
    splits: tuple[tuple[int, ...] | None, tuple[int, ...] | None] | None = None
    peer: NpuId | None = None


NO_ARGUMENTS = KernelArguments()
"""Of what isn't a kernel, or a kernel that says nothing."""


def kernel_arguments(told: Mapping[str, object]) -> KernelArguments:
    """Decode arguments by Kineto's names; what makes no sense counts as not said.

    >>> told = {"Collective name": "allreduce", "In msg nelems": 65536, "dtype": "BFloat16"}
    >>> kernel_arguments(told).in_size
    131072
    """
    each = _element_bytes(told.get("dtype"))
    sent, received = _text(told.get("In split size")), _text(told.get("Out split size"))
    split = bool(sent.strip("[] ") or received.strip("[] "))
    peers = (_count(told.get(key)) for key in ("Dst Rank", "Src Rank"))
    return KernelArguments(
        collective=_text(told.get("Collective name")),
        in_size=_bytes(told.get("In msg nelems"), each),
        out_size=_bytes(told.get("Out msg nelems"), each),
        group_size=_count(told.get("Group size")) or 0,
        ranks=_ranks(told),
        splits=(_split(sent), _split(received)) if split else None,
        peer=next((peer for peer in peers if peer is not None), None),
    )


def _ranks(told: Mapping[str, object]) -> tuple[NpuId, ...]:
    """The members: listed; where a long list is shortened, by the first and the distance."""
    listed = _text(told.get("Process Group Ranks"))
    start, stride = _count(told.get("Global rank start")), _count(told.get("Global rank stride"))
    size = _count(told.get("Group size")) or 0
    if "..." in listed and start is not None and stride and size <= _LARGEST_GROUP:
        return tuple(range(start, start + stride * size, stride))
    return _numbers(listed)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _count(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value <= _LARGEST_COUNT else None


def _element_bytes(dtype: object) -> int | None:
    name = _text(dtype).lower()
    return 1 if name.startswith(_FLOAT8) else _ELEMENT_BYTES.get(name)


def _bytes(elements: object, each: int | None) -> Bytes | None:
    count = _count(elements)
    return None if count is None or each is None else count * each


def _split(text: str) -> tuple[int, ...] | None:
    """Split sizes: none for equal parts; None if they aren't said in full."""
    return _numbers(text) or (None if text.strip("[] ") else ())


def _numbers(text: str) -> tuple[int, ...]:
    # PyTorch shortens long lists to "[0, 1, ..., 31]".
    if not _NUMBERS.fullmatch(text):
        return ()
    return tuple(int(number) for number in text.strip("[] ").split(","))
