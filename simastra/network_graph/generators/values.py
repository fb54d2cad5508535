"""Values of generators' parameters: read, and refused with the name of the parameter."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from fractions import Fraction

from simastra.errors import OptionError
from simastra.network_graph.assembling import MOST_LINKS, MOST_NODES
from simastra.network_graph.model import LinkAttributes
from simastra.quantities import BANDWIDTH, DURATION, QuantityError, QuantityKind


def check_count(option: str, value: int, least: int = 1) -> int:
    """A number that is large enough, and no accident.

    Raises:
        OptionError: if it isn't.
    """
    if not least <= value <= MOST_NODES:
        raise OptionError(option, f"must be from {least} to {MOST_NODES:,}, not {value:,}")
    return value


def check_size(option: str, npus: int, links: int) -> None:
    """Refuse far more than anybody builds.

    Args:
        option: with which it grows.
        npus: number of NPUs.
        links: number of links, each way counted.

    Raises:
        OptionError: if it is.
    """
    if npus > MOST_NODES or links > MOST_LINKS:
        raise OptionError(
            option,
            f"makes {npus:,} NPUs and {links:,} links; at most {MOST_NODES:,} NPUs and "
            f"{MOST_LINKS:,} links are made",
        )


def shape_of(option: str, value: str | Sequence[int], least: int = 2) -> tuple[int, ...]:
    """Numbers along dimensions.

    Raises:
        OptionError: if they are none, or one is less than `least`.
    """
    if isinstance(value, str):
        if not re.fullmatch(r"[0-9]{1,9}(x[0-9]{1,9})*", value):
            raise OptionError(option, f"must be numbers such as 4x4x8, not {value!r}")
        value = [int(word) for word in value.split("x")]
    shape = tuple(value)
    if not shape or min(shape) < least:
        shown = "x".join(map(str, shape)) or "nothing"
        raise OptionError(option, f"must have {least} or more along each dimension, not {shown}")
    check_size(option, math.prod(shape), 2 * len(shape) * math.prod(shape))
    return shape


def ratio_of(option: str, value: str | float | None) -> Fraction:
    """A ratio of 1 or more; 1 if none is given.

    >>> ratio_of("oversubscription", "3:1"), ratio_of("oversubscription", 1.5)
    (Fraction(3, 1), Fraction(3, 2))

    Raises:
        OptionError: if it isn't one.
    """
    if value is None:
        return Fraction(1)
    number = r"[0-9]{1,6}(?:\.[0-9]{1,6})?"
    match = re.fullmatch(rf"({number})(?::({number}))?", str(value))
    ratio = Fraction(0)
    if match is not None and (below := Fraction(match[2] or 1)):
        ratio = Fraction(match[1]) / below
    if ratio < 1:
        raise OptionError(option, f"must be 1 or more, such as 3 or 3:1, not {value!r}")
    return ratio


def link(
    bandwidth: str | float,
    latency: str | float,
    kind: str = "",
    *,
    option: str = "",
    dimension: int | None = None,
) -> LinkAttributes:
    """A link.

    Args:
        bandwidth: with a unit, or in GB/s of 10^9 bytes.
        latency: with a unit, or in ns.
        kind: what it is.
        option: what the names of its two parameters begin with.
        dimension: the logical dimension that it belongs to.

    Raises:
        OptionError: if one of them is no such quantity, or the bandwidth is 0.
    """
    rate = _quantity(f"{option}bandwidth", bandwidth, BANDWIDTH, "GB/s")
    if rate <= 0:
        raise OptionError(f"{option}bandwidth", f"must be larger than 0, not {bandwidth}")
    delay = _quantity(f"{option}latency", latency, DURATION, "ns")
    return LinkAttributes(rate, delay, kind, dimension)


def _quantity(option: str, value: str | float, kind: QuantityKind, bare: str) -> float:
    try:
        return float(kind.read(str(value), bare=bare))
    except QuantityError as error:
        raise OptionError(option, str(error)) from None
    except OverflowError:
        raise OptionError(option, f"is too large: {value}") from None
