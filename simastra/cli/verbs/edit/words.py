"""Words of the command line that say how something is edited."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from simastra.cli.options.input_paths import InputPath, InputTraces, calibration_file, system_file
from simastra.cli.options.quantities import micros, size
from simastra.errors import TraceError
from simastra.reading import is_reference
from simastra.suggestions import unknown_name
from simastra.trace import CollectiveType, Node, NodeType
from simastra.trace.edit import ScaledQuantity
from simastra.trace.edit.scaling import exact_factor
from simastra.units import NpuId, micros_to_ns

from .selections import COLLECTIVES, npus

_LARGEST = 10**9
_LONGEST = 40  # letters of a number


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


def scaled(word: str) -> tuple[ScaledQuantity, Fraction]:
    """The type of ``--scale``: a factor, and before it what it is of, such as ``comm_size=2``.

    Raises:
        argparse.ArgumentTypeError: if it isn't one.
    """
    name, equals, number = word.rpartition("=")
    if not equals:
        return ScaledQuantity.DURATION, factor(word)
    known = {it.value: it for it in ScaledQuantity}
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
class OtherTrace:
    """Another trace, and where its NPUs are.

    Attributes:
        prefix: of its files.
        npus: a place for each of its NPUs.
    """

    prefix: InputTraces
    npus: tuple[NpuId, ...]


def other_trace(word: str) -> OtherTrace:
    """The type of ``--merge``: a trace and its places, such as ``b@4-7``.

    Raises:
        argparse.ArgumentTypeError: if it isn't one.
    """
    prefix, at, places = word.rpartition("@")
    if not (prefix and at and places):
        raise argparse.ArgumentTypeError(f"must be PREFIX@NPUS such as b@4-7, not {word!r}")
    return OtherTrace(InputTraces(prefix), npus(places))


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
    (old,) = COLLECTIVES(before)
    return old, tuple(next(iter(COLLECTIVES(it))) for it in after.split("+"))


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
    (collective,) = COLLECTIVES(kind)
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
