"""Axes: what a study varies, and which values it takes."""

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import TypeAlias

from simastra import quantities
from simastra.config.messages import show, show_key, unknown_key

from .key_paths import KeyPath, KeyPathError

Value: TypeAlias = object
"""What JSON has: numbers, texts, truth values, lists, mappings."""

Setting: TypeAlias = Mapping[str, Value]
"""The value of each axis by its name, in the study's order."""

AXIS_KEYS: Mapping[str, str] = MappingProxyType(
    {
        "key": "what the values are written to, of an axis with a name of its own",
        "keys": "the same, of values that go together: each is a list with one for each key",
        "values": "all of them",
        "linear": "both ends of a range",
        "log": "both ends of a range whose values grow by the same factor",
        "points": "how many values a range has",
        "step": "between the values of a linear range",
        "factor": "between the values of a logarithmic range",
        "whole": "whether the values of a range are rounded",
    }
)
"""Keys of an axis that says more than a list of values."""

_MOST_VALUES = 1_000_000
_COUNTED_IN = (
    (quantities.SIZE, "B"),
    (quantities.DURATION, "ns"),
    (quantities.BANDWIDTH, "GB/s"),
    (quantities.COMPUTE_RATE, "TFLOP/s"),
)
_CLOSE = 1e-9
"""Of a number on a logarithmic range that is meant to be whole: by how much powers miss it."""


class AxisError(ValueError):
    """An axis makes no sense.

    Attributes:
        within: where in it, as ``.log`` or ``[2]``; empty for all of it.
    """

    def __init__(self, problem: str, within: str = "") -> None:
        self.within = within
        super().__init__(problem)


@dataclass(frozen=True, slots=True)
class Axis:
    """What is varied.

    Attributes:
        name: of the axis, its key path unless it has a name of its own.
        keys: what its values are written to; several are zipped: each value has an entry for each.
        values: at least one.
    """

    name: str
    keys: tuple[KeyPath, ...]
    values: tuple[Value, ...]

    def parts(self, value: Value) -> Iterator[tuple[KeyPath, Value]]:
        """The key paths that one of its values is written to, each with what is written."""
        if len(self.keys) == 1:
            yield self.keys[0], value
        else:
            assert isinstance(value, list)
            yield from zip(self.keys, value, strict=True)


Plain: TypeAlias = Callable[[KeyPath, Value], Value]
"""A value as the file that a key path leads into has it: without its unit, for instance."""


def read_axis(name: str, written: object, plain: Plain) -> Axis:
    """Read an axis.

    Args:
        name: as the study has it.
        written: a list of values, or a mapping that says more.
        plain: makes values plain.

    Raises:
        AxisError: it makes no sense.
    """
    if isinstance(written, Mapping):
        for key in written:
            if key not in AXIS_KEYS:
                raise AxisError(unknown_key(key, AXIS_KEYS), f".{show_key(key)}")
        keys = key_paths(name, written)
        values = _values(written)
    else:
        keys, values = (_key_path(name, ""),), _listed(written, "")
    if not values:
        raise AxisError("has no values; give at least one")
    if len(values) > _MOST_VALUES:
        raise AxisError(f"has {len(values):,} values; at most {_MOST_VALUES:,} are possible")
    within = ".values" if isinstance(written, Mapping) and "values" in written else ""
    is_listed = within or not isinstance(written, Mapping)
    places = (f"{within}[{at}]" if is_listed else "" for at in range(len(values)))
    pairs = zip(values, places, strict=True)
    return Axis(name, keys, tuple(_plain_value(keys, it, place, plain) for it, place in pairs))


def _plain_value(keys: tuple[KeyPath, ...], value: Value, place: str, plain: Plain) -> Value:
    try:
        return _plain_parts(keys, value, plain)
    except AxisError as error:
        raise AxisError(str(error), place) from None


def _plain_parts(keys: tuple[KeyPath, ...], value: Value, plain: Plain) -> Value:
    if len(keys) == 1:
        return plain(keys[0], value)
    if not isinstance(value, list) or len(value) != len(keys):
        given = f"a list of {len(value)}" if isinstance(value, list) else show(value)
        raise AxisError(f"must be a list of {len(keys)}, a value for each key, not {given}")
    return [plain(key, it) for key, it in zip(keys, value, strict=True)]


def key_paths(name: str, written: Mapping[str, object]) -> tuple[KeyPath, ...]:
    """What an axis that is written as a mapping varies.

    Raises:
        AxisError: that isn't said, or not by key paths.
    """
    if "key" in written and "keys" in written:
        raise AxisError("has both key and keys; give only one of them", ".key")
    if "keys" in written:
        keys = _listed(written["keys"], ".keys")
        if not keys:
            raise AxisError("is empty; name the keys that go together", ".keys")
        return tuple(_key_path(key, f".keys[{at}]") for at, key in enumerate(keys))
    if "key" in written:
        return (_key_path(written["key"], ".key"),)
    return (_key_path(name, ""),)


