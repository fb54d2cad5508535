"""What programs may ask a calibration for, whatever a type checker has seen of them."""

from numbers import Integral

from simastra.errors import ArgumentError, InputError
from simastra.trace import CollectiveType
from simastra.units import Bytes

_MOST_NPUS = 10**12
_LARGEST = 2**100  # what is computed with less stays a float


def check_collective(kind: CollectiveType, size: Bytes, npus: int, nodes: int) -> None:
    """Refuse what no collective is.

    Raises:
        ArgumentError: something is of another type.
        InputError: no collective has such a size, or so many members.
    """
    if not isinstance(kind, CollectiveType):
        raise ArgumentError("kind", "a CollectiveType", kind)
    numbers: dict[str, object] = {"size": size, "npus": npus, "nodes": nodes}
    for name, value in numbers.items():
        if not isinstance(value, Integral):
            raise ArgumentError(name, "a whole number", value)
    check_size(size)
    if not 1 <= nodes <= npus:
        raise InputError(f"{npus} NPUs can't be of {nodes} nodes; of as many as 1 to {npus}")
    if npus > _MOST_NPUS:
        raise InputError(f"collectives are priced among {_MOST_NPUS:,} NPUs at most")


def check_size(size: Bytes) -> None:
    """Refuse what nobody can send.

    Raises:
        InputError: it is less than nothing, or more than a float can count.
    """
    if not 0 <= size <= _LARGEST:
        raise InputError(f"sizes are from 0 to 2^{_LARGEST.bit_length() - 1} bytes")
