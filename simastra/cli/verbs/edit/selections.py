"""Words of the command line that say what is edited: nodes by their properties, NPUs."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from typing import TypeVar

from simastra.errors import TraceError
from simastra.suggestions import unknown_name
from simastra.trace import CollectiveType, NodeType
from simastra.trace.edit import Selection
from simastra.units import NpuId

_Member = TypeVar("_Member", bound=Enum)
_LARGEST = 10**9
_MOST_NPUS = 1_000_000


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
COLLECTIVES = _members(CollectiveType, "collective")
"""Reads names of collectives with | between."""

_PROPERTIES: Mapping[str, Callable[[str], Selection]] = {
    "name": _named,
    "type": lambda value: Selection(types=_TYPES(value)),
    "npu": lambda value: Selection(npus=frozenset(npus(value))),
    "purpose": lambda value: Selection(purposes=frozenset(value.split("|"))),
    "collective": lambda value: Selection(collectives=COLLECTIVES(value)),
}
"""Properties of nodes, and how their values are read."""
