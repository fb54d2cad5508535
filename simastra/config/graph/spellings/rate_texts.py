"""Bandwidths and latencies as files of other programs have them: numbers, or text with a unit."""

from __future__ import annotations

import re
from collections.abc import Callable

from pydantic_core import PydanticCustomError

from simastra import quantities
from simastra.config.fields import finite, rate
from simastra.config.graph.wrong import KeyedError
from simastra.config.messages import show
from simastra.units import BytesPerNs

LANES = 16
"""Lanes of a link of which only the transfers of one are given, as of PCIe: the width of the slots
of accelerators and NICs."""

_BITS_OF_A_BYTE = 8
_TRANSFERS = re.compile(r"\s*([0-9.]{1,30})\s*GT/?s?(?:ps)?\s*", re.ASCII)
_ETHERNET = re.compile(r"\s*([0-9.]{1,30})\s*G\s*", re.ASCII)


def bandwidth(value: object, key: str) -> BytesPerNs:
    """A bandwidth: a number of GB/s (10^9 bytes), or text such as ``400Gbps`` or ``32 GT/s``.

    Text without bytes or bits, such as ``400G``, is in bits, as people call Ethernet's ports.

    Args:
        value: as the file has it.
        key: where it stands.

    Raises:
        KeyedError: it is no bandwidth, or not above 0.
    """
    number = _number(value, key, rate, _bandwidth_in)
    if number <= 0:
        raise KeyedError(f"must be larger than 0, not {show(value)}", key)
    return number


def latency(value: object, key: str) -> float:
    """A latency in ns: a number of them, or text such as ``0.5us``.

    Raises:
        KeyedError: it is no latency, or negative.
    """
    number = _number(value, key, finite, lambda text: float(quantities.DURATION.read(text)))
    if number < 0:
        raise KeyedError(f"must be 0 or more, not {show(value)}", key)
    return number


def is_in_transfers(value: object) -> bool:
    """Whether a bandwidth is text that counts transfers, of an unknown number of lanes.

    >>> is_in_transfers("32 GTps"), is_in_transfers("400Gbps"), is_in_transfers(50)
    (True, False, False)
    """
    return isinstance(value, str) and _TRANSFERS.fullmatch(value) is not None


def gigatransfers(number: float) -> BytesPerNs:
    """The bandwidth of `LANES` lanes that each carry a bit a transfer.

    >>> gigatransfers(32)
    64.0
    """
    return number * LANES / _BITS_OF_A_BYTE


def gigabits(number: float) -> BytesPerNs:
    """The bandwidth of so many gigabits a second.

    >>> gigabits(400)
    50.0
    """
    return number / _BITS_OF_A_BYTE


def _number(
    value: object, key: str, plain: Callable[[object], float], in_unit: Callable[[str], float]
) -> float:
    try:
        if isinstance(value, str) and any(map(str.isdigit, value)):
            return plain(_plain(value) if _is_plain(value) else in_unit(value))
        return plain(value)
    except quantities.QuantityError as error:
        raise KeyedError(str(error), key) from None
    except PydanticCustomError as error:
        raise KeyedError(error.message(), key) from None


def _is_plain(text: str) -> bool:
    return (
        re.fullmatch(r"\s*[-+]?[0-9.]{1,30}([eE][-+]?[0-9]{1,3})?\s*", text, re.ASCII) is not None
    )


def _plain(text: str) -> object:
    try:
        return float(text)
    except ValueError:
        return text


def _bandwidth_in(text: str) -> BytesPerNs:
    for pattern, worth in ((_TRANSFERS, gigatransfers), (_ETHERNET, gigabits)):
        if (found := pattern.fullmatch(text)) and isinstance(number := _plain(found[1]), float):
            return worth(number)
    return float(quantities.BANDWIDTH.read(text))
