"""Process groups: which there are, by the names that PyTorch gives them.

(Specification: chakra-toolchain.md 2.4, 5; behaviour 1.7.)
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from simastra.units import NpuId

from .operators import Json
from .read import LinkedTrace

_DEFAULT = "default_pg"


@dataclass(frozen=True, slots=True)
class ProcessGroup:
    """A process group.

    Attributes:
        name: PyTorch's.
        ranks: its members in order; empty for all there are.
        number: what an ET and a communicator-group file call it, from 1; 0 for the group of all.
        size: how many members it has; 0 if that isn't known.
    """

    name: str
    ranks: tuple[NpuId, ...]
    number: int
    size: int = 0

    def rank(self, position: int) -> NpuId:
        """The NPU at a position in the group."""
        return self.ranks[position] if position < len(self.ranks) else position


@dataclass(frozen=True, slots=True)
class ProcessGroups:
    """All process groups of a trace.

    Attributes:
        by_name: each by PyTorch's name.
    """

    by_name: dict[str, ProcessGroup] = field(default_factory=dict)

    def find(self, name: str) -> ProcessGroup:
        """The group of this name, or of no name if it is the only one; else that of all NPUs."""
        if not name and len(self.by_name) == 1:
            return next(iter(self.by_name.values()))
        return self.by_name.get(name) or ProcessGroup(name, (), 0)

    def as_file(self) -> dict[str, list[int]]:
        """The content of a communicator-group file: number to members."""
        return {
            str(group.number): list(group.ranks) for group in self.by_name.values() if group.number
        }


def find_groups(trace: LinkedTrace) -> ProcessGroups:
    """Return the groups that the trace tells of, numbered in order of appearance.

    A group without a list of members, or called the default group, is that of all NPUs.
    """
    groups: dict[str, ProcessGroup] = {}
    for entry in _entries(trace):
        name, ranks = entry.get("pg_name"), entry.get("ranks")
        if not isinstance(name, str | int) or str(name) in groups:
            continue
        listed = ranks if isinstance(ranks, list) else []
        members = tuple(rank for rank in listed if isinstance(rank, int) and rank >= 0)
        everybody = not members or entry.get("pg_desc") == _DEFAULT
        number = 0 if everybody else 1 + sum(1 for group in groups.values() if group.number)
        sizes = (entry.get("group_size"), entry.get("pg_size"), len(members))
        size = next((size for size in sizes if isinstance(size, int)), 0)
        groups[str(name)] = ProcessGroup(str(name), members, number, size)
    return ProcessGroups(groups)


def _entries(trace: LinkedTrace) -> Iterator[dict[str, Json]]:
    lists: list[Json] = list(trace.groups)
    for operator in trace.operators:
        if operator.tells_groups:
            lists += [_parsed(value) for value in operator.inputs.values]
    for entries in lists:
        for entry in entries if isinstance(entries, list) else []:
            if isinstance(entry, dict):
                yield entry


def _parsed(value: Json) -> Json:
    if not isinstance(value, str):
        return value
    try:
        parsed: Json = json.loads(value)
    except (ValueError, RecursionError):
        return None
    return parsed
