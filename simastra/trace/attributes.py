"""The attributes of a node: what each one may hold, and how it is written.

A file may give an attribute any of protobuf's types; tools differ. What counts is that the value
fits: every integer type is as good as another, a float serves if it is whole, 0 and 1 serve as
False and True. Whatever is read or written passes the same converter, so what is written can be
read. (Behaviour 1.8 and 7.2.)
"""

from collections.abc import Callable
from operator import index
from typing import SupportsIndex, TypeAlias

from simastra.quick_dataclass import dataclass
from simastra.trace.nodes import CollectiveType, TensorUse

Stored: TypeAlias = int | float | bool | str | bytes | tuple[object, ...]
"""An attribute's value as a file holds it; a tuple stands for one of the list types."""

Converted: TypeAlias = int | bool | str | tuple[bool, ...] | tuple[int, ...] | tuple[TensorUse, ...]
"""An attribute's value as a Node holds it."""

Known: TypeAlias = tuple[str, Converted]
"""An attribute that a Node has a field for: the field's name and its value."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """One known attribute; its name is also the name of Node's field.

    Attributes:
        kind: the member of AttributeProto's oneof that is written.
        convert: from any stored value; raises ValueError, whose text says what is wanted.
        without_value: what the name without any value stands for, as some tools write for an empty
            list; None for no more than if the attribute were absent.
    """

    kind: str
    convert: Callable[[Stored], Converted]
    without_value: Converted | None = None


_COLLECTIVES = {int(collective): collective for collective in CollectiveType}

_LARGEST_SIZE = 2**64 - 1  # ASTRA-sim reads a tensor's size as uint64
_MOST_OF_A_STEP = 10**30  # far beyond any step, and its rates are still numbers of a float
_SHOWN_LETTERS = 40  # of a tensor's name or wrong size, in an error message

_FLAGS: dict[float, bool] = {0: False, 1: True}  # finds False, True, 0.0 and 1.0 as well


def _whole(value: Stored | SupportsIndex, wanted: str) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, SupportsIndex) and not isinstance(value, bool):  # NumPy's, from Python
        return index(value)
    raise ValueError(wanted)


def _natural(value: Stored | SupportsIndex, wanted: str) -> int:
    number = _whole(value, wanted)
    if number < 0:
        raise ValueError(wanted)
    return number


def count(value: Stored) -> int:
    """Return a stored value as a whole number, 0 or more; raises ValueError as converters do."""
    return _natural(value, "a whole number, 0 or more")


def step_total(value: Stored) -> int:
    """Return what is said of a whole step as a whole number; raises ValueError as converters do."""
    number = count(value)
    if number > _MOST_OF_A_STEP:
        raise ValueError("a whole number, at most 10^30")
    return number


def nanoseconds(value: Stored) -> int:
    """Return a stored value as a duration; raises ValueError as converters do."""
    return _natural(value, "a whole number of ns, 0 or more")


def _size(value: Stored) -> int:
    return _natural(value, "a whole number of bytes, 0 or more")


def member_sizes(value: Stored) -> tuple[int, ...]:
    """Return a stored value as bytes for each member; raises ValueError as converters do."""
    wanted = "a list of whole numbers of bytes, 0 or more, one for each member"
    if not isinstance(value, tuple) or not value:
        raise ValueError(wanted)
    sizes = []
    for item in value:
        if not isinstance(item, int | float | SupportsIndex):
            raise ValueError(wanted)  # noqa: TRY004 - the one error that a converter raises
        sizes.append(_natural(item, wanted))
    return tuple(sizes)


def _npu(value: Stored) -> int:
    return _natural(value, "an NPU, 0 or more")


def _priority(value: Stored) -> int:
    return _whole(value, "a whole number")


def _as_flag(value: object) -> bool | None:
    return _FLAGS.get(value) if isinstance(value, int | float) else None


def _flag(value: Stored) -> bool:
    flag = _as_flag(value)
    if flag is None:
        raise ValueError("true or false")
    return flag


def _flags(value: Stored) -> tuple[bool, ...]:
    wanted = "a list of true or false"
    if not isinstance(value, tuple):
        raise ValueError(wanted)  # noqa: TRY004 - the one error that a converter raises
    flags = []
    for item in value:
        flag = _as_flag(item)
        if flag is None:
            raise ValueError(wanted)
        flags.append(flag)
    return tuple(flags)


def _collective(value: Stored) -> CollectiveType:
    wanted = "a collective type from 0 (ALL_REDUCE) to 9 (BARRIER)"
    collective = _COLLECTIVES.get(_whole(value, wanted))
    if collective is None:
        raise ValueError(wanted)
    return collective


def _text(value: Stored) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):  # a process group's number
        return str(value)
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            pass
    raise ValueError("text")


def _tensors(value: Stored) -> tuple[TensorUse, ...]:
    items = stored_items(value) if isinstance(value, tuple) else None
    if items is None or len(items) % 2 or not all(isinstance(item, str) for item in items):
        raise ValueError("a list of texts, tensor names and sizes in turn,")
    texts = [str(item) for item in items]
    pairs = zip(texts[::2], texts[1::2], strict=True)
    return tuple(TensorUse(name, _tensor_size(name, size)) for name, size in pairs)


def _tensor_size(name: str, shown: str) -> int:
    # The symbolic tensor graph writes sizes as floats, "134217728.0".
    text = shown.removesuffix(".0")
    # The length comes first: Python refuses to read a number of thousands of digits.
    digits = len(text) <= len(str(_LARGEST_SIZE)) and text.isascii() and text.isdigit()
    if not digits or int(text) > _LARGEST_SIZE:
        raise ValueError(
            f"a whole number of bytes, 0 or more, instead of {shown[:_SHOWN_LETTERS]!r}, "
            f"as the size of {name[:_SHOWN_LETTERS]!r}"
        )
    return int(text)


def stored_items(values: tuple[object, ...]) -> list[object]:
    """Return a list's items as a file holds them: a tensor is two, its name and its size.

    >>> stored_items((TensorUse("w", 8), TensorUse("x", 16)))
    ['w', '8', 'x', '16']
    """
    items: list[object] = []
    for value in values:
        items += (value.name, str(value.size)) if isinstance(value, TensorUse) else (value,)
    return items


ATTRIBUTES = {
    # In the order in which they are written: ASTRA-sim at hoti2024 loses an involved_dim that
    # stands before comm_type (behaviour 7.2 #3). The kinds are those that all versions read
    # right: micro2024 reads any other one as 0 (1.9).
    "is_cpu_op": Attribute("bool_val", _flag),
    "comm_type": Attribute("int64_val", _collective),
    "comm_size": Attribute("int64_val", _size),
    "involved_dim": Attribute("bool_list", _flags),
    "comm_priority": Attribute("int32_val", _priority),
    "comm_src": Attribute("int32_val", _npu),
    "comm_dst": Attribute("int32_val", _npu),
    "comm_tag": Attribute("int32_val", count),
    "num_ops": Attribute("int64_val", count),
    "tensor_size": Attribute("uint64_val", _size),
    "purpose": Attribute("string_val", _text),
    "pg_name": Attribute("string_val", _text),
    "inputs": Attribute("string_list", _tensors, without_value=()),
    "outputs": Attribute("string_list", _tensors, without_value=()),
    "comm_uneven": Attribute("bool_val", _flag),
    "comm_sizes": Attribute("int64_list", member_sizes),
    "duration_nanos": Attribute("uint64_val", nanoseconds),
}
"""The attributes that a Node has, by name."""


def known_value(name: str, stored: Stored | None) -> Known | None:
    """Return the field of a Node and its value, None for an attribute that has none.

    Args:
        name: of the attribute.
        stored: what it holds, None for nothing.

    Raises:
        ValueError: the value is of no use; the text says what is wanted.
    """
    known = ATTRIBUTES.get(name)
    if known is None:
        return None
    if stored is not None:
        return name, known.convert(stored)
    return None if known.without_value is None else (name, known.without_value)
