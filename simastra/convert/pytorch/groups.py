"""Process groups: which there are, by the names that PyTorch gives them, and their numbers.

A rank's trace tells only of the groups that it is in, and ranks are converted one by one; yet a
group must have the same number on all of its members, and no other group may have it. So the number
depends on nothing that differs between them: see `group_number`. (See
docs/chakra.md 2.4, 2.10; behaviour 1.6.)
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256

from simastra.errors import TraceError
from simastra.units import NpuId

from .operators import Json, shown
from .read import LinkedTrace

_DEFAULT = "default_pg"
DEFAULT_NAMES = ("0", _DEFAULT, "default")
"""What versions of PyTorch call the group of all."""
_LARGEST_NUMBER = 2**31 - 1  # ASTRA-sim reads a group's number as an int
_FIRST_DERIVED = 2**30  # above all that PyTorch counts to
_COUNTED = re.compile(r"[1-9]\d{0,9}", re.ASCII)
_LARGEST_RANK = 2**31 - 1


class GroupNumbering(StrEnum):
    """What a process group's number is made of."""

    NAMES = "names"
    MEMBERS = "members"


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
        return self.by_name.get(name) or self._everybody(name)

    def of_members(self, ranks: Sequence[NpuId]) -> ProcessGroup | None:
        """The first group of these members, in this order; None if the trace tells of none."""
        wanted = tuple(ranks)
        return next((group for group in self.by_name.values() if group.ranks == wanted), None)

    def _everybody(self, name: str) -> ProcessGroup:
        world = next((group.size for group in self.by_name.values() if not group.number), 0)
        return ProcessGroup(name, (), 0, world)

    @property
    def are_several(self) -> bool:
        """Whether it matters which group a collective is of."""
        return len(self.by_name) > 1 and any(group.number for group in self.by_name.values())

    def as_file(self) -> dict[str, list[int]]:
        """The content of a communicator-group file: number to members, by ascending number."""
        numbered = [group for group in self.by_name.values() if group.number]
        numbered.sort(key=lambda group: group.number)
        return {str(group.number): list(group.ranks) for group in numbered}


def find_groups(
    trace: LinkedTrace, numbering: GroupNumbering = GroupNumbering.NAMES
) -> ProcessGroups:
    """Return the groups that the trace tells of, in order of appearance.

    A group without a list of members, or called the default group, is that of all NPUs.

    Raises:
        TraceError: a group's members are no ranks.
    """
    told: dict[str, _Told] = {}
    for entry in _entries(trace):
        one = _told(entry, trace.source)
        if one is not None:
            told.setdefault(one.name, one)
    for operator in trace.operators:  # a kernel may be of a group that no list has
        if operator.pg_name and operator.kernel.ranks:
            ranks = operator.kernel.ranks
            told.setdefault(operator.pg_name, _Told(operator.pg_name, "", ranks, len(ranks)))
    world = next((one.size for one in told.values() if one.is_default), 0) or trace.world_size
    earlier: Counter[tuple[NpuId, ...]] = Counter()
    groups: dict[str, ProcessGroup] = {}
    for one in told.values():
        number = 0
        if not one.is_of_all(world):
            number = group_number(one.name, one.ranks, earlier[one.ranks], numbering)
            earlier[one.ranks] += 1
        groups[one.name] = ProcessGroup(one.name, one.ranks, number, one.size)
    return ProcessGroups(groups)


def group_number(
    name: str,
    ranks: Sequence[NpuId],
    earlier: int = 0,
    numbering: GroupNumbering = GroupNumbering.NAMES,
) -> int:
    """Return a group's number, which all of its members come to alone.

    PyTorch's members of a group meet under its name, so they all have the same; where that is a
    number, it is the group's. Other names (hashes, which some versions of PyTorch make differently
    on each rank, or anything else) give way to a number made of the members.

    Args:
        name: PyTorch's.
        ranks: the members in order.
        earlier: how many groups of the same members were made before; in the same order on all.
        numbering: whether the name may count.

    >>> group_number("3", [0, 2]), group_number("mesh_tp", [0, 2])
    (3, 1467955222)
    """
    if (
        numbering is GroupNumbering.NAMES
        and _COUNTED.fullmatch(name)
        and int(name) < _FIRST_DERIVED
    ):
        return int(name)
    members = f"{earlier}:{','.join(map(str, ranks))}"
    digest = int.from_bytes(sha256(members.encode()).digest()[:8])
    return _FIRST_DERIVED + digest % (_LARGEST_NUMBER + 1 - _FIRST_DERIVED)


@dataclass(frozen=True, slots=True)
class _Told:
    """What an entry says of a group."""

    name: str
    description: str
    ranks: tuple[NpuId, ...]
    size: int

    @property
    def is_default(self) -> bool:
        return self.description == _DEFAULT or self.name in DEFAULT_NAMES

    def is_of_all(self, world: int) -> bool:
        if not self.ranks or self.description == _DEFAULT or len(self.ranks) == world:
            return True
        return self.is_default and not world


def _told(entry: Mapping[str, Json], source: str) -> _Told | None:
    name = entry.get("pg_name")
    if not isinstance(name, str | int) or isinstance(name, bool):
        return None
    description = entry.get("pg_desc")
    ranks = _ranks(entry.get("ranks"), name, source)
    sizes = (entry.get("group_size"), entry.get("pg_size"))
    size = next((size for size in sizes if type(size) is int and size > 0), len(ranks))
    return _Told(str(name), description if isinstance(description, str) else "", ranks, size)


def _ranks(listed: Json, name: str | int, source: str) -> tuple[NpuId, ...]:
    if listed is None:
        return ()
    # PyTorch 2.1 gives each rank its position in the group.
    ranks = list(map(_number, listed)) if isinstance(listed, dict) else listed
    if isinstance(ranks, list) and all(
        type(rank) is int and 0 <= rank <= _LARGEST_RANK for rank in ranks
    ):
        members = tuple(rank for rank in ranks if isinstance(rank, int))
        if len(set(members)) == len(members):
            return members
    raise TraceError(
        f"the ranks of process group {shown(name)} are {shown(listed)}; a list of whole numbers "
        "from 0, each once, is wanted",
        source=source,
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < len("9" * 11) else None


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
