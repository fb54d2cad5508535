"""An operator's arguments as a host trace would have them, from what Kineto tells of them.

Kineto has shapes and types, if shapes were recorded, and scalars' values; no numbers of tensors.
"""

import json
from collections.abc import Sequence
from math import prod
from types import MappingProxyType

from simastra.convert.json_stream import Members
from simastra.convert.pytorch.operators import NO_VALUES, Arguments, Json

_ELEMENT_BYTES = MappingProxyType(
    # Names of C++, as Kineto has them.
    dict.fromkeys(("signed char", "unsigned char", "bool"), 1)
    | dict.fromkeys(("short", "c10::Half", "c10::BFloat16", "unsigned short"), 2)
    | dict.fromkeys(("int", "float", "unsigned int"), 4)
    | dict.fromkeys(("long", "long int", "double", "unsigned long", "c10::complex<float>"), 8)
    | {"c10::complex<double>": 16}
)
_FLOAT8 = "c10::Float8"
_TENSORS = "TensorList"
_LARGEST = 2**62


def arguments_of(told: Members) -> Arguments:
    """Return an operator's inputs; a tensor has no number, so that no two are known to be one.

    >>> told = {"Input Dims": [[4, 8], []], "Input type": ["float", "Scalar"],
    ...     "Concrete Inputs": ["", "3"]}
    >>> arguments_of(told).values
    [[0, 0, 0, 32, 4, ''], 3]
    """
    dims, types = told.get("Input Dims"), told.get("Input type")
    if not isinstance(dims, list) or not isinstance(types, list):
        return NO_VALUES
    concrete = told.get("Concrete Inputs")
    scalars = concrete if isinstance(concrete, list) else []
    values: list[Json] = []
    for at, (shape, kind) in enumerate(zip(dims, types, strict=False)):
        values.append(_value(shape, kind, scalars[at] if at < len(scalars) else ""))
    return Arguments(values, [], [])


def _value(shape: object, kind: object, scalar: object) -> Json:
    each = _element_bytes(kind)
    if each is not None and isinstance(shape, list):
        return _tensor(shape, each)
    if kind == _TENSORS:
        return None  # of which nothing tells how large an element is
    try:
        value: Json = json.loads(scalar) if isinstance(scalar, str) and scalar else None
    except (ValueError, RecursionError):
        return {"True": True, "False": False}.get(str(scalar))
    return value


def _element_bytes(kind: object) -> int | None:
    if not isinstance(kind, str):
        return None
    return 1 if kind.startswith(_FLOAT8) else _ELEMENT_BYTES.get(kind)


def _tensor(shape: Sequence[object], each: int) -> Json:
    sizes = [size for size in shape if isinstance(size, int) and 0 <= size <= _LARGEST]
    if len(sizes) != len(shape):
        return None
    return [0, 0, 0, min(prod(sizes), _LARGEST), each, ""]
