"""Which NPUs a section is about: ``3``, ``8-15``, ``every 8``, ``group tp``, ``all``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, TypeAlias

from pydantic import BeforeValidator, WithJsonSchema

from simastra.config.messages import problem, show, show_key
from simastra.units import NpuId

from .selector_syntax import SelectorSyntax, check_keys

_RANGE = re.compile(r"([0-9]{1,10})(?:\s*-\s*([0-9]{1,10}))?")
_EVERY = re.compile(r"every\s+([0-9]{1,10})(?:\s+from\s+([0-9]{1,10}))?")
_GROUP = re.compile(r"group\s+(\S.*)")
_WANTED = "an NPU such as 3, NPUs such as 8-15, 'every 8', 'group NAME', all, or a list of these"
_KEYS = ("every", "from", "group")


class SelectorError(ValueError):
    """A machine has no such NPU or group; the text says what there is."""


@dataclass(frozen=True, slots=True)
class NpuRange:
    """NPUs from one to another, or each so many of them.

    Attributes:
        first: the lowest.
        last: the highest; None for the highest that there is.
        step: 1 for all of them.
    """

    first: NpuId
    last: NpuId | None
    step: int = 1

    def npus(self, npus: int) -> Iterable[NpuId]:
        """Those of a network with so many NPUs."""
        return range(self.first, npus if self.last is None else self.last + 1, self.step)

    def __str__(self) -> str:
        if self.last is None:
            start = f" from {self.first}" if self.first else ""
            return "all" if self.step == 1 and not start else f"every {self.step}{start}"
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"


@dataclass(frozen=True, slots=True)
class NpuGroup:
    """The members of a process group.

    Attributes:
        name: of the group, as in the file of process groups.
    """

    name: str

    def __str__(self) -> str:
        return f"group {self.name}"


@dataclass(frozen=True, slots=True)
class NpuSelector:
    """Which NPUs are meant.

    Attributes:
        parts: any of these.
    """

    parts: tuple[NpuRange | NpuGroup, ...]

    def npus(self, npus: int, groups: Mapping[str, Sequence[NpuId]]) -> tuple[NpuId, ...]:
        """The NPUs, ascending.

        Args:
            npus: so many there are.
            groups: members of process groups, by name.

        Raises:
            SelectorError: there is no such NPU, or no such group.
        """
        found: set[NpuId] = set()
        for part in self.parts:
            found.update(_members(part, npus, groups))
        return tuple(sorted(found))

    def in_order(self, npus: int) -> tuple[NpuId, ...]:
        """The NPUs as they are listed, of a network with so many.

        Raises:
            SelectorError: there is no such NPU, or it is listed twice.
        """
        found: dict[NpuId, None] = {}
        for part in self.parts:
            for npu in _members(part, npus, {}):
                if npu in found:
                    raise SelectorError(f"NPU {npu} is listed twice; list each once")
                found[npu] = None
        return tuple(found)

    @property
    def names_groups(self) -> bool:
        """Whether it names process groups."""
        return any(isinstance(it, NpuGroup) for it in self.parts)

    def __str__(self) -> str:
        return ", ".join(map(str, self.parts))


ALL = NpuSelector((NpuRange(0, None),))


def _members(
    part: NpuRange | NpuGroup, npus: int, groups: Mapping[str, Sequence[NpuId]]
) -> Iterable[NpuId]:
    if isinstance(part, NpuRange):
        highest = part.first if part.last is None else part.last
        if highest >= npus:
            raise SelectorError(
                f"NPU {highest} doesn't exist; the network has NPUs 0 to {npus - 1}"
            )
        return part.npus(npus)
    if part.name not in groups:
        known = f"there are {', '.join(map(show_key, groups))}" if groups else "there are none"
        hint = "" if groups else "; list its members in a file for --comm-groups"
        raise SelectorError(f"there is no process group {show(part.name)}; {known}{hint}")
    return groups[part.name]


def _of_keys(value: Mapping[object, object]) -> NpuRange | NpuGroup:
    check_keys(value, _KEYS)
    match value:
        case {"every": int() as step, **rest} if step > 0 and "group" not in rest:
            first = rest.get("from", 0)
            if type(first) is int and first >= 0:
                return NpuRange(first, None, step)
        case {"group": str() | int() as name, **rest} if not rest:
            return NpuGroup(str(name))
        case _:
            pass
    raise problem("must be {every: 8}, {every: 8, from: 3} or {group: NAME}")


def _of_text(text: str) -> NpuRange | NpuGroup | None:
    if text == "all":
        return NpuRange(0, None)
    if match := _RANGE.fullmatch(text):
        first, last = int(match[1]), int(match[2] or match[1])
        if first > last:
            raise problem(f"has {text!r}, which ends before it begins; write {last}-{first}")
        return NpuRange(first, last)
    if (match := _EVERY.fullmatch(text)) and int(match[1]):
        return NpuRange(int(match[2] or 0), None, int(match[1]))
    if match := _GROUP.fullmatch(text):
        return NpuGroup(match[1])
    return None


def _of_number(value: object) -> NpuRange | None:
    return NpuRange(value, value) if type(value) is int and value >= 0 else None


_SYNTAX: SelectorSyntax[NpuRange | NpuGroup] = SelectorSyntax(
    "NPU", _WANTED, _of_text, _of_keys, _of_number
)


def read_selector(value: object) -> NpuSelector:
    """Read what selects NPUs."""
    return value if isinstance(value, NpuSelector) else NpuSelector(_SYNTAX.read(value))


Npus: TypeAlias = Annotated[
    NpuSelector,
    BeforeValidator(read_selector),
    WithJsonSchema(
        {
            "type": ["integer", "string", "array", "object"],
            "minimum": 0,
            "minItems": 1,
            "properties": {
                "every": {
                    "description": "each so many NPUs one, such as 8",
                    "type": "integer",
                    "minimum": 1,
                },
                "from": {
                    "description": "with every: the first of them; 0 if it is left out",
                    "type": "integer",
                    "minimum": 0,
                },
                "group": {
                    "description": "the members of a process group, by its name",
                    "type": ["string", "integer"],
                },
            },
            "additionalProperties": False,
        }
    ),
]
"""Which NPUs."""
