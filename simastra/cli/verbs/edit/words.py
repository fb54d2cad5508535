"""Words of the command line that say what is edited, and how."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import TypeVar

from simastra.cli.options.input_paths import (
    InputPath,
    InputTraces,
    calibration_file,
    system_file,
)
from simastra.cli.options.quantities import micros, size
from simastra.errors import TraceError
from simastra.reading import is_reference
from simastra.suggestions import unknown_name
from simastra.trace import CollectiveType, Node, NodeType
from simastra.trace.edit import Quantity, Selection
from simastra.trace.edit.scaling import exact_factor
from simastra.units import NpuId, micros_to_ns

_Member = TypeVar("_Member", bound=Enum)
_LARGEST = 10**9
_MOST_NPUS = 1_000_000
_LONGEST = 40  # letters of a number


def selection(word: str) -> Selection:
    """The type of ``--on``: one property that nodes have, such as ``name=attention``.

    Raises:
        argparse.ArgumentTypeError: if it isn't one.
    """
    key, equals, value = word.partition("=")
    read = _PROPERTIES.get(key)
    if read is None:
        raise argparse.ArgumentTypeError(unknown_name("property", key, _PROPERTIES))
    if not equals or not value:
        raise argparse.ArgumentTypeError(f"needs a value behind {key}=")
    return read(value)


def joined(selections: Iterable[Selection]) -> Selection:
    """What all of these select.

    Raises:
        TraceError: a property is given twice.
    """
    given: dict[str, object] = {}
    for one in selections:
        for name in Selection.__slots__:
            value = getattr(one, name)
            if value is not None and name in given:
                problem = f"{name} is narrowed twice; give all its values in one, with | between"
                raise TraceError(problem, source="--on")
            if value is not None:
                given[name] = value
    return Selection(**given)  # type: ignore[arg-type]  # as they came out of selections


def npus(word: str) -> tuple[NpuId, ...]:
    """The type of a list of NPUs, such as ``0-3,8`` or ``0-15:4``, each fourth one.

    >>> npus("0-3,8"), npus("1-15:4")
    ((0, 1, 2, 3, 8), (1, 5, 9, 13))

    Raises:
        argparse.ArgumentTypeError: if it isn't one.
    """
    found: list[NpuId] = []
    for part in word.split(","):
        found += _range(part, word)
    return tuple(found)


def _range(part: str, word: str) -> range:
    numbers, _, step = part.partition(":")
    first, dash, last = numbers.partition("-")
    digits = [first, last if dash else first, step or "1"]
    if not all(it.isascii() and it.isdigit() and int(it) < _LARGEST for it in digits):
        problem = f"must be NPUs such as 0-3,8 or 0-15:4, not {word!r}"
        raise argparse.ArgumentTypeError(problem)
    start, stop, stride = map(int, digits)
    if stop < start or not stride:
        raise argparse.ArgumentTypeError(f"has {part!r}, in which there is no NPU")
    places = range(start, stop + 1, stride)
    if len(places) > _MOST_NPUS:
        raise argparse.ArgumentTypeError(f"has {part!r}; at most {_MOST_NPUS:,} NPUs are possible")
    return places


def factor(word: str) -> Fraction:
    """The type of a factor, such as ``0.5`` or ``2/3``.

    Raises:
        argparse.ArgumentTypeError: if it isn't a number above 0, or is far too small or large.
    """
    try:
        value = Fraction(word if len(word) <= _LONGEST else "0")
        return exact_factor(value)
    except (ValueError, ZeroDivisionError, TraceError):
        problem = f"must be a number above 0, from 1e-12 to 1e12, such as 0.5 or 2/3, not {word!r}"
        raise argparse.ArgumentTypeError(problem) from None


def scaled(word: str) -> tuple[Quantity, Fraction]:
    """The type of ``--scale``: a factor, and before it what it is of, such as ``comm_size=2``.

    Raises:
        argparse.ArgumentTypeError: if it isn't one.
    """
    name, equals, number = word.rpartition("=")
    if not equals:
        return Quantity.DURATION, factor(word)
    known = {it.value: it for it in Quantity}
    if name not in known:
        raise argparse.ArgumentTypeError(unknown_name("quantity", name, known))
    return known[name], factor(number)


@dataclass(frozen=True, slots=True)
class Resizing:
    """Another degree of parallelism.

    Attributes:
        name: of which kind.
        degree: the new one.
        degrees: those that the trace was made for, in order of ranks; None to recognise them.
    """

    name: str
    degree: int
    degrees: Mapping[str, int] | None


def resizing(word: str) -> Resizing:
    """The type of ``--resize``: such as ``dp=8``, or ``dp=8:tp=2,dp=4,pp=2``.

    Raises:
        argparse.ArgumentTypeError: if it isn't that.
    """
    new, colon, old = word.partition(":")
    name, degree = _degree(new, word)
    degrees = [_degree(it, word) for it in old.split(",")] if colon else []
    if colon and (name not in dict(degrees) or len(dict(degrees)) < len(degrees)):
        problem = f"must list each degree once, that of {name} among them, not {old!r}"
        raise argparse.ArgumentTypeError(problem)
    return Resizing(name, degree, dict(degrees) if colon else None)


def _degree(part: str, word: str) -> tuple[str, int]:
    name, _, number = part.partition("=")
    if not name or not (number.isascii() and number.isdigit()) or not 0 < int(number) < _LARGEST:
        problem = f"must be a degree such as dp=8, or dp=8:tp=2,dp=4,pp=2, not {word!r}"
        raise argparse.ArgumentTypeError(problem)
    return name, int(number)


@dataclass(frozen=True, slots=True)
class OtherJob:
    """Another trace, and where its NPUs are.

    Attributes:
        prefix: of its files.
        npus: a place for each of its NPUs.
    """

    prefix: InputTraces
    npus: tuple[NpuId, ...]


def other_job(word: str) -> OtherJob:
    """The type of ``--merge``: a trace and its places, such as ``b@4-7``.

    Raises:
        argparse.ArgumentTypeError: if it isn't one.
    """
    prefix, at, places = word.rpartition("@")
    if not (prefix and at and places):
        raise argparse.ArgumentTypeError(f"must be PREFIX@NPUS such as b@4-7, not {word!r}")
    return OtherJob(InputTraces(prefix), npus(places))


def timed_by(word: str) -> InputPath:
    """The type of what tells times: a system file, a machine or a calibration.

    Raises:
        argparse.ArgumentTypeError: if it is empty.
    """
    return system_file(word) if is_reference(word) else calibration_file(word)


def swapped(word: str) -> tuple[CollectiveType, tuple[CollectiveType, ...]]:
    """The type of ``--swap``: a collective, and what stands in its place.

    Raises:
        argparse.ArgumentTypeError: if it isn't that.
    """
    before, equals, after = word.partition("=")
    if not (before and equals and after):
        problem = f"must be such as ALL_REDUCE=REDUCE_SCATTER+ALL_GATHER, not {word!r}"
        raise argparse.ArgumentTypeError(problem)
    (old,) = _COLLECTIVES(before)
    return old, tuple(next(iter(_COLLECTIVES(it))) for it in after.split("+"))


def on_or_off(word: str) -> bool:
    """The type of a switch.

    Raises:
        argparse.ArgumentTypeError: if it is neither on nor off.
    """
    if word not in {"on", "off"}:
        raise argparse.ArgumentTypeError(f"must be on or off, not {word!r}")
    return word == "on"


def node(word: str) -> Node:
    """The type of a node to insert, such as ``COMP:wait:50us`` or ``ALL_REDUCE:sum:1MiB``.

    Raises:
        argparse.ArgumentTypeError: if it isn't one.
    """
    kind, _, rest = word.partition(":")
    name, _, amount = rest.rpartition(":")
    if not (kind and name and amount):
        problem = f"must be such as COMP:NAME:50us or ALL_REDUCE:NAME:1MiB, not {word!r}"
        raise argparse.ArgumentTypeError(problem)
    if kind.upper() == NodeType.COMP.name:
        duration = micros_to_ns(micros(amount))
        return Node(0, name, NodeType.COMP, duration=duration, is_cpu_op=False)
    (collective,) = _COLLECTIVES(kind)
    return Node(
        0,
        name,
        NodeType.COMM_COLL,
        is_cpu_op=False,
        comm_type=collective,
        comm_size=size(amount),
    )


def pair(word: str) -> tuple[str, str]:
    """The type of two names with a colon between.

    Raises:
        argparse.ArgumentTypeError: if it isn't that.
    """
    first, colon, second = word.partition(":")
    if not (first and colon and second):
        raise argparse.ArgumentTypeError(f"must be two names such as bf16:fp8, not {word!r}")
    return first, second


def _members(kind: type[_Member], what: str) -> Callable[[str], frozenset[_Member]]:
    known = {it.name: it for it in kind}

    def read(value: str) -> frozenset[_Member]:
        names = value.upper().replace("-", "_").split("|")
        for name in names:
            if name not in known:
                raise argparse.ArgumentTypeError(unknown_name(what, name, known))
        return frozenset(known[name] for name in names)

    return read


def _named(value: str) -> Selection:
    try:
        return Selection(name=value)
    except TraceError as error:
        raise argparse.ArgumentTypeError(error.problem) from None


_TYPES = _members(NodeType, "type of node")
_COLLECTIVES = _members(CollectiveType, "collective")

_PROPERTIES: Mapping[str, Callable[[str], Selection]] = {
    "name": _named,
    "type": lambda value: Selection(types=_TYPES(value)),
    "npu": lambda value: Selection(npus=frozenset(npus(value))),
    "purpose": lambda value: Selection(purposes=frozenset(value.split("|"))),
    "collective": lambda value: Selection(collectives=_COLLECTIVES(value)),
}
"""Properties of nodes, and how their values are read."""