def _key_path(text: object, within: str) -> KeyPath:
    if not isinstance(text, str):
        raise AxisError(
            f"must be a key path such as network.bandwidth[0], not {show(text)}", within
        )
    try:
        return KeyPath.parse(text)
    except KeyPathError as error:
        raise AxisError(str(error), within) from None


def _listed(written: object, within: str) -> list[object]:
    if not isinstance(written, list | tuple):
        raise AxisError(f"must be a list, not {show(written)}", within)
    return list(written)


def _values(written: Mapping[str, object]) -> list[Value]:
    given = [key for key in ("values", "linear", "log") if key in written]
    if len(given) != 1:
        said = f"has {' and '.join(given)}" if given else "says no values"
        raise AxisError(f"{said}; give one of values, linear and log")
    (kind,) = given
    if kind == "values":
        for key in ("points", "step", "factor", "whole"):
            if key in written:
                raise AxisError("is for a range, linear or log, not for values", f".{key}")
        return _listed(written["values"], ".values")
    return _range(kind, written)


def _range(kind: str, written: Mapping[str, object]) -> list[Value]:
    """Values from one end to another, both included."""
    ends = _listed(written[kind], f".{kind}")
    if len(ends) != 2:  # noqa: PLR2004  # the two ends
        raise AxisError(f"must be the two ends of the range, not a list of {len(ends)}", f".{kind}")
    first, last, unit = _ends(ends, f".{kind}")
    other = "factor" if kind == "linear" else "step"
    if other in written:
        raise AxisError(f"is no part of a range that is {kind}", f".{other}")
    if kind == "log" and min(first, last) <= 0:
        raise AxisError("must have ends larger than 0", ".log")
    numbers = list(_numbers(kind, first, last, written))
    is_whole = bool(_flag(written.get("whole", False))) or unit == "B"
    values = [_shown(it, is_whole=is_whole) for it in numbers]
    return list(dict.fromkeys(f"{it}{unit}" if unit not in ("", "B") else it for it in values))


def _flag(written: object) -> object:
    if written not in (True, False, 0, 1):
        raise AxisError(f"must be true or false, not {show(written)}", ".whole")
    return written


def _numbers(
    kind: str, first: Fraction, last: Fraction, written: Mapping[str, object]
) -> Iterator[Fraction | float]:
    by = "step" if kind == "linear" else "factor"
    if ("points" in written) == (by in written):
        raise AxisError(f"needs points, how many there are, or a {by}; give one of them")
    if by in written:
        yield from _steps(kind, first, last, written[by])
        return
    points = written["points"]
    if isinstance(points, bool) or not isinstance(points, int) or not 1 <= points <= _MOST_VALUES:
        problem = f"must be a whole number from 1 to {_MOST_VALUES:,}, not {show(points)}"
        raise AxisError(problem, ".points")
    for at in range(points):
        part = Fraction(at, max(points - 1, 1))
        if kind == "linear" or part in (0, 1):
            yield first + (last - first) * part
        else:
            yield math.exp(math.log(first) * (1 - part) + math.log(last) * part)


def _steps(kind: str, first: Fraction, last: Fraction, by: object) -> Iterator[Fraction]:
    step = _fraction(by)
    least = 0 if kind == "linear" else 1
    if step is None or step <= least:
        name = "step" if kind == "linear" else "factor"
        raise AxisError(f"must be a number larger than {least}, not {show(by)}", f".{name}")
    is_up = last >= first
    count = 0
    while (first <= last) if is_up else (first >= last):
        yield first
        count += 1
        if count > _MOST_VALUES:
            raise AxisError(f"has more than {_MOST_VALUES:,} values")
        if kind == "linear":
            first += step if is_up else -step
        else:
            first = first * step if is_up else first / step


def _ends(ends: list[object], within: str) -> tuple[Fraction, Fraction, str]:
    """Both ends, and the unit that they are counted in."""
    (first, unit), (last, other) = (_end(it, f"{within}[{at}]") for at, it in enumerate(ends))
    if unit != other:
        raise AxisError("has ends of different kinds; give both the same unit", within)
    return first, last, unit


def _end(written: object, within: str) -> tuple[Fraction, str]:
    number = _fraction(written)
    if number is not None:
        return number, ""
    for kind, unit in _COUNTED_IN if isinstance(written, str) else ():
        with suppress(quantities.QuantityError):
            return kind.read(str(written)) / kind.units[unit], unit
    problem = f"must be a number, or a quantity with its unit, not {show(written)}"
    raise AxisError(problem, within)


def _fraction(written: object) -> Fraction | None:
    if isinstance(written, bool) or not isinstance(written, int | float):
        return None
    return Fraction(written) if math.isfinite(written) else None


def _shown(number: Fraction | float, *, is_whole: bool) -> int | float:
    nearest = round(number)
    if is_whole or abs(float(number) - nearest) <= _CLOSE * abs(nearest):
        return nearest
    return float(number)
